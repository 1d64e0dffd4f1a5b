/** Numbers out of pickles: exact integers of any size that is sensible, and floats as text. */
import { malformed, printable } from "./errors.ts";
import { latin1 } from "./text.ts";

/** Python itself turns no longer texts into integers. */
const DECIMAL_DIGITS = 4300;

/** The integer as a number where a number holds it exactly, as a bigint beyond. */
function narrow(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** An integer of `length` bytes, two's complement, the least significant first. */
export function binaryInteger(bytes: Uint8Array, at: number, length: number): number | bigint {
  if (length === 0) return 0;
  const negative = (bytes[at + length - 1] & 0x80) !== 0;
  if (length <= 6) {
    let value = 0;
    for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes[at + i];
    return negative ? value - 2 ** (8 * length) : value;
  }
  const value = BigInt(`0x${bytes.slice(at, at + length).reverse().toHex()}`);
  return narrow(negative ? BigInt.asIntN(8 * length, value) : value);
}

/**
 * A decimal integer.
 *
 * @throws {MalformedMessage} when it is something else or too long.
 */
export function decimalInteger(text: string): number | bigint {
  if (text.length > DECIMAL_DIGITS) throw malformed("an integer has too many digits");
  if (!/^[+-]?[0-9]+$/.test(text)) throw malformed(`not an integer: ${printable(text)}`);
  if (text.length <= 15) return Number(text) + 0;
  return narrow(BigInt(text[0] === "+" ? text.slice(1) : text));
}

/** Protocol 0's INT: decimal, or `00` and `01` for booleans. */
export function intLine(bytes: Uint8Array, start: number, end: number): number | bigint | boolean {
  const text = latin1(bytes, start, Math.min(end, start + DECIMAL_DIGITS + 1)).trim();
  if (text === "00") return false;
  if (text === "01") return true;
  return decimalInteger(text);
}

/** Protocol 0's LONG: decimal, with an L behind. */
export function longLine(bytes: Uint8Array, start: number, end: number): number | bigint {
  const text = latin1(bytes, start, Math.min(end, start + DECIMAL_DIGITS + 2)).trim();
  return decimalInteger(text.endsWith("L") ? text.slice(0, -1) : text);
}

/** Protocol 0's FLOAT: as Python's `repr` writes it. */
export function floatLine(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 400) throw malformed("a float has too many digits");
  const text = latin1(bytes, start, end).trim();
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) return Number(text);
  if (text === "nan" || text === "-nan" || text === "+nan") return NaN;
  if (text === "inf" || text === "+inf") return Infinity;
  if (text === "-inf") return -Infinity;
  throw malformed(`not a float: ${printable(text)}`);
}
