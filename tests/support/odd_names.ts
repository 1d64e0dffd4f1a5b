// Names that users choose, and others: what means something in a URL, and any other text.

import { seeded } from "../hub/random.ts";

/** Each is of a kind that some step between a link and its page may take for something else. */
export const ODD = [
  ..."~ ~~ ~. ~.. . .. ... ..%2f %2e %2E%2e %2F %252F % %% %zz 100%25 a%20b / // a/b /a a/ \\ ..\\"
    .split(
      " ",
    ),
  ...'a:b a+b a@b a?b a#b a&b a=b a;b a,b a$b a!b a*b a\'b (b) [b] {b} <b> a|b a^b a`b "b"'.split(
    " ",
  ),
  ..."C: C:/x c| http://x/y javascript:alert(1) task app index .. __proto__ constructor".split(" "),
  "",
  " ",
  "  two  spaces  ",
  "tab\tnewline\nreturn\rend",
  "100% done?",
  "#tag+plus&amp",
  "é漢字 app",
  "👩‍🔬 run",
  "\u202eturned",
  "e\u0301 and \u00e9",
  "\ufeffbom",
  "</script><script>alert(1)</script>",
  "nightly-2026-11-25T10:00:00+01:00",
  "x".repeat(300),
];

const ALPHABET = [
  ..."~.%/\\:+@?#&=; \t\n'\"<>|abZ019-_",
  "%2F",
  "%2e",
  "é",
  "漢",
  "😀",
  "\u0000\u0001",
];

/** The odd names and random ones, each once; the same ones for a seed. */
export function oddNames(seed: number, count: number): string[] {
  const below = seeded(seed);
  const names = new Set(ODD);
  while (names.size < count) {
    const length = 1 + below(8);
    const anywhere = below(4) === 0;
    names.add(
      Array.from(
        { length },
        () => anywhere ? character(below(0x110000)) : ALPHABET[below(ALPHABET.length)],
      ).join(""),
    );
  }
  return [...names];
}

/** A character that a text may hold: no half of one. */
function character(code: number): string {
  return String.fromCodePoint(code >= 0xd800 && code <= 0xdfff ? code - 0xd000 : code);
}
