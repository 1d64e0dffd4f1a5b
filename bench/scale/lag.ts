/** From a commit to when it was seen. */
import { median } from "../pages/requests.ts";

/** Tasks done as of a moment in epoch ms: what was committed, or what was seen. */
export type Count = readonly [time: number, done: number];

/** Milliseconds from commits to when they were seen. */
export interface Lag {
  median: number;
  /** Of 95 in 100 commits not more. */
  most95: number;
  /** Infinite when a commit was never seen. */
  longest: number;
  commits: number;
}

/** How long each commit took to be seen, itself or with later ones. */
export function lagOf(commits: readonly Count[], seen: readonly Count[]): Lag {
  const lags: number[] = [];
  let at = 0;
  for (const [time, done] of commits) {
    while (at < seen.length && seen[at][1] < done) at++;
    lags.push(at < seen.length ? Math.max(0, seen[at][0] - time) : Infinity);
  }
  if (lags.length === 0) throw new Error("nothing was committed");
  const sorted = lags.toSorted((a, b) => a - b);
  return {
    median: median(lags),
    most95: sorted[Math.ceil(sorted.length * 0.95) - 1],
    longest: sorted[sorted.length - 1],
    commits: lags.length,
  };
}
