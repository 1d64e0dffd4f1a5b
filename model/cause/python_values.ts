/** A value as Python's repr writes it. */
export type PythonValue =
  | { kind: "text"; text: string }
  | { kind: "bytes" }
  | { kind: "number"; text: string }
  /** A list, tuple, set or dict: `open` is its bracket. */
  | { kind: "items"; open: "[" | "(" | "{"; items: PythonValue[] }
  | PythonCall
  /** A keyword argument, or an item of a dict. */
  | { kind: "pair"; name: PythonValue; value: PythonValue; keyword: boolean }
  /** Whatever else, as it is written. */
  | { kind: "other"; text: string };

/** What looks like a call, such as the repr of an exception. */
export interface PythonCall {
  kind: "call";
  /** The name with its modules. */
  name: string;
  args: PythonValue[];
  /** What stands between its brackets, as it is written. */
  inner: string;
}

/** The values that a value is made of; of a pair that which it names. */
export function valuesWithin(value: PythonValue): readonly PythonValue[] {
  switch (value.kind) {
    case "items":
      return value.items;
    case "call":
      return value.args;
    case "pair":
      return [value.value];
    case "text":
    case "bytes":
    case "number":
    case "other":
      return [];
    default:
      throw new TypeError(`a value of no known kind: ${JSON.stringify(value satisfies never)}`);
  }
}

const CLOSING: Record<string, string> = { "(": ")", "[": "]", "{": "}", "<": ">" };
/** Values within values that are told apart; what is deeper is taken as it is written. */
const DEEPEST = 60;
const NAME = /[\p{L}_][\p{L}\p{N}_.]*/uy;
const NUMBER = /[-+]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?j?(?=\s*(?:[,)\]}:]|$))/y;
const QUOTE = /([bB]?[rRuU]?[bB]?)("""|'''|"|')/y;
const BACKSLASH = 92;
const LINE = 10;
/** What follows an argument. */
const ENDS = /^\s*(?:[,)\]}]|$)/;
const KEYWORD = /[\p{L}_][\p{L}\p{N}_]*=(?!=)/uy;

/**
 * The calls that a text is made of when it is nothing but calls with commas between them, as
 * `repr(exception)` is; null when it is anything else. Takes time in proportion to the text.
 */
export function parseCalls(text: string): PythonCall[] | null {
  const reader = new Reader(text);
  const calls: PythonCall[] = [];
  do {
    const call = reader.call();
    if (call === null) return null;
    calls.push(call);
  } while (reader.take(","));
  return reader.atEnd ? calls : null;
}

/** The value that a text is, from its first to its last character; null when there is more. */
export function parseValue(text: string): PythonValue | null {
  const reader = new Reader(text);
  const value = reader.value(0);
  return reader.atEnd ? value : null;
}

/** Reads values; where brackets do not close, they close where the text ends. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.trim();
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  call(depth = 0): PythonCall | null {
    const start = this.#at;
    const name = this.#match(NAME);
    if (name === null || !this.take("(")) {
      this.#at = start;
      return null;
    }
    const begin = this.#at;
    const args = this.#items(")", depth + 1);
    const end = this.#text[this.#at - 1] === ")" ? this.#at - 1 : this.#at;
    return { kind: "call", name: name[0], args, inner: this.#text.slice(begin, end) };
  }

  value(depth: number): PythonValue {
    this.#skipSpace();
    const start = this.#at;
    const character = this.#text[start] ?? "";
    if (depth > DEEPEST) return this.#other(start);
    const quoted = this.#quoted();
    if (quoted !== null) return this.#atSeparator() ? quoted : this.#other(start);
    const number = this.#match(NUMBER);
    if (number !== null) return { kind: "number", text: number[0] };
    if (character === "[" || character === "(" || character === "{") {
      this.#at++;
      const items = this.#items(CLOSING[character], depth + 1);
      return this.#atSeparator() ? { kind: "items", open: character, items } : this.#other(start);
    }
    const keyword = this.#match(KEYWORD);
    if (keyword !== null) {
      const name: PythonValue = { kind: "other", text: keyword[0].slice(0, -1) };
      return { kind: "pair", name, value: this.value(depth + 1), keyword: true };
    }
    const call = this.call(depth);
    if (call !== null && this.#atSeparator()) return call;
    return this.#other(start);
  }

  #items(close: string, depth: number): PythonValue[] {
    const items: PythonValue[] = [];
    for (;;) {
      this.#skipSpace();
      if (this.atEnd || this.take(close)) return items;
      const start = this.#at;
      const value = this.value(depth);
      this.#skipSpace();
      if (close === "}" && this.take(":")) {
        items.push({ kind: "pair", name: value, value: this.value(depth), keyword: false });
      } else {
        items.push(value);
      }
      this.#skipSpace();
      this.take(",");
      // A bracket that closes another: it belongs to the text.
      if (this.#at === start) this.#at++;
    }
  }

  /** What is written from `start` until a comma or bracket that is none of its own. */
  #other(start: number): PythonValue {
    this.#at = start;
    const text = this.#text;
    const open: string[] = text[start] === "<" ? [">"] : [];
    if (open.length > 0) this.#at++;
    while (!this.atEnd) {
      const character = text[this.#at];
      if (open.length > 0 && character === open[open.length - 1]) open.pop();
      else if (open.length === 0 && /[,)\]}:]/.test(character) && !this.#colonInWord()) break;
      else if (character !== "<" && character in CLOSING) open.push(CLOSING[character]);
      else if ((character === "'" || character === '"') && !/\w/.test(text[this.#at - 1] ?? "")) {
        if (this.#quoted() !== null) continue;
      }
      this.#at++;
    }
    return { kind: "other", text: text.slice(start, this.#at).trimEnd() };
  }

  /** A colon parts an item of a dict only where a space follows. */
  #colonInWord(): boolean {
    return this.#text[this.#at] === ":" && this.#text[this.#at + 1] !== " ";
  }

  #quoted(): PythonValue | null {
    const start = this.#at;
    const match = this.#match(QUOTE);
    if (match === null) return null;
    const [, prefix, quote] = match;
    const end = endOfText(this.#text, this.#at, quote);
    if (end < 0) {
      this.#at = start;
      return null;
    }
    const body = this.#text.slice(this.#at, end);
    this.#at = end + quote.length;
    if (/b/i.test(prefix)) return { kind: "bytes" };
    return { kind: "text", text: /r/i.test(prefix) ? body : unescaped(body) };
  }

  #atSeparator(): boolean {
    const { length } = this.#text;
    let at = this.#at;
    while (at < length && this.#text[at] <= " ") at++;
    return at >= length || /[,)\]}:]/.test(this.#text[at]);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #skipSpace(): void {
    while (!this.atEnd && this.#text[this.#at] <= " ") this.#at++;
  }
}

/**
 * Where a text in quotes ends; -1 when it does not. Python writes the ends of lines as escapes, so a
 * text with lines was put into its quotes by other means: it ends at a quote with nothing behind it.
 */
function endOfText(text: string, from: number, quote: string): number {
  const isLong = quote.length > 1;
  const mark = quote.charCodeAt(0);
  let lines = false;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === LINE) lines = true;
    else if (code === mark) {
      if (isLong ? text.startsWith(quote, at) : !lines || ENDS.test(text.slice(at + 1, at + 9))) {
        return at;
      }
    }
  }
  return -1;
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", a: "", b: "", f: "", v: "" };

/** A text as it was before it was written with escapes. */
function unescaped(body: string): string {
  if (!body.includes("\\")) return body;
  return body.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([\s\S]))/gi,
    (whole, hex, short, long, plain) => {
      if (plain !== undefined) return ESCAPES[plain] ?? plain;
      const point = Number.parseInt(hex ?? short ?? long, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
