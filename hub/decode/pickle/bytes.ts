/** Reading the arguments of opcodes. */
import { malformed } from "./errors.ts";
import { floatLine, intLine, longLine } from "./numbers.ts";
import { quotedText, rawUnicodeEscape } from "./escapes.ts";

/** The place `length` bytes after `at`, which must not be beyond the input. */
export function reach(bytes: Uint8Array, at: number, length: number): number {
  const to = at + length;
  // The length itself may be missing, which makes this NaN.
  if (!(to <= bytes.length)) throw malformed("it is cut short");
  return to;
}

/** An unsigned number of 1, 4 or 8 bytes. */
export function unsigned(bytes: Uint8Array, at: number, size: number): number {
  reach(bytes, at, size);
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[at + i];
  return value;
}

/** A signed number of 4 bytes, which are there. */
export function signed32(bytes: Uint8Array, at: number): number {
  return bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
}

const float = new DataView(new ArrayBuffer(8));

/** A float of 8 bytes, which are there. */
export function bigEndianFloat(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 8; i++) float.setUint8(i, bytes[at + i]);
  return float.getFloat64(0);
}

/** Where the line that begins at `at` ends. */
export function lineEnd(bytes: Uint8Array, at: number): number {
  const to = bytes.indexOf(0x0a, at);
  if (to < 0) throw malformed("it is cut short");
  return to;
}

/** The value that an opcode of protocol 0 has as a line of text. */
export function lineValue(opcode: number, bytes: Uint8Array, at: number, to: number) {
  switch (opcode) {
    case 0x46: // FLOAT
      return floatLine(bytes, at, to);
    case 0x49: // INT
      return intLine(bytes, at, to);
    case 0x4c: // LONG
      return longLine(bytes, at, to);
    case 0x53: // STRING
      return quotedText(bytes, at, to);
    default: // UNICODE
      return rawUnicodeEscape(bytes, at, to);
  }
}
