/** The order in which tasks can run. */
import { ImportError } from "./import_error.ts";
import type { TraceTask } from "./trace.ts";

/** Tasks by what they wait for. */
export interface TaskGraph {
  /** By place of a task, the places of those that wait for it. */
  children: number[][];
  /** Places of all tasks, parents before children. */
  order: number[];
}

/**
 * Orders tasks.
 *
 * @throws {ImportError} when tasks wait for each other in a circle.
 */
export function graphOf(tasks: readonly TraceTask[]): TaskGraph {
  const children: number[][] = tasks.map(() => []);
  tasks.forEach((task, place) => {
    for (const parent of task.parents) children[parent].push(place);
  });
  const waitsFor = Int32Array.from(tasks, (task) => task.parents.length);
  const order: number[] = [];
  waitsFor.forEach((count, task) => {
    if (count === 0) order.push(task);
  });
  for (let next = 0; next < order.length; next++) {
    for (const child of children[order[next]]) {
      if (--waitsFor[child] === 0) order.push(child);
    }
  }
  if (order.length < tasks.length) {
    const { id } = tasks[inCircle(tasks, waitsFor)];
    throw new ImportError(`its tasks wait for each other in a circle, ${id} among them`);
  }
  return { children, order };
}

/** A task of a circle: from one that still waits, back to parents that do, until one comes twice. */
function inCircle(tasks: readonly TraceTask[], waitsFor: Int32Array): number {
  const seen = new Set<number>();
  let task = waitsFor.findIndex((count) => count > 0);
  while (!seen.has(task)) {
    seen.add(task);
    task = tasks[task].parents.find((parent) => waitsFor[parent] > 0)!;
  }
  return task;
}
