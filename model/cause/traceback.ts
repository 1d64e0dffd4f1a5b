/** What a traceback ends with. */
export interface Raised {
  /** `type: message`, of as many lines as the message has. */
  exception: string;
  /** What it was raised from, by the program's own word ("direct cause"). */
  from: Raised | null;
  /** Of a group of exceptions, those that it is of. */
  parts: string[];
}

const HEAD = "Traceback (most recent call last):";
const GROUP = "Exception Group Traceback (most recent call last):";
/** What each call of a traceback begins with. */
const FRAME = /^[ \t]*File "[^"\n]+", line \d+/m;
const DIRECT = /The above exception was the direct cause of the following exception:\s*$/;
/** The most exceptions of a chain. */
const LONGEST_CHAIN = 8;

/** Whether a text has a traceback in it, or the rest of one whose beginning was cut off. */
export function hasTraceback(text: string): boolean {
  return text.includes(HEAD) || FRAME.test(text);
}

/**
 * The exception that the last traceback in a text is of; null when there is none, or when the
 * traceback is cut off before its exception.
 */
export function raisedIn(text: string, longest = LONGEST_CHAIN): Raised | null {
  const group = text.lastIndexOf(GROUP);
  if (group >= 0) return groupIn(text.slice(text.lastIndexOf("\n", group) + 1));
  const at = text.lastIndexOf(HEAD);
  if (at < 0) {
    const lines = text.split("\n");
    const frame = lines.findLastIndex((line) => FRAME.test(line));
    const rest = exceptionAfter([HEAD, ...lines.slice(frame + 1)].join("\n"), 0);
    return frame < 0 || rest === null ? null : { exception: rest, from: null, parts: [] };
  }
  const exception = exceptionAfter(text, at);
  if (exception === null) return null;
  const before = text.slice(0, at);
  const from = longest > 1 && DIRECT.test(before) ? raisedIn(before, longest - 1) : null;
  return { exception, from, parts: [] };
}

/** What follows the frames of a traceback whose head is at `at`. */
function exceptionAfter(text: string, at: number): string | null {
  const begin = text.lastIndexOf("\n", at) + 1;
  const indent = /^\s*$/.test(text.slice(begin, at)) ? at - begin : 0;
  const lines = text.slice(at + HEAD.length).split("\n").slice(1);
  const first = lines.findIndex((line) => line.trim() !== "" && indentOf(line) <= indent);
  if (first < 0) return null;
  const rest = lines.slice(first);
  // Another process's traceback stands between such quotes.
  const blank = rest.findIndex((line) => line.trim() === "" || line.trim() === '"""');
  return (blank < 0 ? rest : rest.slice(0, blank)).map((line) => line.slice(indent)).join("\n");
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** A traceback of a group: each line has bars or a plus in front, as deep as its exception lies. */
function groupIn(text: string): Raised | null {
  const found: string[] = [];
  for (const line of text.split("\n")) {
    const [, own] = /^[ \t]*[|+] ?(?! *[-+]*-{4})(.*)$/.exec(line) ?? [];
    if (own === undefined || own.includes(HEAD) || /^(?:\s|$)/.test(own)) continue;
    const bare = own.replace(/^(?:[|+] ?)+/, "");
    if (/^[\p{L}_][\p{L}\p{N}_.]*(?::|$)/u.test(bare)) found.push(bare);
  }
  if (found.length === 0) return null;
  const [exception, ...others] = found;
  const parts = others.filter((line) => !/^[\w.]*ExceptionGroup:/.test(line));
  return { exception: exception.replace(/ \(\d+ sub-exceptions?\)$/, ""), from: null, parts };
}
