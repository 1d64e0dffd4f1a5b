// The DAG of a workflow that is given as arrays, without a run.

import type { DagLevel } from "../../model/dag/levels.ts";
import { dagLinks } from "../../model/dag/links.ts";
import { MOST_TASKS } from "../../model/dag/nodes.ts";
import { dagStructure } from "../../model/dag/structure.ts";
import type { DagTasks } from "../../model/dag/tasks.ts";
import { type DagColour, dagTaskView, type DagView, groupView } from "../../model/dag/view.ts";

/**
 * A workflow's tasks as parallel arrays of `count` entries; `offsets` is count + 1 long and
 * `deps[offsets[t] .. offsets[t + 1]]` are the indexes of the tasks that task t depends on. Indexes
 * of no known task, self loops and repeats are allowed and ignored; cycles are tolerated.
 */
export interface DagInput {
  count: number;
  /** Task id per index, ascending. */
  ids: Int32Array;
  /** Index into `apps` per task. */
  app: Uint16Array | Int32Array;
  /** Index into `states` per task. */
  state: Uint8Array;
  apps: string[];
  states: string[];
  offsets: Int32Array;
  deps: Int32Array;
  /** Not 0 for a task that is a join; without it there are none. */
  joins?: Uint8Array;
}

export interface DagOptions {
  colour: DagColour;
  /** The most nodes to return, at least 1; 300 unless told. */
  maxNodes?: number;
  /** The most groups when there are more tasks than `maxNodes`; else `maxNodes`, at most 200. */
  maxGroups?: number;
  /** How coarse groups are; what reads best unless told. */
  level?: DagLevel;
}

/**
 * The graph to draw for a workflow: its tasks when there are at most `maxNodes`, else groups of them,
 * never more than `maxGroups`.
 */
export function dagView(input: DagInput, options: DagOptions): DagView {
  const { count, offsets } = input;
  const tasks: DagTasks = { ...input, joins: input.joins ?? null, order: null, tries: null };
  const links = dagLinks(count, offsets.slice(), input.deps.slice());
  const { colour } = options;
  const maxNodes = Math.max(1, Math.floor(options.maxNodes ?? MOST_TASKS));
  if (count <= maxNodes) return dagTaskView(tasks, links, { colour, hosts: [] });
  const most = options.maxGroups ?? options.maxNodes;
  const structure = dagStructure(tasks, links, { most, level: options.level });
  return groupView(tasks, structure, { colour, hosts: [] });
}
