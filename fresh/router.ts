/**
 * The route table: fixed paths by lookup, patterns in the order in which they were added.
 */
import { type Method, METHODS } from "./handlers.ts";
import { type PathPattern, pathPattern } from "./pattern.ts";

type ByMethod<T> = Map<Method, T>;

/** What a path matched; `value` is missing when only other methods are allowed. */
export interface Match<T> {
  params: Record<string, string>;
  value: T | undefined;
  allowed: Method[];
}

/** Finds the value of a method and path. */
export class Router<T> {
  readonly #fixed = new Map<string, ByMethod<T>>();
  readonly #patterns: { pattern: PathPattern; entry: ByMethod<T> }[] = [];

  /** Adds a value for a path, which may be a pattern. */
  add(methods: readonly Method[], path: string, value: T): void {
    const entry = new Map(methods.map((method) => [method, value]));
    if (/[:{]/.test(path)) this.#patterns.push({ pattern: pathPattern(path), entry });
    else this.#fixed.set(path, entry);
  }

  /** The match of a request; HEAD falls back to GET. */
  match(method: string, url: URL): Match<T> | null {
    const fixed = this.#fixed.get(url.pathname);
    if (fixed !== undefined) return result(fixed, method, {});
    for (const { pattern, entry } of this.#patterns) {
      const found = pattern.exec(url.pathname);
      if (found === null) continue;
      const params: Record<string, string> = Object.create(null);
      for (const [name, value] of Object.entries(found)) {
        params[name] = decode(value);
      }
      return result(entry, method, params);
    }
    return null;
  }
}

function result<T>(entry: ByMethod<T>, method: string, params: Record<string, string>): Match<T> {
  const value = entry.get(method as Method) ?? (method === "HEAD" ? entry.get("GET") : undefined);
  const allowed = METHODS.filter((m) => entry.has(m) || (m === "HEAD" && entry.has("GET")));
  return { params, value, allowed };
}

/** Decodes as Fresh does: escaped slashes and other reserved characters stay escaped. */
function decode(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}
