import { crc32, deflateSync } from "node:zlib";
import { channels } from "../../looks/theme.ts";

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const INDEXED = 3;

/**
 * A PNG of one pixel for each byte, row by row, `columns` wide; what is left of the last row is
 * clear.
 *
 * @param colours `#rrggbb` by byte
 */
export function cellsPng(
  bytes: Uint8Array,
  columns: number,
  colours: readonly string[],
): Uint8Array<ArrayBuffer> {
  const used = [...new Set(bytes)];
  const clear = used.length;
  const slot = new Uint8Array(256);
  used.forEach((byte, at) => slot[byte] = at);
  const rows = Math.ceil(bytes.length / columns);
  const pixels = new Uint8Array(rows * (columns + 1)).fill(clear);
  for (let row = 0; row < rows; row++) {
    const at = row * (columns + 1);
    pixels[at] = 0;
    const line = bytes.subarray(row * columns, (row + 1) * columns);
    for (let i = 0; i < line.length; i++) pixels[at + 1 + i] = slot[line[i]];
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, columns);
  view.setUint32(4, rows);
  header.set([8, INDEXED, 0, 0, 0], 8);
  const palette = [...used.flatMap((byte) => channels(colours[byte])), 0, 0, 0];
  const opacity = [...used.map(() => 255), 0];
  return joined([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Uint8Array.from(palette)),
    chunk("tRNS", Uint8Array.from(opacity)),
    chunk("IDAT", deflateSync(pixels, { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const body = joined([new TextEncoder().encode(name), data]);
  const ends = new DataView(new ArrayBuffer(8));
  ends.setUint32(0, data.length);
  ends.setUint32(4, crc32(body));
  const bytes = new Uint8Array(ends.buffer);
  return joined([bytes.subarray(0, 4), body, bytes.subarray(4)]);
}

function joined(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
