/** How much is read in one go: reading must hold up neither a server nor a writer. */
import { setImmediate as turn } from "node:timers/promises";

/** Reading a slice and using it should take about this many milliseconds together. */
export const SLICE_TIME_MS = 9;
/** So many rows are looked at in one slice at least and at most, and under a lock. */
export const LEAST_ROWS = 100;
export const MOST_ROWS = 200_000;
export const LOCKED_ROWS = 1000;

/**
 * The size of the next slice by the milliseconds that reading and using this one took; null to keep
 * it as it is.
 */
export function nextWindow(
  window: number,
  used: number,
  read: number,
  waited: number,
  folded: number,
  time = SLICE_TIME_MS,
  least = LEAST_ROWS,
): number | null {
  // A writer interfered: stay with the size that went through, grow again when it is quiet.
  if (waited > 2 * read + 10) return Math.max(least, window);
  const factor = Math.min(2, time / (read + folded));
  if (factor >= 1 && used < window) return null;
  const next = Math.floor(window * Math.max(0.25, factor));
  return Math.min(MOST_ROWS, Math.max(least, next));
}

/** Lets what waits have its turn; answering a request takes several. A timer would take 2 ms. */
export async function turnOfOthers(): Promise<void> {
  for (let i = 0; i < 4; i++) await turn();
}
