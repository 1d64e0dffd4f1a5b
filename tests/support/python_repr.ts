// Python's repr of data, read as the values that the hub's decoders give, and values as plain JSON.

import { DateTime, EnumMember, type Value } from "../../hub/decode/value.ts";

const TOKEN =
  /\s*(?:datetime\.datetime\(([0-9, ]+)\)|<(\w+)\.(\w+): (-?\d+)>|([brf]?)('(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*")|(-?(?:\d+\.?\d*(?:e[+-]?\d+)?|inf|nan))|(True|False|None)|([()[\]{},:]))/y;

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

function unquote(literal: string): string {
  const pattern = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([^]))/g;
  return literal.slice(1, -1).replace(pattern, (_all, x, u, U, letter) => {
    if (letter !== undefined) return ESCAPES[letter] ?? letter;
    return String.fromCodePoint(parseInt(x ?? u ?? U, 16));
  });
}

function two(text: string): string {
  return text.padStart(2, "0");
}

/** The value that a repr shows. */
export function parseRepr(text: string): Value {
  let match: RegExpExecArray;

  function next(): void {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new Error(`no repr at ${at}: ${text.slice(at, at + 60)}`);
    match = found;
  }

  function sequence(close: string): Value[] {
    const values: Value[] = [];
    for (next(); match[9] !== close; next()) {
      if (match[9] === ",") continue;
      values.push(value());
    }
    return values;
  }

  function braces(): Value {
    const map = new Map<Value, Value>();
    for (next(); match[9] !== "}"; next()) {
      if (match[9] === ",") continue;
      const key = value();
      next();
      if (match[9] !== ":") throw new Error(`no colon in ${text.slice(0, TOKEN.lastIndex)}`);
      next();
      map.set(key, value());
    }
    return map;
  }

  function value(): Value {
    if (match[1] !== undefined) {
      const [y, mo, d, h, mi, s = "0", us = "0"] = match[1].split(", ");
      const day = `${y.padStart(4, "0")}-${two(mo)}-${two(d)}`;
      return new DateTime(`${day} ${two(h)}:${two(mi)}:${two(s)}.${us.padStart(6, "0")}`);
    }
    if (match[2] !== undefined) return new EnumMember(match[2], Number(match[4]), match[3]);
    if (match[6] !== undefined) {
      const plain = unquote(match[6]);
      return match[5] === "b" ? Uint8Array.from(plain, (c) => c.charCodeAt(0)) : plain;
    }
    if (match[7] !== undefined) {
      const number = Number(match[7]);
      return Number.isSafeInteger(number) || !/^-?\d+$/.test(match[7]) ? number : BigInt(match[7]);
    }
    if (match[8] !== undefined) return match[8] === "None" ? null : match[8] === "True";
    if (match[9] === "(") return sequence(")");
    if (match[9] === "[") return sequence("]");
    if (match[9] === "{") return braces();
    throw new Error(`unexpected ${match[0]}`);
  }

  TOKEN.lastIndex = 0;
  next();
  return value();
}

/** A value as JSON that tells all kinds apart; the order of dicts is kept, sets are sorted. */
export function plain(value: Value): unknown {
  if (typeof value === "bigint") return { int: String(value) };
  if (typeof value === "number") {
    if (Number.isNaN(value)) return { float: "nan" };
    return Number.isFinite(value) ? value : { float: value > 0 ? "inf" : "-inf" };
  }
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof DateTime) return { datetime: value.text };
  if (value instanceof EnumMember) return { enum: [value.type, value.value, value.name] };
  if (value instanceof Uint8Array) return { bytes: value.toHex() };
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Set) {
    return { set: [...value].map((element) => JSON.stringify(plain(element))).sort() };
  }
  return { dict: [...value].map(([key, element]) => [plain(key), plain(element)]) };
}
