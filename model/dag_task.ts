import { type DagPlace, placeOf } from "./dag_place.ts";
import { tasksOfNode } from "./dag_open.ts";
import { runUsers } from "./dag_run.ts";
import { runTime } from "./figures.ts";
import { matchingTasks } from "./task_search.ts";
import { isFinal } from "./states.ts";
import type { Run } from "./run.ts";

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
  /** What its newest failure says last. */
  failure: string | null;
  /** The first 200 tasks that it depends on, and that depend on it. */
  dependencies: PlacedTask[];
  moreDependencies: number;
  dependents: PlacedTask[];
  moreDependents: number;
}

/** The most tasks listed beside one. */
const LISTED = 200;
/** The most tasks found that are listed, and the most unfinished ones. */
const FOUND = 50;
const UNFINISHED = 100;
/** Whether an unfinished ancestor waits for others itself. */
const FREE = 1;
const HELD = 2;

/** The index of the task at a place among those of a node; undefined when there is none. */
export function taskAt(run: Run, group: string, index: number): number | undefined {
  return tasksOfNode(run, group)?.[index];
}

/** About a task by its index in the run. */
export function dagTask(run: Run, task: number): DagTaskAnswer {
  const attempt = run.taskLastTry.data[task];
  const ran = attempt >= 0;
  const depends = run.dependenciesOf(task);
  const distinct = [...new Set(depends.subarray(0, 10 * LISTED))];
  const { offsets, users } = runUsers(run);
  const dependents = users.subarray(offsets[task] ?? 0, offsets[task + 1] ?? 0);
  return {
    ...placed(run, task),
    app: run.apps.at(run.taskApp.data[task]) ?? "unknown",
    state: run.stateOf(task),
    invoked: run.taskInvoked.get(task),
    began: ran ? run.tryRunning.get(attempt) : null,
    ended: ran ? run.tryEnded.get(attempt) : null,
    duration: ran ? runTime(run, attempt) : null,
    host: ran ? run.names.at(run.tryHost.data[attempt]) : null,
    executor: ran ? run.names.at(run.tryExecutor.data[attempt]) : null,
    tries: run.taskTries.data[task],
    failure: failureOf(run, task),
    dependencies: distinct.slice(0, LISTED).map((taskId) => {
      const index = run.indexOf(taskId);
      return index === undefined ? { taskId, group: "", index: -1 } : placed(run, index);
    }),
    moreDependencies: Math.max(0, distinct.length - LISTED) +
      Math.max(0, depends.length - 10 * LISTED),
    dependents: Array.from(dependents.subarray(0, LISTED), (other) => placed(run, other)),
    moreDependents: Math.max(0, dependents.length - LISTED),
  };
}

function placed(run: Run, task: number): PlacedTask {
  return { taskId: run.taskId.data[task], ...placeOf(run, task) };
}

function failureOf(run: Run, task: number): string | null {
  for (let at = run.taskLastTry.data[task]; at >= 0; at = run.tryPrev.data[at]) {
    const cause = run.tryFailure.data[at];
    if (cause >= 0) return run.causes.list[cause];
  }
  return null;
}

/** The tasks that a search finds, as in the task table; the first 50 with their places. */
export function findTasks(run: Run, search: string): { matches: number; first: PlacedTask[] } {
  if (search.trim() === "") return { matches: 0, first: [] };
  const tasks = matchingTasks(run, { search, state: "", app: "" });
  const first = Array.from(tasks.subarray(0, FOUND), (task) => placed(run, task));
  return { matches: tasks.length, first };
}

/** What a task waits for. */
export interface Waiting {
  /** The first 100: those that wait for nothing themselves before the others, then by id. */
  unfinished: (PlacedTask & { app: string; state: string })[];
  more: number;
}

/** The unfinished ancestors of a task by its index; a finished one's do not matter any more. */
export function waitingFor(run: Run, task: number): Waiting {
  const final = run.states.list.map(isFinal);
  const { data: starts } = run.depStart;
  const { data: lengths } = run.depCount;
  const { data: ids } = run.depIds;
  const { data: states } = run.taskState;
  const found = new Uint8Array(run.tasks);
  const stack = [task];
  let total = 0;
  while (stack.length > 0) {
    const at = stack.pop()!;
    let is = FREE;
    const end = starts[at] + lengths[at];
    for (let i = starts[at]; i < end; i++) {
      const dep = run.indexOf(ids[i]);
      if (dep === undefined || dep === at || final[states[dep]]) continue;
      is = HELD;
      if (found[dep] !== 0 || dep === task) continue;
      found[dep] = FREE;
      total++;
      stack.push(dep);
    }
    if (at !== task) found[at] = is;
  }
  const listed = [...firstOf(run, found, FREE), ...firstOf(run, found, HELD)];
  return {
    unfinished: listed.slice(0, UNFINISHED).map((other) => ({
      ...placed(run, other),
      app: run.apps.at(run.taskApp.data[other]) ?? "unknown",
      state: run.stateOf(other),
    })),
    more: Math.max(0, total - UNFINISHED),
  };
}

/** The first tasks with a mark in the order of their ids, no more than are listed. */
function firstOf(run: Run, marks: Uint8Array, mark: number): number[] {
  const order = run.inOrder ? null : run.tasksById();
  const first: number[] = [];
  for (let i = 0; i < marks.length && first.length < UNFINISHED; i++) {
    const task = order ? order[i] : i;
    if (marks[task] === mark) first.push(task);
  }
  return first;
}
