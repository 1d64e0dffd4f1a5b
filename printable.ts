/** Text that a terminal shows as it is: nothing in it moves the cursor, hides or turns round others. */

/**
 * Control characters (C0, DEL, C1), separators of lines and paragraphs, and what formats text
 * without being seen: directions, isolates, tags. The two joiners stay, which scripts and emoji are
 * written with. Halves of characters are none.
 */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?![\u200c\u200d])\p{Cf}/gu;
/** Those that have a short name. */
const NAMED: ReadonlyMap<string, string> = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);

/** The text with what a terminal would not print in its place: `\n`, `\x1b`, `\u202e`, `\u{e0041}`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => NAMED.get(character) ?? escaped(character));
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x1_0000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}
