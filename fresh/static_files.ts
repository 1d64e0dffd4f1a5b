/**
 * The middleware that serves static/ and the island bundle, with ETags and cache headers. Only files
 * found when the project was loaded are served, so no path can lead out of the folder.
 */
import { ASSET_PARAM, JS_PREFIX } from "./build_id.ts";
import { type Context, makingOf } from "./context.ts";
import type { Middleware } from "./handlers.ts";
import { isServed, type ServedProject } from "./project.ts";

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml; charset=utf-8",
};

const IMMUTABLE = "public, max-age=31536000, immutable";

function typeOf(path: string): string {
  return TYPES[path.slice(path.lastIndexOf(".") + 1).toLowerCase()] ?? "application/octet-stream";
}

/** Serves the project's static files and its browser code. */
export function staticFiles<State = unknown>(): Middleware<State> {
  return async function serveStatic(ctx: Context<State>): Promise<Response> {
    const { project } = makingOf(ctx);
    if (!isServed(project)) return await ctx.next();
    let path: string;
    try {
      path = decodeURIComponent(ctx.url.pathname);
    } catch {
      return await ctx.next();
    }
    if (path.startsWith(JS_PREFIX)) {
      return await serveBundle(ctx, project, path) ?? await ctx.next();
    }
    const file = project.staticFiles.get(path);
    if (file === undefined) return await ctx.next();
    if (ctx.req.method !== "GET" && ctx.req.method !== "HEAD") {
      return new Response("Method Not Allowed", { status: 405, headers: { allow: "GET, HEAD" } });
    }

    const wanted = ctx.url.searchParams.get(ASSET_PARAM);
    if (wanted !== null && wanted !== project.buildId) {
      const url = new URL(ctx.url);
      url.searchParams.delete(ASSET_PARAM);
      return new Response(null, { status: 307, headers: { location: url.pathname + url.search } });
    }
    const body = await file();
    if (body === null) return await ctx.next();
    const etag = await etagOf(body);
    const headers = new Headers({
      "content-type": typeOf(path),
      "cache-control": wanted !== null ? IMMUTABLE : "no-cache",
      vary: "If-None-Match",
      etag,
    });
    const match = ctx.req.headers.get("if-none-match");
    if (match !== null && match.split(",").some((m) => m.trim().replace(/^W\//, "") === etag)) {
      return new Response(null, { status: 304, headers });
    }
    headers.set("content-length", String(body.byteLength));
    return new Response(ctx.req.method === "HEAD" ? null : body, { headers });
  };
}

async function etagOf(body: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body)).subarray(0, 16);
  return `"${hash.toHex()}"`;
}

async function serveBundle<State>(
  ctx: Context<State>,
  project: ServedProject,
  path: string,
): Promise<Response | null> {
  const [buildId, name] = path.slice(JS_PREFIX.length).split("/", 2);
  if (buildId !== project.buildId || name === undefined) return null;
  const body = (await project.bundle).files.get(name);
  if (body === undefined) return null;
  const headers = {
    "content-type": typeOf(name),
    "cache-control": IMMUTABLE,
    "content-length": String(body.byteLength),
  };
  return new Response(ctx.req.method === "HEAD" ? null : body, { headers });
}
