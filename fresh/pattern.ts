/**
 * URL patterns of paths, as far as routes use them: `:name`, `:name*`, `{…}?`, `*` and `\` before a
 * character that stands for itself. Browsers have URLPattern too recently to count on it.
 */

/** A pattern of paths. */
export interface PathPattern {
  /** The parameters of a path, as they are in it; null when it does not match. */
  exec(path: string): Record<string, string> | null;
}

const REPEATED = /^\/:(\w+)([*+])/;
const NAMED = /^:(\w+)/;
const OPTIONAL = /^\{([^{}]*)\}\?/;

/**
 * Compiles a pattern.
 *
 * @throws {SyntaxError} when it has what routes do not use
 */
export function pathPattern(pattern: string): PathPattern {
  const names: string[] = [];
  const compiled = new RegExp(`^${source(pattern, names)}$`, "u");
  return {
    exec(path) {
      const found = compiled.exec(path);
      return found && Object.fromEntries(names.map((name, i) => [name, found[i + 1] ?? ""]));
    },
  };
}

function source(pattern: string, names: string[]): string {
  let text = "";
  for (let rest = pattern; rest !== "";) {
    const repeated = REPEATED.exec(rest);
    const named = NAMED.exec(rest);
    const optional = OPTIONAL.exec(rest);
    if (repeated) {
      names.push(repeated[1]);
      const some = "(?:/([^/]+(?:/[^/]+)*))";
      text += repeated[2] === "*" ? `${some}?` : some;
    } else if (named) {
      names.push(named[1]);
      text += "([^/]+?)";
    } else if (optional) text += `(?:${source(optional[1], names)})?`;
    else if (rest[0] === "*") {
      names.push(String(names.length));
      text += "(.*)";
    } else if (/^[+?(){}]/.test(rest)) throw new SyntaxError(`No pattern for a route: ${pattern}`);
    else {
      const own = rest[0] === "\\" ? rest[1] : String.fromCodePoint(rest.codePointAt(0)!);
      text += own.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
      rest = rest.slice(rest[0] === "\\" ? 2 : own.length);
      continue;
    }
    rest = rest.slice((repeated ?? named ?? optional)?.[0].length ?? 1);
  }
  return text;
}
