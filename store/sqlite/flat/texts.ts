/** Texts out of memory. Most of them were seen before: names of states, apps, hosts. */

/** Bytes of texts that may be known. */
const SHORT_BYTES = 40;
const KNOWN = 2048;

const known: (string | undefined)[] = new Array(KNOWN);
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text of `length` bytes of UTF-8; it ends at its first NUL. */
export function textIn(memory: Uint8Array, at: number, length: number): string {
  if (length > SHORT_BYTES) return longText(memory, at, length);
  let hash = 0;
  for (let i = 0; i < length; i++) {
    const byte = memory[at + i];
    if (byte === 0) length = i;
    else if (byte > 127) return longText(memory, at, length);
    else hash = Math.imul(hash, 31) + byte | 0;
  }
  const place = (hash ^ hash >>> 11) & KNOWN - 1;
  const text = known[place];
  if (text !== undefined && isSame(text, memory, at, length)) return text;
  return known[place] = String.fromCharCode.apply(
    null,
    memory.subarray(at, at + length) as unknown as number[],
  );
}

function isSame(text: string, memory: Uint8Array, at: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== memory[at + i]) return false;
  return true;
}

function longText(memory: Uint8Array, at: number, length: number): string {
  const bytes = memory.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
