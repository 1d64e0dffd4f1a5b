/**
 * `deno task build`: makes what esbuild makes, for pages and for reports, unless it is there. The
 * commands find it, and so need not be allowed to start other programs.
 */
import { buildIslands } from "../fresh/dev.ts";
import { warn } from "../say.ts";
import { reportAssets } from "./report.ts";

/** Milliseconds after which it is said what takes so long. */
const LONG_MS = 1500;

const timer = setTimeout(
  () => warn("Building pages and reports; it is kept for the next time."),
  LONG_MS,
);
try {
  await Promise.all([buildIslands(new URL("..", import.meta.url)), reportAssets()]);
} finally {
  clearTimeout(timer);
}
