/**
 * Bytes as text in which no markup can begin: some 9.8 characters for eight bytes, where base64
 * takes 10.7. The digits are the characters from `!` to `~` without `<`. Two of them, the lower one
 * first, hold 13 bits of the bytes, low bits first, or 14 where what these make is within 93².
 */

const FIRST = 33;
const LESS_THAN = 60;
const BASE = 93;
/** Of 13 bits that are at most this, with the bit that follows, two digits can tell. */
const ROOM = BASE ** 2 - 2 ** 13 - 1;
const LOW_13 = 2 ** 13 - 1;
const LOW_14 = 2 ** 14 - 1;

/** The text that stands for some bytes. */
export function toBase93(bytes: Uint8Array): string {
  const digits = new Uint8Array(Math.ceil(bytes.length * 8 / 13) * 2);
  let at = 0;
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits |= byte << count;
    count += 8;
    if (count <= 13) continue;
    const short = (bits & LOW_13) > ROOM;
    const value = bits & (short ? LOW_13 : LOW_14);
    bits >>>= short ? 13 : 14;
    count -= short ? 13 : 14;
    digits[at++] = digitOf(value % BASE);
    digits[at++] = digitOf(Math.floor(value / BASE));
  }
  if (count > 0) {
    digits[at++] = digitOf(bits % BASE);
    if (count > 6) digits[at++] = digitOf(Math.floor(bits / BASE));
  }
  return new TextDecoder().decode(digits.subarray(0, at));
}

/** The bytes that a text of {@link toBase93} stands for. */
export function fromBase93(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(text.length * 7 / 8));
  let at = 0;
  let bits = 0;
  let count = 0;
  const put = () => {
    bytes[at++] = bits;
    bits >>>= 8;
    count -= 8;
  };
  const whole = text.length - text.length % 2;
  for (let i = 0; i < whole; i += 2) {
    const value = valueOf(text.charCodeAt(i)) + BASE * valueOf(text.charCodeAt(i + 1));
    bits |= value << count;
    count += (value & LOW_13) > ROOM ? 13 : 14;
    while (count > 7) put();
  }
  if (whole < text.length) {
    bits |= valueOf(text.charCodeAt(whole)) << count;
    count += 6;
    while (count > 7) put();
  }
  return bytes.subarray(0, at);
}

function digitOf(value: number): number {
  return FIRST + value + Number(FIRST + value >= LESS_THAN);
}

function valueOf(code: number): number {
  return code - FIRST - Number(code > LESS_THAN);
}
