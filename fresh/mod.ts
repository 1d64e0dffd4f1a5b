/**
 * The public API, as the "fresh" package has it.
 */
export { App } from "./app.ts";
export { Context, type PageProps, type ResolvedFreshConfig } from "./context.ts";
export type { Context as FreshContext } from "./context.ts";
export { createDefine, type Define } from "./define.ts";
export { HttpError } from "./error.ts";
export {
  type HandlerByMethod,
  type HandlerFn,
  type LayoutConfig,
  type Method,
  type Middleware,
  page,
  type PageResponse,
  type RouteConfig,
  type RouteHandler,
} from "./handlers.ts";
export { staticFiles } from "./static_files.ts";
