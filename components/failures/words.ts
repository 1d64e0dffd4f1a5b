import type { FailureGroup } from "../../model/figures/failures.ts";
import type { RunHead } from "../../model/views/head.ts";
import { count } from "../../looks/format.ts";

const OPEN_WORDS: Record<RunHead["status"], string> = {
  running: "may be retried",
  completed: "unfinished",
  failed: "unfinished",
  lost: "unfinished",
};

/** What is said of tasks that failed and have not ended: only a run that goes on may try again. */
export function openWord(status: RunHead["status"]): string {
  return OPEN_WORDS[status];
}

/** How many tasks of a group ended how; what there is none of is left out. */
export function failureWords(group: FailureGroup, status: RunHead["status"]): string {
  const parts: [number, string][] = [
    [group.failed, "failed"],
    [group.notRun, "not run (dependency failed)"],
    [group.open, openWord(status)],
    [group.saved, "saved by a retry"],
    [group.again, "failed again, of another cause"],
  ];
  return parts.filter(([tasks]) => tasks > 0)
    .map(([tasks, word]) => `${count(tasks)} ${word}`).join(", ");
}

/** Whether all tasks of a group got over it. */
export function isSaved({ failed, notRun, open, again }: FailureGroup): boolean {
  return failed + notRun + open + again === 0;
}
