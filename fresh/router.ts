/**
 * The route table: fixed paths by lookup, patterns in the order in which they were added.
 */
import { type Method, METHODS } from "./handlers.ts";
import { type PathPattern, pathPattern } from "./pattern.ts";

interface Entry<T> {
  route: string;
  byMethod: Map<Method, T>;
}

/** What a path matched; `value` is missing when only other methods are allowed. */
export interface Match<T> {
  route: string;
  params: Record<string, string>;
  value: T | undefined;
  allowed: Method[];
}

/** Finds the value of a method and path. */
export class Router<T> {
  readonly #fixed = new Map<string, Entry<T>>();
  readonly #patterns = new Map<string, { pattern: PathPattern; entry: Entry<T> }>();

  /** Adds a value; the first one for a path and method stays. */
  add(methods: readonly Method[], path: string, value: T, route = path): void {
    let entry: Entry<T> | undefined;
    if (/[:*+?(){}\\]/.test(path)) {
      let found = this.#patterns.get(path);
      if (found === undefined) {
        const pathname = path === "*" ? "/*" : path;
        found = { pattern: pathPattern(pathname), entry: { route, byMethod: new Map() } };
        this.#patterns.set(path, found);
      }
      entry = found.entry;
    } else {
      entry = this.#fixed.get(path) ?? { route, byMethod: new Map() };
      this.#fixed.set(path, entry);
    }
    for (const method of methods) {
      if (!entry.byMethod.has(method)) entry.byMethod.set(method, value);
    }
  }

  /** The match of a request; HEAD falls back to GET. */
  match(method: string, url: URL): Match<T> | null {
    const fixed = this.#fixed.get(url.pathname);
    if (fixed !== undefined) return result(fixed, method, {});
    for (const { pattern, entry } of this.#patterns.values()) {
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

function result<T>(entry: Entry<T>, method: string, params: Record<string, string>): Match<T> {
  const { route, byMethod } = entry;
  const value = byMethod.get(method as Method) ??
    (method === "HEAD" ? byMethod.get("GET") : undefined);
  const allowed = METHODS.filter((m) => byMethod.has(m) || (m === "HEAD" && byMethod.has("GET")));
  return { route, params, value, allowed };
}

/** Decodes as Fresh does: escaped slashes and other reserved characters stay escaped. */
function decode(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}
