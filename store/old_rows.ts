import type { RunRows } from "../model/run/rows.ts";
import type { OldTries } from "./old_tries.ts";

/**
 * Completes rows of a file that does not number tries: gives statuses and samples the numbers of
 * theirs, and adds the tries of all tasks that tasks and statuses are about.
 *
 * @param triesOf the tries of a task by its id
 * @param lacksInvoked tasks tell at most when they were submitted, which is when they were launched:
 *   they were invoked when they were first pending
 */
export function completeRows(
  rows: RunRows,
  triesOf: (taskId: number) => OldTries | null,
  lacksInvoked: boolean,
): void {
  const told = new Set<number>();
  for (const list of [rows.tasks, rows.statuses]) {
    for (const { taskId } of list) {
      if (told.has(taskId)) continue;
      told.add(taskId);
      rows.tries.push(...triesOf(taskId)?.tries ?? []);
    }
  }
  for (const task of lacksInvoked ? rows.tasks : []) {
    const pending = triesOf(task.taskId)?.pending ?? null;
    if (pending !== null) task.invoked = Math.min(task.invoked ?? Infinity, pending);
  }
  for (const status of rows.statuses) {
    status.tryId = triesOf(status.taskId)?.numberOf(status) ?? 0;
  }
  for (const sample of rows.resources) {
    sample.tryId = triesOf(sample.taskId)?.numberAt(sample.time) ?? 0;
  }
}
