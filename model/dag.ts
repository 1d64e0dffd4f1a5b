import { dagDepths } from "./dag_depth.ts";
import { type DagGroups, dagGroups } from "./dag_groups.ts";
import { type DagLinks, dagLinks } from "./dag_links.ts";

/**
 * A workflow's tasks as parallel arrays of `count` entries; `offsets` is count + 1 long and
 * `deps[offsets[t] .. offsets[t + 1]]` are the indexes of the tasks that task t depends on. Indexes
 * of no known task, self loops and repeats are allowed and ignored; cycles are tolerated.
 */
export interface DagInput {
  count: number;
  /** Task id per index. */
  ids: Int32Array;
  /** Index into `apps` per task. */
  app: Uint16Array | Int32Array;
  /** Index into `states` per task. */
  state: Uint8Array;
  apps: string[];
  states: string[];
  offsets: Int32Array;
  deps: Int32Array;
}

/** What colours mean. */
export type DagColour = "apps" | "states";

/** One task, at its depth in the DAG; `app` and `state` index the view's lists. */
export interface DagTaskNode {
  id: string;
  kind: "task";
  taskId: number;
  app: number;
  state: number;
  depth: number;
}

/** Tasks of one app (or, app -1, of several) at neighbouring depths. */
export interface DagGroupNode {
  id: string;
  kind: "group";
  app: number;
  /** The least depth of its tasks, and the greatest. */
  depth: number;
  deepest: number;
  /** How many tasks, and how many dependencies between two of them. */
  count: number;
  inner: number;
  /** [state index, tasks], in order of state index, none zero. */
  states: [number, number][];
  firstTaskId: number;
}

export type DagNode = DagTaskNode | DagGroupNode;

/**
 * `count` dependencies of tasks in `to` on tasks in `from` (node ids). Kind "n:1": many tasks of
 * `from` feed each one of `to`, and each feeds one; "1:n": one feeds many; "1:1" and "m:n" alike.
 */
export interface DagEdge {
  from: string;
  to: string;
  count: number;
  kind: "1:1" | "n:1" | "1:n" | "m:n";
}

/** The DAG to draw, plain JSON: nodes ordered by depth then app (tasks: by index), edges by node. */
export interface DagView {
  kind: "tasks" | "groups";
  colour: DagColour;
  /** Tasks in the workflow, and distinct dependencies between them. */
  tasks: number;
  dependencies: number;
  apps: string[];
  states: string[];
  /** Tasks per app and per state. */
  appCounts: number[];
  stateCounts: number[];
  nodes: DagNode[];
  edges: DagEdge[];
}

export interface DagOptions {
  colour: DagColour;
  /** The most nodes to return, at least 1; 300 unless told. */
  maxNodes?: number;
  /** The most groups to return when there are more tasks than `maxNodes`; else `maxNodes`, or 48 if that is not told. */
  maxGroups?: number;
}

/**
 * The graph to draw for a workflow: its tasks when there are at most `maxNodes`, else groups of
 * them, never more than `maxGroups`, which is what ELK lays out in well under a second. O(tasks + dependencies) and a function of its input alone.
 * Throws RangeError when the arrays do not match `count`.
 */
export function dagView(input: DagInput, options: DagOptions): DagView {
  const { count, offsets } = input;
  if (
    input.ids.length < count || input.app.length < count || input.state.length < count ||
    offsets.length !== count + 1 || offsets[count] > input.deps.length
  ) throw new RangeError(`DAG arrays do not hold ${count} tasks`);
  const maxNodes = Math.max(1, Math.floor(options.maxNodes ?? 300));
  const links = dagLinks(count, offsets, input.deps);
  const depth = dagDepths(links);
  const drawn = count <= maxNodes
    ? taskGraph(input, links, depth)
    : groupGraph(input, links, depth, Math.max(1, options.maxGroups ?? options.maxNodes ?? 48));
  return {
    kind: count <= maxNodes ? "tasks" : "groups",
    colour: options.colour,
    tasks: count,
    dependencies: links.deps.length,
    apps: input.apps,
    states: input.states,
    appCounts: tally(count, input.app, input.apps.length),
    stateCounts: tally(count, input.state, input.states.length),
    ...drawn,
  };
}

function tally(count: number, key: ArrayLike<number>, keys: number): number[] {
  const counts = new Array<number>(keys).fill(0);
  for (let task = 0; task < count; task++) counts[key[task]]++;
  return counts;
}

interface Graph {
  nodes: DagNode[];
  edges: DagEdge[];
}

function taskGraph(input: DagInput, links: DagLinks, depth: Int32Array): Graph {
  const nodes: DagNode[] = [];
  const edges: DagEdge[] = [];
  for (let task = 0; task < input.count; task++) {
    const taskId = input.ids[task];
    nodes.push({
      id: `t${taskId}`,
      kind: "task",
      taskId,
      app: input.app[task],
      state: input.state[task],
      depth: depth[task],
    });
    for (let i = links.userOffsets[task]; i < links.userOffsets[task + 1]; i++) {
      const to = `t${input.ids[links.users[i]]}`;
      edges.push({ from: `t${taskId}`, to, count: 1, kind: "1:1" });
    }
  }
  return { nodes, edges };
}

function groupGraph(
  input: DagInput,
  links: DagLinks,
  depth: Int32Array,
  maxNodes: number,
): Graph {
  const grouped = dagGroups(links, input.app, depth, maxNodes);
  const nodes = groupNodes(input, depth, grouped);
  return { nodes, edges: groupEdges(links, grouped, nodes) };
}

function groupNodes(input: DagInput, depth: Int32Array, grouped: DagGroups): DagGroupNode[] {
  const { groups, group, app } = grouped;
  const width = input.states.length;
  const least = new Int32Array(groups).fill(0x7fffffff);
  const most = new Int32Array(groups);
  const first = new Int32Array(groups).fill(0x7fffffff);
  const count = new Int32Array(groups);
  const states = new Int32Array(groups * width);
  for (let task = 0; task < input.count; task++) {
    const g = group[task];
    count[g]++;
    states[g * width + input.state[task]]++;
    if (depth[task] < least[g]) least[g] = depth[task];
    if (depth[task] > most[g]) most[g] = depth[task];
    if (input.ids[task] < first[g]) first[g] = input.ids[task];
  }
  return Array.from(app, (appIndex, g) => ({
    id: `g${appIndex < 0 ? "x" : appIndex}.${least[g]}`,
    kind: "group",
    app: appIndex,
    depth: least[g],
    deepest: most[g],
    count: count[g],
    inner: 0,
    states: input.states.map((_, s): [number, number] => [s, states[g * width + s]])
      .filter(([, tasks]) => tasks > 0),
    firstTaskId: first[g],
  }));
}

const SPREADS = 1;
const GATHERS = 2;
const KINDS = ["1:1", "1:n", "n:1", "m:n"] as const;

/** The edges between groups, ordered by (from, to); dependencies inside a group go to `inner`. */
function groupEdges(links: DagLinks, grouped: DagGroups, nodes: DagGroupNode[]): DagEdge[] {
  const { groups, group } = grouped;
  const found = new Map<number, { count: number; shape: number }>();
  const lastTask = new Int32Array(groups).fill(-1);
  for (let task = 0; task < links.count; task++) {
    const to = group[task];
    for (let i = links.depOffsets[task]; i < links.depOffsets[task + 1]; i++) {
      const from = group[links.deps[i]];
      if (from === to) {
        nodes[to].inner++;
        continue;
      }
      const key = from * groups + to;
      let edge = found.get(key);
      if (!edge) found.set(key, edge = { count: 0, shape: 0 });
      edge.count++;
      if (lastTask[from] === task) edge.shape |= GATHERS;
      lastTask[from] = task;
    }
  }
  lastTask.fill(-1);
  for (let task = 0; task < links.count; task++) {
    const from = group[task];
    for (let i = links.userOffsets[task]; i < links.userOffsets[task + 1]; i++) {
      const to = group[links.users[i]];
      if (to !== from && lastTask[to] === task) found.get(from * groups + to)!.shape |= SPREADS;
      lastTask[to] = task;
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([key, { count, shape }]) => ({
    from: nodes[Math.floor(key / groups)].id,
    to: nodes[key % groups].id,
    count,
    kind: KINDS[shape],
  }));
}
