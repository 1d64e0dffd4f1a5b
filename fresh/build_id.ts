/**
 * The id of this build, part of every URL that may be cached for ever.
 */
let current = "";

/** The query parameter of cache busting asset URLs. */
export const ASSET_PARAM = "__frsh_c";
/** The path below which the island bundle is served. */
export const JS_PREFIX = "/_fresh/js/";

/** Sets the build id, when the server starts. */
export function setBuildId(id: string): void {
  current = id;
}

/** The build id, or an empty string where there is none. */
export function getBuildId(): string {
  return current;
}
