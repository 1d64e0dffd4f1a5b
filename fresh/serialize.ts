/**
 * Island props as text and back: a table of values that refer to each other by index, so that shared
 * and circular values (above all signals) keep their identity across all islands of a page.
 */
import { Signal, signal } from "@preact/signals";

type Entry = null | boolean | number | string | (null | boolean | number | string | unknown[])[];

const TYPED = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

function isPlain(value: unknown): boolean {
  return value === null || typeof value === "string" || typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0));
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

/**
 * Encodes a value; the first entry is the value itself. `slot` may claim a value (JSX) by returning
 * a number for it. The text is JSON and safe inside of a script element.
 */
export function serialize(root: unknown, slot?: (value: object) => number | undefined): string {
  const out: Entry[] = [];
  const seen = new Map<unknown, number>();

  function add(value: unknown, path: string): number {
    const known = seen.get(value);
    if (known !== undefined && !Object.is(value, -0)) return known;
    const at = out.length;
    out.push(null);
    if (!Object.is(value, -0)) seen.set(value, at);
    out[at] = encode(value, path);
    return at;
  }

  function encode(value: unknown, path: string): Entry {
    switch (typeof value) {
      case "undefined":
        return ["u"];
      case "string":
      case "boolean":
        return value;
      case "number":
        return isPlain(value) ? value : ["n", Object.is(value, -0) ? "-0" : String(value)];
      case "bigint":
        return ["b", String(value)];
      case "function":
      case "symbol":
        throw new Error(`Cannot pass a ${typeof value} to an island: ${path}`);
    }
    if (value === null) return null;
    const object = value as object;
    const claimed = slot?.(object);
    if (claimed !== undefined) return ["V", claimed];
    if (object instanceof Signal) return ["s", add(object.peek(), `${path}.value`)];
    if (Array.isArray(object)) {
      if (object.length === 0 || !isPlain(object[0]) || !Array.from(object).every(isPlain)) {
        return ["A", ...Array.from(object, (v, i) => add(v, `${path}[${i}]`))];
      }
      return ["J", object];
    }
    if (object instanceof Date) return ["D", String(object.getTime())];
    if (object instanceof URL) return ["U", object.href];
    if (object instanceof RegExp) return ["R", object.source, object.flags];
    if (object instanceof Map) {
      return ["M", ...[...object].flatMap(([k, v]) => [add(k, path), add(v, path)])];
    }
    if (object instanceof Set) return ["S", ...[...object].map((v) => add(v, path))];
    if (ArrayBuffer.isView(object)) {
      const name = object.constructor.name;
      if (!(name in TYPED)) throw new Error(`Cannot pass a ${name} to an island: ${path}`);
      return [
        "T",
        name,
        toBase64(new Uint8Array(object.buffer, object.byteOffset, object.byteLength)),
      ];
    }
    const fields: Entry = ["O"];
    for (const [key, field] of Object.entries(object)) {
      fields.push(key, add(field, `${path}.${key}`));
    }
    return fields;
  }

  add(root, "props");
  return JSON.stringify(out).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

/** Rebuilds the value of a table that {@link serialize} wrote. */
export function deserialize(table: unknown[], slot?: (id: number) => unknown): unknown {
  const done = new Map<number, unknown>();

  function keep<T>(at: number, value: T): T {
    done.set(at, value);
    return value;
  }

  function get(at: number): unknown {
    if (done.has(at)) return done.get(at);
    const entry = table[at];
    if (!Array.isArray(entry)) return keep(at, entry);
    const [tag, ...rest] = entry;
    switch (tag) {
      case "u":
        return keep(at, undefined);
      case "n":
        return keep(at, Number(rest[0]));
      case "b":
        return keep(at, BigInt(rest[0]));
      case "V":
        return keep(at, slot?.(rest[0]));
      case "s": {
        const made = keep(at, signal<unknown>(undefined));
        made.value = get(rest[0]);
        return made;
      }
      case "J":
        return keep(at, rest[0]);
      case "A": {
        const list: unknown[] = keep(at, []);
        for (const item of rest) list.push(get(item));
        return list;
      }
      case "D":
        return keep(at, new Date(Number(rest[0])));
      case "U":
        return keep(at, new URL(rest[0]));
      case "R":
        return keep(at, new RegExp(rest[0], rest[1]));
      case "M": {
        const map = keep(at, new Map<unknown, unknown>());
        for (let i = 0; i < rest.length; i += 2) map.set(get(rest[i]), get(rest[i + 1]));
        return map;
      }
      case "S": {
        const set = keep(at, new Set<unknown>());
        for (const item of rest) set.add(get(item));
        return set;
      }
      case "T": {
        const Ctor = TYPED[rest[0] as keyof typeof TYPED];
        return keep(at, new Ctor(fromBase64(rest[1]).buffer));
      }
      default: {
        const object: Record<string, unknown> = keep(at, {});
        for (let i = 0; i < rest.length; i += 2) {
          const value = get(rest[i + 1]);
          if (rest[i] === "__proto__") {
            Object.defineProperty(object, rest[i], {
              value,
              enumerable: true,
              writable: true,
              configurable: true,
            });
          } else object[rest[i]] = value;
        }
        return object;
      }
    }
  }

  return get(0);
}
