/** Opens a packed list of integers. */
import type { IntsHeader } from "./header.ts";
import { BLOCK } from "./pace.ts";
import { Room } from "./room.ts";

/** A list of integers. */
export type OpenedInts = Int32Array | Float64Array;

/**
 * The integers of a list.
 *
 * @param bytes those of the header's place; none for a list of one value
 * @throws {Error} when they are fewer than the list has
 */
export function openInts(
  header: IntsHeader,
  bytes: Uint8Array,
  count: number,
  room: Room = new Room(),
): OpenedInts {
  if (header.e === "same") {
    room.take(count * (isNarrow(header.v) ? 4 : 8));
    const out = isNarrow(header.v) ? new Int32Array(count) : new Float64Array(count);
    return out.fill(header.v);
  }
  const width = header.w ?? 1;
  const by = header.by ?? 1;
  // Every value has its bytes: no memory is taken for those that cannot be there.
  if (bytes.length < count * (header.e === "planes" ? width : 1)) throw tooShort();
  room.take(count * (header.wide ? 8 : 4));
  const codes = !header.wide ? new Int32Array(count) : new Float64Array(count);
  if (header.e === "varint") fromVarints(bytes, codes);
  else fromPlanes(bytes, codes, width);
  if (header.z) {
    if (!header.wide) {
      for (let i = 0; i < count; i++) codes[i] = (codes[i] >>> 1) ^ -(codes[i] & 1);
    } else {
      for (let i = 0; i < count; i++) {
        const code = codes[i];
        codes[i] = code % 2 === 0 ? code / 2 : -(code + 1) / 2;
      }
    }
  }
  if (header.delta) {
    let value = 0;
    for (let i = 0; i < count; i++) codes[i] = value += codes[i];
  }
  if (by !== 1) { for (let i = 0; i < count; i++) codes[i] *= by; }
  return codes;
}

function fromVarints(bytes: Uint8Array, out: OpenedInts): void {
  let at = 0;
  for (let i = 0; i < out.length; i++) {
    let byte = bytes[at++];
    let value = byte & 127;
    for (let scale = 128; byte >= 128; scale *= 128) {
      byte = bytes[at++];
      value += (byte & 127) * scale;
    }
    out[i] = value;
  }
  if (at > bytes.length) throw tooShort();
}

function fromPlanes(bytes: Uint8Array, out: OpenedInts, width: number): void {
  const narrow = out instanceof Int32Array;
  for (let from = 0, at = 0; from < out.length; from += BLOCK) {
    const to = Math.min(out.length, from + BLOCK);
    for (let plane = 0, scale = 1; plane < width; plane++, scale *= 256) {
      if (narrow) { for (let i = from; i < to; i++) out[i] |= bytes[at++] << (8 * plane); }
      else for (let i = from; i < to; i++) out[i] += bytes[at++] * scale;
    }
  }
}

function isNarrow(value: number): boolean {
  return Math.abs(value) < 2 ** 31;
}

function tooShort(): Error {
  return new Error("a list of integers is shorter than the header says");
}
