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

export type TaskState = typeof LIFECYCLE[number];

/** What older releases called a state, and which of today's it is. */
const OLD_NAMES: ReadonlyMap<string, TaskState> = new Map([
  ["unsched", "pending"],
  ["runnable", "pending"],
  ["retry", "fail_retryable"],
  ["done", "exec_done"],
]);

const KNOWN = new Set<string>(LIFECYCLE);
const RANKS = new Map<string, number>(LIFECYCLE.map((name, rank) => [name, Math.min(rank, 6)]));
const FINAL = new Set<string>(["exec_done", "memo_done", "failed", "dep_fail"]);
const FAILED = new Set<string>(["failed", "dep_fail"]);

/**
 * The state of today that a name stands for, whatever release wrote it; null for a name that is not
 * known. Names themselves are shown and given out as they were written.
 */
export function stateOf(name: string): TaskState | null {
  return KNOWN.has(name) ? name as TaskState : OLD_NAMES.get(name) ?? null;
}

/** Place of a state in a try's life, 0 first; states of other Parsl releases sit before the final ones. */
export function stateRank(state: string): number {
  return RANKS.get(state) ?? RANKS.get(stateOf(state) ?? "") ?? 5;
}

/** Place of a state in the life cycle, in which no two are equal; those not known come last. */
export function statePlace(state: string): number {
  const known = stateOf(state);
  return known === null ? LIFECYCLE.length : LIFECYCLE.indexOf(known);
}

/** True when a task in this state will not change again. */
export function isFinal(state: string): boolean {
  return FINAL.has(stateOf(state) ?? "");
}

/** True when a task in this state has failed for good. */
export function isFailed(state: string): boolean {
  return FAILED.has(stateOf(state) ?? "");
}

/** True when a task in this state was run and succeeded. */
export function isCompleted(state: string): boolean {
  return stateOf(state) === "exec_done";
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
