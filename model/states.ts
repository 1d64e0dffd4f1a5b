/**
 * Parsl's task states in the order in which a try passes through them. Rows of one try are ordered
 * by this rank before their clocks, because `running` (stamped by the worker) often carries an
 * earlier time than `launched` (stamped by the submit side).
 */
export const LIFECYCLE = [
  "pending",
  "launched",
  "running",
  "running_ended",
  "joining",
  "fail_retryable",
  "exec_done",
  "memo_done",
  "failed",
  "dep_fail",
] as const;

const RANKS = new Map<string, number>(LIFECYCLE.map((name, rank) => [name, Math.min(rank, 6)]));
const FINAL = new Set(["exec_done", "memo_done", "failed", "dep_fail"]);
const FAILED = new Set(["failed", "dep_fail"]);

/** Place of a state in a try's life, 0 first; states of other Parsl releases sit before the final ones. */
export function stateRank(state: string): number {
  return RANKS.get(state) ?? 5;
}

/** True when a task in this state will not change again. */
export function isFinal(state: string): boolean {
  return FINAL.has(state);
}

/** True when a task in this state has failed for good. */
export function isFailed(state: string): boolean {
  return FAILED.has(state);
}

/** The state of a try that failed and is tried again. */
export const RETRIED = "fail_retryable";

const BY_WORKER = new Set(["running", "running_ended"]);

/** True when the worker's clock stamps this state, not the submit host's. */
export function isStampedByWorker(state: string): boolean {
  return BY_WORKER.has(state);
}

/** True when a task in this state was never run, because a task that it depends on has failed. */
export function isNotRun(state: string): boolean {
  return state === "dep_fail";
}
