import { placed, type PlacedTask } from "./task.ts";
import type { DagShown } from "./task_place.ts";
import type { Run } from "../run/run.ts";
import { isFinal } from "../../parsl/states.ts";

/** The most tasks listed. */
const UNFINISHED = 100;
/** Whether an unfinished ancestor waits for others itself. */
const FREE = 1;
const HELD = 2;

/** What a task waits for. */
export interface Waiting {
  /** The first 100: those that wait for nothing themselves before the others, then by id. */
  unfinished: (PlacedTask & { app: string; state: string })[];
  more: number;
}

/**
 * The unfinished ancestors of a task by its index; a finished one's do not matter any more. A task
 * that is joining waits for the tasks that it joins.
 */
export function waitingFor(run: Run, task: number, shown: DagShown = {}): Waiting {
  const final = run.states.list.map(isFinal);
  const { data: states } = run.taskState;
  const joining = run.states.of("joining");
  const found = new Uint8Array(run.tasks);
  const stack = [task];
  let total = 0;
  while (stack.length > 0) {
    const at = stack.pop()!;
    let is = FREE;
    const needs = states[at] === joining ? run.joins.of(at) : run.dependenciesOf(at);
    for (let i = 0; i < needs.length; i++) {
      const other = run.indexOf(needs[i]);
      if (other === undefined || other === at || final[states[other]]) continue;
      is = HELD;
      if (found[other] !== 0 || other === task) continue;
      found[other] = FREE;
      total++;
      stack.push(other);
    }
    if (at !== task) found[at] = is;
  }
  const listed = [...firstOf(run, found, FREE), ...firstOf(run, found, HELD)];
  return {
    unfinished: listed.slice(0, UNFINISHED).map((other) => ({
      ...placed(run, other, shown),
      app: run.appOf(other),
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
