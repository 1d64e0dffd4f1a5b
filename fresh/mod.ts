/**
 * The public API, as the "fresh" package has it, as far as the pages use it.
 */
export { App } from "./app.ts";
export { createDefine } from "./define.ts";
export { HttpError } from "./error.ts";
export { page, type RouteConfig } from "./handlers.ts";
export { staticFiles } from "./static_files.ts";
