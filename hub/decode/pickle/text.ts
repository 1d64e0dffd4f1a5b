/** Text out of bytes. */
import { malformed } from "./errors.ts";

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

function decodeUtf8(bytes: Uint8Array): string {
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
  let text = "";
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 4096)));
  }
  return text;
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

/** The text of protocol 0's UNICODE: latin-1 with `\uXXXX` and `\UXXXXXXXX`. */
export function rawUnicodeEscape(bytes: Uint8Array, start: number, end: number): string {
  const raw = latin1(bytes, start, end);
  if (!raw.includes("\\")) return raw;
  const pattern = /\\\\|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\[uU]/g;
  return raw.replace(pattern, (all: string, short?: string, long?: string) => {
    if (all === "\\\\") return all;
    const code = parseInt(short ?? long ?? "", 16);
    if (!(code <= 0x10ffff)) throw malformed("damaged escape in text");
    return String.fromCodePoint(code);
  }).toWellFormed();
}

const ESCAPES: Record<string, number> = {
  n: 10,
  r: 13,
  t: 9,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  "\\": 92,
  "'": 39,
  '"': 34,
};

/** The text of protocol 0's STRING: quotes around it, and the escapes of Python's literals. */
export function quotedText(bytes: Uint8Array, start: number, end: number): string {
  const raw = latin1(bytes, start, end).trim();
  const quote = raw[0];
  if (raw.length < 2 || (quote !== "'" && quote !== '"') || raw[raw.length - 1] !== quote) {
    throw malformed("a text without quotes");
  }
  const pattern = /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]?))/g;
  const plain = raw.slice(1, -1).replace(
    pattern,
    (all: string, hex?: string, octal?: string, letter?: string) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
      if (letter === undefined || letter === "" || letter === "x") {
        throw malformed("damaged escape in text");
      }
      return letter in ESCAPES ? String.fromCharCode(ESCAPES[letter]) : all;
    },
  );
  return decodeUtf8(latin1Bytes(plain));
}
