/**
 * The files of routes/ as what answers requests: a table of routes, each with the middlewares of its
 * folders, the app wrapper (`_app`) and the error page (`_error`).
 */
import { h } from "preact";
import { type Context, propsOf } from "./context.ts";
import { HttpError } from "./error.ts";
import { compareRoutes, middlewareOf, pathToPattern, type RouteFile } from "./fs_routes.ts";
import { type Handlers, METHODS, type Middleware } from "./handlers.ts";
import type { RouteComponent } from "./page_props.ts";
import { elementOf } from "./render.ts";
import { Router } from "./router.ts";
import { complain } from "../say.ts";

/** What a request passes through; the last one answers. */
export type Chain<State> = Middleware<State>[];

/** What the files of routes/ say. */
export interface Routes<State> {
  router: Router<Chain<State>>;
  /** The middlewares of `routes/` itself, which also run where no route answers. */
  everywhere: Chain<State>;
  wrapper: RouteComponent | null;
  errorPage: RouteComponent | null;
}

/** Sorts out the files of routes/. */
export function routesOf<State>(files: readonly RouteFile[]): Routes<State> {
  const sorted = files.toSorted((a, b) => compareRoutes(a.path, b.path));
  const middlewares = new Map<string, Middleware<State>>();
  const routes: Routes<State> = {
    router: new Router(),
    everywhere: [],
    wrapper: null,
    errorPage: null,
  };
  const pages: RouteFile[] = [];
  for (const file of sorted) {
    const { path, mod } = file;
    if (path === "_app") routes.wrapper = mod.default ?? null;
    else if (path === "_error") routes.errorPage = mod.default ?? null;
    else if (nameOf(path) === "_middleware") middlewares.set(folderOf(path), middlewareOf(file));
    else if (nameOf(path).startsWith("_")) throw new Error(`routes/${path} has no meaning`);
    else pages.push(file);
  }
  const above = (path: string) =>
    foldersOf(path).map((folder) => middlewares.get(folder)).filter((found) => found !== undefined);
  routes.everywhere = above("");
  for (const file of pages) addRoute(routes.router, file, above(file.path));
  return routes;
}

function addRoute<State>(
  router: Router<Chain<State>>,
  { path, mod }: RouteFile,
  above: Chain<State>,
): void {
  const { handler, default: component, config } = mod;
  if (handler === undefined && component === undefined) {
    throw new Error(`routes/${path} exports neither handlers nor a component`);
  }
  const handlers = (handler ?? {}) as Handlers<State>;
  const methods = METHODS.filter((m) => m in handlers || (m === "GET" && component !== undefined));
  const answer = (ctx: Context<State>) => answerBy(ctx, handlers, component);
  router.add(methods, config?.routeOverride ?? pathToPattern(path), [...above, answer]);
}

/** Runs the handler of a route, and renders its component unless the handler answered. */
async function answerBy<State>(
  ctx: Context<State>,
  handlers: Handlers<State>,
  component: RouteComponent | undefined,
): Promise<Response> {
  const { method } = ctx.req;
  const fn = handlers[method as keyof Handlers<State>] ??
    (method === "HEAD" ? handlers.GET : undefined);
  const result = fn === undefined ? { data: {} } : await fn(ctx);
  if (result instanceof Response) return result;
  ctx.data = result.data;
  return await renderPage(ctx, component, result);
}

/**
 * Answers a request at which something was thrown by the error page, under the status of an
 * `HttpError` or 500. Without an error page it is thrown again.
 */
export async function renderError<State>(
  ctx: Context<State>,
  error: unknown,
  component: RouteComponent | null,
): Promise<Response> {
  if (component === null) throw error;
  const status = error instanceof HttpError ? error.status : 500;
  if (status >= 500) complain(error);
  ctx.error = error;
  ctx.data = {};
  return await renderPage(ctx, component, { status });
}

async function renderPage<State>(
  ctx: Context<State>,
  component: RouteComponent | undefined,
  { status = 200, headers }: { status?: number; headers?: HeadersInit },
): Promise<Response> {
  const vnode = component ? await elementOf(component, propsOf(ctx)) : h("div", null);
  return vnode instanceof Response ? vnode : await ctx.render(vnode, { status, headers });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder that a file is in; an empty text for `routes/` itself. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

/** The folder that a file is in and those around it, from the outside to the inside. */
function foldersOf(path: string): string[] {
  const names = folderOf(path).split("/").filter((name) => name !== "");
  return ["", ...names.map((_, i) => names.slice(0, i + 1).join("/"))];
}
