import { memo } from "./memo.ts";
import type { Run } from "./run.ts";
import { isFailed } from "./states.ts";

/** Failures with the same cause. */
export interface FailureGroup {
  /** The exception as Python wrote it, numbers and addresses of one task replaced by an ellipsis. */
  cause: string;
  /** One of them, to the letter; of a very long one the end. */
  example: string;
  /** Ids of some of the tasks. */
  tasks: number[];
  /** How many tasks there are in all. */
  count: number;
  apps: string[];
  /** True when each of these tasks got over it in a later try. */
  recovered: boolean;
}

/** What failed and why: tries that failed, grouped by cause, the most frequent first. */
export function failureGroups(run: Run, perGroup = 20): FailureGroup[] {
  return memo(run, `failures ${perGroup}`, () => grouped(run, perGroup));
}

function grouped(run: Run, perGroup: number): FailureGroup[] {
  const groups = new Map<number, FailureGroup & { appSet: Set<number> }>();
  const failed = run.states.list.map(isFailed);
  for (let i = 0; i < run.failedTries.length; i++) {
    const attempt = run.failedTries.data[i];
    const task = run.tryTask.data[attempt];
    const cause = run.tryFailure.data[attempt];
    if (!isNewestWith(run, task, attempt, cause)) continue;
    let group = groups.get(cause);
    if (!group) {
      group = {
        cause: run.causes.list[cause],
        example: run.causes.examples[cause],
        tasks: [],
        count: 0,
        apps: [],
        recovered: true,
        appSet: new Set(),
      };
      groups.set(cause, group);
    }
    group.count++;
    if (group.tasks.length < perGroup) group.tasks.push(run.taskId.data[task]);
    group.appSet.add(run.taskApp.data[task]);
    if (failed[run.taskState.data[task]]) group.recovered = false;
  }
  return [...groups.values()]
    .sort((a, b) => Number(a.recovered) - Number(b.recovered) || b.count - a.count)
    .map(({ appSet, ...group }) => ({
      ...group,
      apps: Array.from(appSet, (app) => run.apps.at(app) ?? "unknown").sort(),
    }));
}

/** Whether a try is the last of its task's that failed of a cause: each task counts once. */
function isNewestWith(run: Run, task: number, attempt: number, cause: number): boolean {
  let at = run.taskLastTry.data[task];
  while (run.tryFailure.data[at] !== cause) at = run.tryPrev.data[at];
  return at === attempt;
}
