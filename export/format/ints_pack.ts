/** Packs a list of integers. */
import { Bytes } from "./bytes.ts";
import type { IntsHeader } from "./header.ts";
import { BLOCK } from "./pace.ts";
import type { PackContext } from "./pack_context.ts";

/** Values that are tried out to find what packs best: windows of this many, this many of them. */
const WINDOW = 1024;
/** From here on 32 bits do not do. */
const NARROW = 2 ** 31;
const WINDOWS = 6;

/** Integers, each less than 2^52 from zero. */
export type Numbers = Int32Array | Float64Array;

interface Layout {
  e: "varint" | "planes";
  delta: boolean;
  /** What divides all. */
  by: number;
}

/** Packs integers in the layout that deflates best. */
export async function packInts(
  values: Numbers,
  name: string,
  context: PackContext,
): Promise<IntsHeader> {
  const { same, by } = await survey(values, context);
  if (same) return { e: "same", v: values.length > 0 ? values[0] : 0 };
  const { layout } = await best(sampleOf(values), by, context);
  return await writeAll(values, layout, name, context);
}

/** How many bytes some integers would deflate to, about. */
export async function trial(values: Numbers, context: PackContext): Promise<number> {
  const { same, by } = await survey(values, context);
  return same ? 0 : (await best(values, by, context)).size;
}

async function best(sample: Numbers, by: number, context: PackContext) {
  let found: { layout: Layout; size: number } | null = null;
  for (const delta of [false, true]) {
    for (const e of ["planes", "varint"] as const) {
      const layout = { e, delta, by };
      const codes = codesOf(sample, layout, 0, sample.length);
      const { most } = zigzag(codes, isSigned(codes));
      const out = new Bytes();
      write(codes, layout, widthOf(most), out);
      const size = context.measure(out.done());
      if (!found || size < found.size) found = { layout, size };
      await context.pace.turn();
    }
  }
  return found!;
}

async function writeAll(
  values: Numbers,
  layout: Layout,
  name: string,
  { pace, sink }: PackContext,
): Promise<IntsHeader> {
  let signed = false;
  let wide = false;
  let most = 0;
  await pace.blocks(values.length, (from, to) => {
    const codes = codesOf(values, layout, from, to);
    for (const code of codes) {
      if (code < 0) signed = true;
      const size = code < 0 ? -2 * code - 1 : 2 * code;
      if (size > most) most = size;
    }
    for (let i = from; i < to; i++) if (Math.abs(values[i]) >= NARROW) wide = true;
  });
  if (most >= NARROW) wide = true;
  const w = widthOf(signed ? most : most / 2);
  const out = new Bytes();
  await pace.blocks(values.length, (from, to) => {
    const codes = codesOf(values, layout, from, to);
    zigzag(codes, signed);
    write(codes, layout, w, out);
  });
  return {
    e: layout.e,
    ...layout.delta ? { delta: 1 } : {},
    ...layout.by !== 1 ? { by: layout.by } : {},
    ...signed ? { z: 1 } : {},
    ...wide ? { wide: 1 } : {},
    ...layout.e === "planes" ? { w } : {},
    at: await sink.put(out.done(), name),
  };
}

/** Whether all are the same, and what divides all. */
async function survey(
  values: Numbers,
  { pace }: PackContext,
): Promise<{ same: boolean; by: number }> {
  const first = values[0];
  let same = true;
  let by = 0;
  await pace.blocks(values.length, (from, to) => {
    for (let i = from; i < to; i++) {
      if (values[i] !== first) same = false;
      if (by !== 1) by = divisorOf(values[i], by);
    }
  });
  return { same, by: by || 1 };
}

function divisorOf(value: number, known: number): number {
  let a = Math.abs(value);
  let b = known;
  if (b !== 0 && a % b === 0) return b;
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

function sampleOf(values: Numbers): Numbers {
  if (values.length <= WINDOW * WINDOWS) return values;
  const sample = values.slice(0, WINDOW * WINDOWS);
  for (let i = 0; i < WINDOWS; i++) {
    const from = Math.floor(i * (values.length - WINDOW) / (WINDOWS - 1));
    sample.set(values.subarray(from, from + WINDOW), i * WINDOW);
  }
  return sample;
}

/** Room for the codes of a block, which the next caller gets again. */
const scratch = new Float64Array(BLOCK);

function codesOf(values: Numbers, { delta, by }: Layout, from: number, to: number): Float64Array {
  const codes = scratch.subarray(0, to - from);
  let before = delta && from > 0 ? values[from - 1] / by : 0;
  for (let i = from; i < to; i++) {
    const value = values[i] / by;
    codes[i - from] = value - before;
    if (delta) before = value;
  }
  return codes;
}

function isSigned(codes: Float64Array): boolean {
  return codes.some((code) => code < 0);
}

function zigzag(codes: Float64Array, signed: boolean): { most: number } {
  let most = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (signed) codes[i] = code < 0 ? -2 * code - 1 : 2 * code;
    if (codes[i] > most) most = codes[i];
  }
  return { most };
}

function widthOf(most: number): number {
  let width = 1;
  for (let limit = 256; limit <= most; limit *= 256) width++;
  return width;
}

/** Appends the codes of a block. */
function write(codes: Float64Array, { e }: Layout, width: number, out: Bytes): void {
  if (e === "varint") out.varints(codes);
  else fillPlanes(codes, out.room(codes.length * width));
}

/** Writes as many planes of the codes as there is room for. */
function fillPlanes(codes: Float64Array, bytes: Uint8Array): void {
  const { length } = codes;
  for (let i = 0; i < length; i++) {
    let rest = codes[i];
    if (rest < 4294967296) {
      let low = rest >>> 0;
      for (let at = i; at < bytes.length; at += length) {
        bytes[at] = low & 255;
        low >>>= 8;
      }
      continue;
    }
    for (let at = i; at < bytes.length; at += length) {
      const next = Math.floor(rest / 256);
      bytes[at] = rest - next * 256;
      rest = next;
    }
  }
}
