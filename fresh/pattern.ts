/**
 * URL patterns of paths, as far as routes use them: `/:name` and `{…}?`. Browsers have URLPattern too
 * recently to count on it.
 */

/** A pattern of paths. */
export interface PathPattern {
  /** The parameters of a path, as they are in it; null when it does not match. */
  exec(path: string): Record<string, string> | null;
}

const TOKEN =
  /:(?<name>\w+)|\{(?<optional>[^{}:*+?()\\]*)\}\?|(?<wrong>[{}:*+?()\\])|[^{}:*+?()\\]+/gu;

/**
 * Compiles a pattern.
 *
 * @throws {SyntaxError} when it has what routes do not use
 */
export function pathPattern(pattern: string): PathPattern {
  const names: string[] = [];
  const source = pattern.replace(TOKEN, (text, ...rest) => {
    const { name, optional, wrong } = rest.at(-1) as Record<string, string | undefined>;
    if (wrong !== undefined) throw new SyntaxError(`No pattern for a route: ${pattern}`);
    if (optional !== undefined) return `(?:${literal(optional)})?`;
    if (name === undefined) return literal(text);
    names.push(name);
    return "([^/]+?)";
  });
  const compiled = new RegExp(`^${source}$`, "u");
  return {
    exec(path) {
      const found = compiled.exec(path);
      return found && Object.fromEntries(names.map((name, i) => [name, found[i + 1]]));
    },
  };
}

function literal(text: string): string {
  return text.replace(/[\^$.|[\]/]/gu, "\\$&");
}
