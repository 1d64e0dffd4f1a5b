/** The zone of a run whose file tells some times as seconds since 1970 and others as naive texts. */
import type { OldStatus, OldTask } from "./old_tries.ts";

const QUARTER_HOUR_MS = 900_000;
/** A naive time and the UTC time of the same moment differ from a zone's offset by less, in ms. */
const CLOSE_MS = 120_000;
const LEAST_MS = -12 * 3_600_000;
const MOST_MS = 14 * 3_600_000;

/**
 * How far a naive clock is ahead of UTC, in ms, to the quarter hour; null when nothing tells.
 *
 * @param pairs UTC ms and naive ms of moments that should be nearly the same
 */
export function zoneOffset(pairs: readonly (readonly [utc: number, naive: number])[]) {
  const votes = new Map<number, number>();
  for (const [utc, naive] of pairs) {
    const offset = Math.round((naive - utc) / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
    const fits = offset >= LEAST_MS && offset <= MOST_MS &&
      Math.abs(naive - utc - offset) < CLOSE_MS;
    if (fits) votes.set(offset, (votes.get(offset) ?? 0) + 1);
  }
  let best: number | null = null;
  for (const [offset, count] of votes) {
    if (best === null || count > votes.get(best)!) best = offset;
  }
  return best;
}

/**
 * How far a run's naive clock is ahead of UTC, in ms, by the ends of tasks, of which table `task`
 * tells the UTC time and table `status` the naive one; null when nothing tells.
 *
 * @param tasks some of the run's, their times taken for UTC
 * @param statuses all of these tasks
 */
export function runOffset(tasks: readonly OldTask[], statuses: Iterable<OldStatus>): number | null {
  const ends = new Map<number, number>();
  const begins = new Map<number, number>();
  for (const { taskId, time } of statuses) {
    ends.set(taskId, Math.max(ends.get(taskId) ?? -Infinity, time));
    begins.set(taskId, Math.min(begins.get(taskId) ?? Infinity, time));
  }
  const pairs = (times: Map<number, number>, utc: "returned" | "launched") =>
    tasks.flatMap((task): [number, number][] => {
      const [ofTask, ofStatus] = [task[utc], times.get(task.taskId)];
      return ofTask === null || ofStatus === undefined ? [] : [[ofTask, ofStatus]];
    });
  return zoneOffset(pairs(ends, "returned")) ?? zoneOffset(pairs(begins, "launched"));
}
