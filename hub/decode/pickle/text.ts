/** Text out of bytes. */
import { Buffer } from "node:buffer";
import { malformed } from "./errors.ts";

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/**
 * UTF-8 text of any length; half characters of Python are replaced by U+FFFD.
 *
 * @throws {MalformedMessage} when it is not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return decodeSurrogates(bytes);
  }
}

/** For text of Python that has surrogates standing alone: these are replaced by U+FFFD. */
function decodeSurrogates(bytes: Uint8Array): string {
  const replaced = new Uint8Array(bytes);
  for (let i = 0; i + 2 < replaced.length; i++) {
    if (replaced[i] !== 0xed || replaced[i + 1] < 0xa0) continue;
    if ((replaced[i + 1] & 0xc0) !== 0x80 || (replaced[i + 2] & 0xc0) !== 0x80) continue;
    replaced[i] = 0xef;
    replaced[i + 1] = 0xbf;
    replaced[i + 2] = 0xbd;
  }
  try {
    return UTF8.decode(replaced);
  } catch {
    throw malformed("a text is not UTF-8");
  }
}

/** Slots of the cache, a power of two, and the longest text that it keeps. */
const SLOTS = 4096;
const LONGEST = 48;

const texts: string[] = new Array(SLOTS).fill("");
const lengths = new Uint8Array(SLOTS);
const kept = new Uint8Array(SLOTS * LONGEST);

/**
 * UTF-8 text. The keys of messages repeat for ever, so short texts are looked up by their bytes in
 * a table of fixed size. Python's surrogates that stand alone are replaced by U+FFFD.
 *
 * @throws {MalformedMessage} when it is not UTF-8.
 */
export function utf8(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST) return decodeUtf8(bytes.subarray(start, end));
  if (length === 0) return "";
  let hash = length + bytes[start] * 31 + bytes[start + (length >> 1)] * 1021;
  hash += bytes[start + (length >> 2)] * 131 + bytes[start + (length * 3 >> 2)] * 523;
  hash += bytes[end - 1] * 2053;
  if (length > 4) hash += bytes[end - 2] * 263 + bytes[end - 3] * 67 + bytes[end - 4] * 17;
  const slot = hash & (SLOTS - 1);
  const base = slot * LONGEST;
  if (lengths[slot] === length) {
    let i = 0;
    while (i < length && kept[base + i] === bytes[start + i]) i++;
    if (i === length) return texts[slot];
  }
  const text = decodeUtf8(bytes.subarray(start, end));
  for (let i = 0; i < length; i++) kept[base + i] = bytes[start + i];
  lengths[slot] = length;
  texts[slot] = text;
  return text;
}

/** Text of which every byte is one character. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start))
    .toString("latin1");
}

/**
 * The bytes of a text of which every character is one byte.
 *
 * @throws {MalformedMessage} when a character is not.
 */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) throw malformed("text for bytes has a character beyond latin-1");
    bytes[i] = code;
  }
  return bytes;
}
