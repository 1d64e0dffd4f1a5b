/** From the names of parents and children to places of tasks. */
import type { TraceTask, UnlinkedTask } from "./trace.ts";

/**
 * Gives every task its parents as places. An edge may be told at either end, or at both; those to
 * tasks that the trace does not have are counted and left out. Of tasks that share a name, the first
 * is meant.
 */
export function linkTasks(
  unlinked: readonly UnlinkedTask[],
): { tasks: TraceTask[]; unknownLinks: number } {
  const places = new Map<string, number>();
  unlinked.forEach(({ names }, place) => {
    for (const name of names) if (!places.has(name)) places.set(name, place);
  });
  const parents = unlinked.map(() => new Set<number>());
  let unknownLinks = 0;
  unlinked.forEach((task, place) => {
    for (const name of task.parents) {
      const parent = places.get(name);
      if (parent === undefined) unknownLinks++;
      else parents[place].add(parent);
    }
    for (const name of task.children) {
      const child = places.get(name);
      if (child === undefined) unknownLinks++;
      else parents[child].add(place);
    }
  });
  const tasks = unlinked.map(({ names: _, children: __, ...task }, place) => ({
    ...task,
    runtime: task.runtime ?? 0,
    parents: [...parents[place]].sort((a, b) => a - b),
  }));
  return { tasks, unknownLinks };
}
