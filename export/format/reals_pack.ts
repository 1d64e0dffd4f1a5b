/** Packs lists of floats. */
import { Bytes } from "./bytes.ts";
import { lastPlace } from "./last_place.ts";
import type { RealsHeader } from "./header.ts";
import { packInts } from "./ints_pack.ts";
import { LARGEST_INT } from "./limits.ts";
import { BLOCK, type Pace } from "./pace.ts";
import type { PackContext } from "./pack_context.ts";

const MOST_DIGITS = 9;

/** Packs floats: as integers where all have few decimals, else all their bits. */
export async function packReals(
  values: Float64Array,
  name: string,
  context: PackContext,
): Promise<RealsHeader> {
  const { pace, sink } = context;
  for (let digits = 0; digits <= MOST_DIGITS; digits++) {
    const scaled = await scaledBy(values, 10 ** digits, pace);
    if (scaled) return { e: "scaled", digits, ints: await packInts(scaled, name, context) };
  }
  const near = await nearBy(values, 2, pace);
  if (near) {
    return {
      e: "near",
      digits: 2,
      ints: await packInts(near.scaled, name, context),
      ulps: await packInts(near.ulps, `${name}.ulps`, context),
    };
  }
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const out = new Bytes();
  await pace.blocks(values.length, (from, to) => {
    const bytes = new Uint8Array((to - from) * 8);
    for (let i = from, at = 0; i < to; i++, at++) {
      for (let plane = 0; plane < 8; plane++) bytes[plane * (to - from) + at] = raw[i * 8 + plane];
    }
    out.append(bytes);
  });
  return { e: "bits", at: await sink.put(out.done(), name) };
}

/** The integers that these nearly are when multiplied, and by how many last places they differ. */
async function nearBy(
  values: Float64Array,
  digits: number,
  pace: Pace,
): Promise<{ scaled: Float64Array; ulps: Int32Array } | null> {
  const scaled = new Float64Array(values.length);
  const ulps = new Int32Array(values.length);
  const scale = 10 ** digits;
  for (let from = 0; from < values.length; from += BLOCK) {
    const to = Math.min(values.length, from + BLOCK);
    for (let i = from; i < to; i++) {
      const value = values[i];
      const whole = Math.round(value * scale) + 0;
      if (!(Math.abs(whole) < LARGEST_INT)) return null;
      const approximate = whole / scale;
      const places = (value - approximate) / lastPlace(approximate);
      if (!(Math.abs(places) < 30_000)) return null;
      scaled[i] = whole;
      ulps[i] = Math.round(places);
      if (!Object.is(approximate + ulps[i] * lastPlace(approximate), value)) return null;
    }
    await pace.turn();
  }
  return { scaled, ulps };
}

/** The integers that these are when divided by `scale`; null when some are none. */
async function scaledBy(
  values: Float64Array,
  scale: number,
  pace: Pace,
): Promise<Float64Array | null> {
  const scaled = new Float64Array(values.length);
  for (let from = 0; from < values.length; from += BLOCK) {
    const to = Math.min(values.length, from + BLOCK);
    for (let i = from; i < to; i++) {
      const whole = Math.round(values[i] * scale);
      // An integer cannot be negative zero.
      if (!(Math.abs(whole) < LARGEST_INT) || !Object.is((whole + 0) / scale, values[i])) {
        return null;
      }
      scaled[i] = whole + 0;
    }
    await pace.turn();
  }
  return scaled;
}
