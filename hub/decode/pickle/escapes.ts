/**
 * The two texts of protocol 0, in which characters may be written as escapes. Both are read in one
 * pass from bytes to bytes: a text costs no more than a few times its length, whatever is in it.
 */
import { Buffer } from "node:buffer";
import { malformed } from "./errors.ts";
import { LONGEST_ESCAPED_BYTES } from "./limits.ts";
import { decodeUtf8, latin1 } from "./text.ts";

const BACKSLASH = 0x5c;

function checkLength(bytes: number): void {
  if (bytes <= LONGEST_ESCAPED_BYTES) return;
  throw malformed(`a text of ${bytes} bytes; ${LONGEST_ESCAPED_BYTES} are the limit`);
}

/** The value of a hexadecimal digit; -1 for anything else. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** The number in so many hexadecimal digits; -1 when there are fewer before `end`. */
function hexNumber(bytes: Uint8Array, at: number, digits: number, end: number): number {
  if (at + digits > end) return -1;
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = hexDigit(bytes[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/**
 * The text of protocol 0's UNICODE: latin-1 with `\uXXXX` and `\UXXXXXXXX`. Half characters become
 * U+FFFD.
 *
 * @throws {MalformedMessage} when an escape is damaged, or the text is too long.
 */
export function rawUnicodeEscape(bytes: Uint8Array, start: number, end: number): string {
  checkLength(end - start);
  const first = bytes.subarray(start, end).indexOf(BACKSLASH);
  if (first < 0) return latin1(bytes, start, end);
  // Each byte or escape becomes at most as many units of UTF-16 as it has bytes.
  const units = new Uint16Array(end - start);
  let length = 0;
  for (let at = start; at < end;) {
    const byte = bytes[at];
    if (byte !== BACKSLASH) {
      units[length++] = byte;
      at++;
      continue;
    }
    const letter = at + 1 < end ? bytes[at + 1] : 0;
    if (letter !== 0x75 && letter !== 0x55) {
      // A backslash that stands for itself, and takes a second one with it.
      units[length++] = BACKSLASH;
      at++;
      if (letter === BACKSLASH) {
        units[length++] = BACKSLASH;
        at++;
      }
      continue;
    }
    const digits = letter === 0x75 ? 4 : 8;
    const code = hexNumber(bytes, at + 2, digits, end);
    if (code < 0 || code > 0x10ffff) throw malformed("damaged escape in text");
    if (code > 0xffff) {
      units[length++] = 0xd800 + (code - 0x10000 >> 10);
      units[length++] = 0xdc00 + (code - 0x10000 & 0x3ff);
    } else {
      units[length++] = code;
    }
    at += 2 + digits;
  }
  return Buffer.from(units.buffer, 0, 2 * length).toString("utf16le").toWellFormed();
}

/** What one letter behind a backslash stands for; 0 where it stands for itself. */
const ESCAPES = new Uint8Array(256);
for (const [letter, byte] of Object.entries({ n: 10, r: 13, t: 9, a: 7, b: 8, f: 12, v: 11 })) {
  ESCAPES[letter.charCodeAt(0)] = byte;
}
for (const itself of "\\'\"") ESCAPES[itself.charCodeAt(0)] = itself.charCodeAt(0);

/** Whether `trim` of a latin-1 text takes the byte away. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || byte >= 0x09 && byte <= 0x0d || byte === 0xa0;
}

/**
 * The text of protocol 0's STRING: quotes around it, and the escapes of Python's literals.
 *
 * @throws {MalformedMessage} when quotes are missing, an escape is damaged, it is not UTF-8, or too
 *   long.
 */
export function quotedText(bytes: Uint8Array, start: number, end: number): string {
  checkLength(end - start);
  let from = start;
  let to = end;
  while (from < to && isSpace(bytes[from])) from++;
  while (to > from && isSpace(bytes[to - 1])) to--;
  const quote = bytes[from];
  if (to - from < 2 || quote !== 0x27 && quote !== 0x22 || bytes[to - 1] !== quote) {
    throw malformed("a text without quotes");
  }
  from++;
  to--;
  if (bytes.subarray(from, to).indexOf(BACKSLASH) < 0) return decodeUtf8(bytes.subarray(from, to));
  const plain = new Uint8Array(to - from);
  let length = 0;
  while (from < to) {
    const byte = bytes[from++];
    if (byte !== BACKSLASH) {
      plain[length++] = byte;
      continue;
    }
    if (from === to) throw malformed("damaged escape in text");
    const letter = bytes[from++];
    if (letter === 0x78) {
      const code = hexNumber(bytes, from, 2, to);
      if (code < 0) throw malformed("damaged escape in text");
      plain[length++] = code;
      from += 2;
    } else if (letter >= 0x30 && letter <= 0x37) {
      let code = letter - 0x30;
      for (let more = 0; more < 2 && from < to; more++, from++) {
        const digit = bytes[from] - 0x30;
        if (!(digit >= 0 && digit <= 7)) break;
        code = code * 8 + digit;
      }
      plain[length++] = code & 0xff;
    } else {
      const stands = ESCAPES[letter];
      if (stands === 0) plain[length++] = BACKSLASH;
      plain[length++] = stands === 0 ? letter : stands;
    }
  }
  return decodeUtf8(plain.subarray(0, length));
}
