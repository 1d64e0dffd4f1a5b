/** Opens a packed list of integers. */
import type { IntsHeader } from "./header.ts";
import { BLOCK } from "./pace.ts";

/** A list of integers. */
export type OpenedInts = Int32Array | Float64Array;

/**
 * The integers of a list.
 *
 * @param bytes those of the header's place; none for a list of one value
 */
export function openInts(header: IntsHeader, bytes: Uint8Array, count: number): OpenedInts {
  if (header.e === "same") {
    const out = Math.abs(header.v) < 2 ** 31 ? new Int32Array(count) : new Float64Array(count);
    return out.fill(header.v);
  }
  const width = header.w ?? 1;
  const by = header.by ?? 1;
  const isNarrow = !header.wide;
  const codes = isNarrow ? new Int32Array(count) : new Float64Array(count);
  if (header.e === "varint") fromVarints(bytes, codes);
  else fromPlanes(bytes, codes, width);
  if (header.z) {
    if (isNarrow) {
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
}

function fromPlanes(bytes: Uint8Array, out: OpenedInts, width: number): void {
  const isNarrow = out instanceof Int32Array;
  for (let from = 0, at = 0; from < out.length; from += BLOCK) {
    const to = Math.min(out.length, from + BLOCK);
    for (let plane = 0, scale = 1; plane < width; plane++, scale *= 256) {
      if (isNarrow) { for (let i = from; i < to; i++) out[i] |= bytes[at++] << (8 * plane); }
      else for (let i = from; i < to; i++) out[i] += bytes[at++] * scale;
    }
  }
}
