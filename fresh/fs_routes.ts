/**
 * File names as routes: which URL pattern a route file stands for, and in which order route files
 * are tried. Names are fixed text or `[parameter]`, folder by folder.
 */
import type { Middleware, RouteConfig } from "./handlers.ts";
import type { RouteComponent } from "./page_props.ts";

/** What a file in routes/ may export. */
export interface FsRouteModule {
  default?: RouteComponent;
  /** Handlers by method; of `_middleware`, a middleware. */
  handler?: object;
  config?: RouteConfig;
}

/** A file of routes/, by its relative path without the file extension. */
export interface RouteFile {
  path: string;
  mod: FsRouteModule;
}

/** One part of a path as part of a URL pattern. */
function partPattern(part: string): string {
  const parameter = /^\[(\w+)\]$/.exec(part);
  if (parameter !== null) return `:${parameter[1]}`;
  if (/[[\](){}:*+?\\]/.test(part)) throw new SyntaxError(`No name of a route: ${part}`);
  return encodeURI(part);
}

/**
 * The URL pattern of a route file (path without extension), e.g. `a/[b]/index` is `/a/:b`.
 *
 * @throws {SyntaxError} when it has what routes do not use: `[...rest]`, `[[optional]]`, `(group)`
 */
export function pathToPattern(path: string): string {
  const parts = path.split("/");
  if (parts.at(-1) === "index") parts.pop();
  return "/" + parts.map(partPattern).join("/");
}

/** Sorts route files: fixed text before parameters, segment by segment. */
export function compareRoutes(a: string, b: string): number {
  const as = a.split("/");
  const bs = b.split("/");
  for (let i = 0; i < Math.max(as.length, bs.length); i++) {
    const x = as[i] ?? "";
    const y = bs[i] ?? "";
    if (x === y) continue;
    if (x.startsWith("[") !== y.startsWith("[")) return x.startsWith("[") ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return 0;
}

/** The middleware of a `_middleware` file. */
export function middlewareOf<State>({ path, mod }: RouteFile): Middleware<State> {
  if (typeof mod.handler !== "function") {
    throw new Error(`routes/${path} exports no function named handler`);
  }
  return mod.handler as Middleware<State>;
}
