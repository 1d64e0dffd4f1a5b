/**
 * Bytes as text in which no markup can begin: five characters for four bytes, where base64 takes
 * five and a third. The digits are the characters from `#` to `w`, with `x` in place of `<`.
 */

const FIRST = 35;
const LESS_THAN = 60;
const INSTEAD = 120;
const BASE = 85;

/** The text that stands for some bytes; of an unfinished group of n bytes come n + 1 digits. */
export function toBase85(bytes: Uint8Array): string {
  const pieces: string[] = [];
  const digits = new Uint8Array(5);
  for (let at = 0; at < bytes.length; at += 4) {
    let value = 0;
    for (let i = 0; i < 4; i++) value = value * 256 + (bytes[at + i] ?? 0);
    for (let i = 4; i >= 0; i--) {
      const digit = FIRST + value % BASE;
      digits[i] = digit === LESS_THAN ? INSTEAD : digit;
      value = Math.floor(value / BASE);
    }
    pieces.push(String.fromCharCode(...digits.subarray(0, Math.min(4, bytes.length - at) + 1)));
  }
  return pieces.join("");
}

/** The bytes that a text of {@link toBase85} stands for. */
export function fromBase85(text: string): Uint8Array<ArrayBuffer> {
  const groups = Math.ceil(text.length / 5);
  const bytes = new Uint8Array(groups * 4);
  for (let group = 0; group < groups; group++) {
    let value = 0;
    for (let i = group * 5; i < group * 5 + 5; i++) {
      const code = i < text.length ? text.charCodeAt(i) : FIRST + BASE - 1;
      value = value * BASE + (code === INSTEAD ? LESS_THAN : code) - FIRST;
    }
    for (let i = 3; i >= 0; i--) {
      bytes[group * 4 + i] = value % 256;
      value = Math.floor(value / 256);
    }
  }
  return bytes.subarray(0, groups * 4 - (groups * 5 - text.length));
}
