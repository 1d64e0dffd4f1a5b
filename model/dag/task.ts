import { type DagPlace, type DagShown, placeOf } from "./task_place.ts";
import { tasksOfNode } from "./open.ts";
import { runUsers } from "./run.ts";
import { runTime } from "../figures/figures.ts";
import { matchingTasks } from "../tasks/search.ts";
import type { Run } from "../run/run.ts";

/** A task and where it stands in the drawn DAG. */
export interface PlacedTask extends DagPlace {
  taskId: number;
}

/** What the DAG says about a task that is pointed at. Times naive ms; null is unknown. */
export interface DagTaskAnswer extends PlacedTask {
  app: string;
  state: string;
  invoked: number | null;
  /** Of its newest try: when it started on a worker and ended, and the ms between. */
  began: number | null;
  ended: number | null;
  duration: number | null;
  host: string | null;
  executor: string | null;
  tries: number;
  /** Whether it waited, or waits, for tasks that it started itself. */
  join: boolean;
  /** What its newest failure says last. */
  failure: string | null;
  /** The first 200 tasks that it depends on or joins, and that depend on it or join it. */
  dependencies: PlacedTask[];
  moreDependencies: number;
  dependents: PlacedTask[];
  moreDependents: number;
}

/** The most tasks listed beside one. */
const LISTED = 200;
/** The most tasks found that are listed. */
const FOUND = 50;

/** The index of the task at a place among those of a node; undefined when there is none. */
export function taskAt(run: Run, group: string, index: number): number | undefined {
  return tasksOfNode(run, group)?.[index];
}

/** About a task by its index in the run; places are in the graph as it is drawn. */
export function dagTask(run: Run, task: number, shown: DagShown = {}): DagTaskAnswer {
  const attempt = run.taskLastTry.data[task];
  const ran = attempt >= 0;
  const needs = [run.dependenciesOf(task), run.joins.of(task)];
  const own = run.taskId.data[task];
  const distinct = [...new Set(needs.flatMap((ids) => [...ids.subarray(0, 10 * LISTED)]))]
    .filter((id) => id !== own);
  const unseen = needs.reduce((sum, ids) => sum + Math.max(0, ids.length - 10 * LISTED), 0);
  const { offsets, users } = runUsers(run);
  const dependents = users.subarray(offsets[task] ?? 0, offsets[task + 1] ?? 0);
  return {
    ...placed(run, task, shown),
    app: run.appOf(task),
    state: run.stateOf(task),
    invoked: run.taskInvoked.get(task),
    began: ran ? run.tryRunning.get(attempt) : null,
    ended: ran ? run.tryEnded.get(attempt) : null,
    duration: ran ? runTime(run, attempt) : null,
    host: ran ? run.names.at(run.tryHost.data[attempt]) : null,
    executor: ran ? run.names.at(run.tryExecutor.data[attempt]) : null,
    tries: run.taskTries.data[task],
    join: run.joins.has(task),
    failure: failureOf(run, task),
    dependencies: distinct.slice(0, LISTED).map((taskId) => {
      const index = run.indexOf(taskId);
      return index === undefined ? { taskId, group: "", index: -1 } : placed(run, index, shown);
    }),
    moreDependencies: Math.max(0, distinct.length - LISTED) + unseen,
    dependents: Array.from(dependents.subarray(0, LISTED), (other) => placed(run, other, shown)),
    moreDependents: Math.max(0, dependents.length - LISTED),
  };
}

/** A task by its index, and where it stands. */
export function placed(run: Run, task: number, shown: DagShown): PlacedTask {
  return { taskId: run.taskId.data[task], ...placeOf(run, task, shown) };
}

function failureOf(run: Run, task: number): string | null {
  for (let at = run.taskLastTry.data[task]; at >= 0; at = run.tryPrev.data[at]) {
    const cause = run.tryFailure.data[at];
    if (cause >= 0) return run.causes.list[cause];
  }
  return null;
}

/** How many tasks a search finds, and the first of them. */
export interface FoundTasks {
  matches: number;
  first: PlacedTask[];
}

/** The tasks that a search finds, as in the task table; the first 50 with their places. */
export function findTasks(run: Run, search: string, shown: DagShown = {}): FoundTasks {
  if (search.trim() === "") return { matches: 0, first: [] };
  const tasks = matchingTasks(run, { search, state: "", app: null });
  const first = Array.from(tasks.subarray(0, FOUND), (task) => placed(run, task, shown));
  return { matches: tasks.length, first };
}
