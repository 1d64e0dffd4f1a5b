/**
 * What pages import as "fresh/runtime".
 */
import { ASSET_PARAM, getBuildId } from "./build_id.ts";

/** Adds the build id to the path of a static file, so that it can be cached for ever. */
export function asset(path: string): string {
  const id = getBuildId();
  if (id === "" || !path.startsWith("/") || path.startsWith("//")) return path;
  const url = new URL(path, "file:///");
  if (url.searchParams.has(ASSET_PARAM)) return path;
  url.searchParams.set(ASSET_PARAM, id);
  return url.pathname + url.search + url.hash;
}
