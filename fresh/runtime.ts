/**
 * What pages and islands import as "fresh/runtime", on the server and in the browser alike.
 */
import { ASSET_PARAM, getBuildId } from "./build_id.ts";

export { Head } from "./head.ts";

/** Whether this code runs in a browser. */
export const IS_BROWSER: boolean = typeof document !== "undefined";

/** Adds the build id to the path of a static file, so that it can be cached for ever. */
export function asset(path: string): string {
  const id = getBuildId();
  if (id === "" || !path.startsWith("/") || path.startsWith("//")) return path;
  const url = new URL(path, "file:///");
  if (url.searchParams.has(ASSET_PARAM)) return path;
  url.searchParams.set(ASSET_PARAM, id);
  return url.pathname + url.search + url.hash;
}

/** Does the same as {@link asset} for every URL of a `srcset`. */
export function assetSrcSet(srcset: string): string {
  if (srcset.includes("(")) return srcset;
  return srcset.split(",").map((part) => {
    const [, before, path, after] = /^(\s*)(\S*)([\s\S]*)$/.exec(part)!;
    return before + asset(path) + after;
  }).join(",");
}
