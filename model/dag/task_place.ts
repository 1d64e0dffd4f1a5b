import type { DagNodes } from "./nodes.ts";
import { openedGroup } from "./open.ts";
import { runDag } from "./run.ts";
import type { DagStructure } from "./structure.ts";
import type { Run } from "../run/run.ts";

/**
 * Where a task stands in the drawn DAG: its node, and its place among that node's tasks in the order
 * of their ids. A task that came after the last condensation has no place yet: "" and -1.
 */
export interface DagPlace {
  group: string;
  index: number;
}

/** How a graph is drawn: of what, and which of its groups are open; those in closed ones do not matter. */
export interface DagShown {
  /** See `runDag`. */
  nodes?: DagNodes;
  opened?: ReadonlySet<string>;
}

/** The place of a task by its index in the run, in the innermost of the groups that are open. */
export function placeOf(run: Run, task: number, { nodes, opened }: DagShown = {}): DagPlace {
  const { links, structure } = runDag(run, nodes);
  if (task >= links.count) return { group: "", index: -1 };
  const single = { group: `t${run.taskId.data[task]}`, index: 0 };
  if (!structure) return single;
  const ids = run.taskId.data;
  let place = placeIn(structure, task, (other) => ids[other]);
  while (opened?.has(place.group)) {
    const inside = openedGroup(run, place.group);
    if (!inside) break;
    if (!inside.structure) return single;
    place = placeIn(inside.structure, place.index, (position) => position);
  }
  return place;
}

/**
 * The box in which a task of a structure is drawn, and its place among the tasks of that box: these
 * stand in the order of the numbers that `rank` gives them.
 */
function placeIn(
  { group, groups, start, members }: DagStructure,
  task: number,
  rank: (task: number) => number,
): DagPlace {
  const g = group[task];
  let low = start[g];
  let high = start[g + 1] - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rank(members[middle]) < rank(task)) low = middle + 1;
    else high = middle;
  }
  return { group: groups[g].id, index: low - start[g] };
}
