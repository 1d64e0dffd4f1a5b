import { SEVERAL } from "./apps.ts";
import { dagDepths } from "./depth.ts";
import type { EdgeKind } from "./edges.ts";
import type { DagLinks } from "./links.ts";
import type { DagStructure } from "./structure.ts";
import { dagTallies, type GroupTally } from "./tally.ts";
import type { DagTasks } from "./tasks.ts";

/** What colours mean. */
export const DAG_COLOURS = ["apps", "states", "duration", "host", "tries"] as const;
export type DagColour = typeof DAG_COLOURS[number];

/** The colouring that a URL names; by app unless it names one. */
export function dagColour(text: string | null): DagColour {
  return DAG_COLOURS.find((colour) => colour === text) ?? "apps";
}

/** One task, at its depth in the DAG; `app` and `state` index the view's lists. */
export interface DagTaskNode {
  id: string;
  kind: "task";
  taskId: number;
  app: number;
  state: number;
  depth: number;
  /** Whether it waited, or waits, for tasks that it started itself. */
  join: boolean;
}

/** Tasks of one app (or, app -1, of several) at neighbouring depths; what they are doing beside. */
export interface DagGroupNode extends GroupTally {
  /** The group keeps it while its workflow grows. */
  id: string;
  kind: "group";
  /** Index into the view's apps; -1 for several apps. */
  app: number;
  label: string;
  /** The least depth of its tasks, and the greatest. */
  depth: number;
  deepest: number;
  /** How many tasks, and how many dependencies between two of them. */
  count: number;
  inner: number;
  firstTaskId: number;
  /** Whether it can be opened, which shows what it is made of. */
  openable: boolean;
}

export type DagNode = DagTaskNode | DagGroupNode;

/** What is made of a node, by its kind. */
export function ofNode<T>(
  node: DagNode,
  make: { task: (node: DagTaskNode) => T; group: (node: DagGroupNode) => T },
): T {
  switch (node.kind) {
    case "task":
      return make.task(node);
    case "group":
      return make.group(node);
    default:
      throw new TypeError(`a node of no known kind: ${JSON.stringify(node satisfies never)}`);
  }
}

/** `count` dependencies of tasks in `to` on tasks in `from` (node ids); kinds as of `GroupEdge`. */
export interface DagEdge {
  from: string;
  to: string;
  count: number;
  kind: EdgeKind;
}

/** The DAG to draw, plain JSON: nodes ordered by depth then app (tasks: by index), edges by node. */
export interface DagView {
  kind: "tasks" | "groups";
  colour: DagColour;
  /** What colours by index mean: the most used hosts, at most 30. */
  colours: { hosts: string[] };
  /** Changes only when there are other nodes, or other pairs of nodes with an edge. */
  structure: number;
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

/** What a view says beside its nodes and edges. */
export interface Drawn {
  colour: DagColour;
  hosts: string[];
}

/** The view of groups. */
export function groupView(tasks: DagTasks, structure: DagStructure, drawn: Drawn): DagView {
  const { start, members, groups } = structure;
  const tallies = dagTallies(tasks, structure);
  const nodes = groups.map(({ id, app, label, depth, deepest, inner }, g): DagGroupNode => ({
    id,
    kind: "group",
    app: app === SEVERAL ? -1 : slot(app, tasks.apps),
    label: label ?? (app === SEVERAL ? "several apps" : tasks.apps[slot(app, tasks.apps)]),
    depth,
    deepest,
    count: start[g + 1] - start[g],
    inner,
    firstTaskId: tasks.ids[members[start[g]]],
    openable: start[g + 1] - start[g] > 1,
    ...tallies[g],
  }));
  const edges = structure.edges.map(({ from, to, count, kind }) => ({
    from: nodes[from].id,
    to: nodes[to].id,
    count,
    kind,
  }));
  const stateCounts = new Array<number>(tasks.states.length).fill(0);
  for (const { states } of tallies) for (const [state, n] of states) stateCounts[state] += n;
  const [unknown, ...appCounts] = structure.tasksOfApp;
  while (appCounts.length < tasks.apps.length) appCounts.push(0);
  appCounts[tasks.apps.length - 1] += unknown;
  const counts = { appCounts, stateCounts };
  return view("groups", tasks, structure.dependencies, { ...drawn, ...counts, nodes, edges });
}

/** The view of single tasks. */
export function dagTaskView(tasks: DagTasks, links: DagLinks, drawn: Drawn): DagView {
  const depth = dagDepths(links);
  const edges: DagEdge[] = [];
  const nodes: DagTaskNode[] = [];
  for (let task = 0; task < tasks.count; task++) {
    const id = `t${tasks.ids[task]}`;
    for (let i = links.offsets[task]; i < links.offsets[task + 1]; i++) {
      edges.push({ from: `t${tasks.ids[links.deps[i]]}`, to: id, count: 1, kind: "1:1" });
    }
    nodes.push({
      id,
      kind: "task",
      taskId: tasks.ids[task],
      app: slot(tasks.app[task], tasks.apps),
      state: slot(tasks.state[task], tasks.states),
      depth: depth[task],
      join: tasks.joins !== null && tasks.joins[task] !== 0,
    });
  }
  const counts = {
    appCounts: counted(tasks.count, tasks.app, tasks.apps),
    stateCounts: counted(tasks.count, tasks.state, tasks.states),
  };
  return view("tasks", tasks, links.deps.length, { ...drawn, ...counts, nodes, edges });
}

function view(
  kind: "tasks" | "groups",
  tasks: DagTasks,
  dependencies: number,
  drawn: Pick<DagView, "nodes" | "edges" | "appCounts" | "stateCounts"> & Drawn,
): DagView {
  const { colour, hosts, nodes, edges, ...counts } = drawn;
  return {
    kind,
    colour,
    colours: { hosts },
    structure: fingerprint(nodes, edges),
    tasks: tasks.count,
    dependencies,
    apps: tasks.apps,
    states: tasks.states,
    ...counts,
    nodes,
    edges,
  };
}

/** The place of an index in a list whose last entry stands for none. */
function slot(index: number, list: string[]): number {
  return index < 0 ? list.length - 1 : index;
}

function counted(count: number, key: ArrayLike<number>, list: string[]): number[] {
  const counts = new Int32Array(list.length);
  for (let task = 0; task < count; task++) counts[slot(key[task], list)]++;
  return [...counts];
}

/** A number of the nodes and of the pairs with an edge (FNV-1a), 0 or more. */
function fingerprint(nodes: DagNode[], edges: DagEdge[]): number {
  let hash = 0x811c9dc5;
  const take = (text: string) => {
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    }
    hash = Math.imul(hash ^ 10, 0x01000193);
  };
  for (const { id } of nodes) take(id);
  for (const { from, to } of edges) {
    take(from);
    take(to);
  }
  return hash >>> 0;
}
