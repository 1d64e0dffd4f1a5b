import { runDag } from "./dag_run.ts";
import type { Run } from "./run.ts";

/**
 * Where a task stands in the drawn DAG: its node, and its place among that node's tasks in the order
 * of their ids. A task that came after the last condensation has no place yet: "" and -1.
 */
export interface DagPlace {
  group: string;
  index: number;
}

/** The place of a task by its index in the run. */
export function placeOf(run: Run, task: number): DagPlace {
  const { structure } = runDag(run);
  if (!structure) return { group: `t${run.taskId.data[task]}`, index: 0 };
  if (task >= structure.count) return { group: "", index: -1 };
  const g = structure.group[task];
  const ids = run.taskId.data;
  let low = structure.start[g];
  let high = structure.start[g + 1] - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ids[structure.members[middle]] < ids[task]) low = middle + 1;
    else high = middle;
  }
  return { group: structure.groups[g].id, index: low - structure.start[g] };
}
