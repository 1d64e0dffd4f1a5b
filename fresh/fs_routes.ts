/**
 * File names as routes: which URL pattern a route file stands for, and in which order route files
 * are tried.
 */
import type { Method, Middleware, RouteConfig, RouteHandler } from "./handlers.ts";
import type { RouteComponent } from "./render.ts";

/** What a file in routes/ may export. */
export interface FsRouteModule {
  default?: RouteComponent;
  handler?: unknown;
  handlers?: unknown;
  config?: RouteConfig;
}

/** The handlers of a module, whichever of the two names it uses. */
export function handlersOf<State>(
  mod: FsRouteModule,
): RouteHandler<unknown, State> | Middleware<State>[] | undefined {
  return (mod.handlers ?? mod.handler) as RouteHandler<unknown, State> | undefined;
}

/** Whether a handler export is an object by method. */
export function isByMethod(handler: unknown): handler is Partial<Record<Method, unknown>> {
  return typeof handler === "object" && handler !== null && !Array.isArray(handler);
}

function isGroup(part: string): boolean {
  return part.startsWith("(") && part.endsWith(")");
}

/** One path segment of a file as part of a URL pattern, with its slash in front. */
function partPattern(part: string): string {
  const rest = /^\[\.\.\.(\w+)\]$/.exec(part);
  if (rest !== null) return `/:${rest[1]}*`;
  const optional = /^\[\[(\w+)\]\]$/.exec(part);
  if (optional !== null) return `{/:${optional[1]}}?`;
  if (part.includes("][")) throw new SyntaxError(`Two parameters side by side: ${part}`);
  return "/" + part.split(/(\[\w+\])/).map((text) => {
    const param = /^\[(\w+)\]$/.exec(text);
    return param !== null ? `:${param[1]}` : encodeURI(text).replace(/[:*+?(){}]/g, "\\$&");
  }).join("");
}

/** The URL pattern of a route file (path without extension), e.g. `a/[b]/index` is `/a/:b`. */
export function pathToPattern(path: string): string {
  const parts = path.split("/").filter((p) => !isGroup(p));
  if (parts.at(-1) === "index") parts.pop();
  return parts.map(partPattern).join("") || "/";
}

/** The folder segments of a route file; groups stay, as they can have layouts of their own. */
export function folderSegments(path: string): string[] {
  return path.split("/").slice(0, -1).map((p) => isGroup(p) ? p : partPattern(p).slice(1));
}

function score(part: string | undefined): number {
  if (part === undefined || part === "index") return 0;
  if (part.startsWith("[...")) return 5;
  if (part.startsWith("[[")) return 4;
  if (!part.includes("[")) return 1;
  return part.startsWith("[") && part.endsWith("]") ? 3 : 2;
}

/** Sorts route files: fixed text before parameters before catch-alls, segment by segment. */
export function compareRoutes(a: string, b: string): number {
  const as = a.split("/").filter((p) => !isGroup(p));
  const bs = b.split("/").filter((p) => !isGroup(p));
  for (let i = 0; i < Math.max(as.length, bs.length); i++) {
    const diff = score(as[i]) - score(bs[i]);
    if (diff !== 0) return diff;
    const x = as[i] ?? "";
    const y = bs[i] ?? "";
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
