/** What stands for every path. */
export const PATH = "/…";

/** Words with a slash that are no paths. */
const HARMLESS = /^(?:input\/output|i\/o|n\/a|and\/or|\d+\/\d+)$/i;
/** What a path without quotes does not begin with, and what ends one. */
const BEFORE = /[\s"'`<>|()[\]{},;:=\\/]/;
const BEHIND = /[\s"'`<>|\\]/;
/** A quoted path is looked for this many characters far. */
const LONGEST_QUOTED = 4096;

const WINDOWS =
  /(?<![A-Za-z0-9])[A-Za-z]:\\[^\s"'`<>|]*|(?<!\\)\\{2,4}[A-Za-z][\w.$-]*\\[^\s"'`<>|]*/g;

/** A text with {@link PATH} instead of every path and address in it, basenames included. */
export function withoutPaths(text: string): string {
  const plain = text.includes("\\") ? text.replace(WINDOWS, PATH) : text;
  let result = "";
  let copied = 0;
  for (let slash = plain.indexOf("/"); slash >= 0; slash = plain.indexOf("/", copied)) {
    const start = startOf(plain, slash, copied);
    const end = quotedEnd(plain, start, slash) ?? bareEnd(plain, slash);
    const path = plain.slice(start, end);
    result += plain.slice(copied, start);
    result += path.length === 1 || HARMLESS.test(path) ? path : PATH;
    copied = end;
  }
  return result + plain.slice(copied);
}

function startOf(text: string, slash: number, least: number): number {
  let start = slash;
  while (start > least && !BEFORE.test(text[start - 1])) start--;
  // The letter of an escape as in Python's repr: `\n/home`.
  const escaped = start > 0 && text[start - 1] === "\\" && /[abfnrtv]/.test(text[start]);
  return escaped ? start + 1 : start;
}

/** The end of a path in quotes, which may have spaces; null when it is not in quotes. */
function quotedEnd(text: string, start: number, slash: number): number | null {
  const quote = text[start - 1];
  if (!`"'\``.includes(quote ?? " ") || (start < slash && text[start] !== "~")) return null;
  for (let end = slash + 1; end < text.length && end - slash < LONGEST_QUOTED; end++) {
    if (text[end] === "\n") return null;
    if (text[end] === quote) return end > slash + 1 ? end : null;
  }
  return null;
}

function bareEnd(text: string, slash: number): number {
  let end = slash + 1;
  while (end < text.length && !BEHIND.test(text[end])) {
    if (text[end] === ":" && !continues(text, end + 1)) break;
    end++;
  }
  while (end > slash + 1 && /[)\]},;.]/.test(text[end - 1])) end--;
  return end;
}

/** Whether what follows a colon is of the path: no number of a line or a port, and no space. */
function continues(text: string, at: number): boolean {
  let end = at;
  while (/\d/.test(text[end] ?? "")) end++;
  return end === at ? end < text.length && !/\s/.test(text[end]) : /[\w-]/.test(text[end] ?? "");
}
