import type { DagGroupNode, DagTaskNode, DagView } from "../../model/dag/view.ts";

const FIGURES = {
  colour: "apps" as const,
  apps: ["fetch", "merge"],
  states: ["exec_done", "failed"],
  appCounts: [3, 1],
  stateCounts: [3, 1],
  colours: { hosts: ["n1"] },
  structure: 1,
};

/** Four tasks: 0 feeds 1 and 2, both feed 3. */
export function smallView(): DagView {
  const node = (taskId: number, depth: number): DagTaskNode => ({
    id: `t${taskId}`,
    kind: "task",
    taskId,
    app: taskId === 3 ? 1 : 0,
    state: taskId === 2 ? 1 : 0,
    depth,
    join: false,
  });
  const edge = (from: number, to: number) => ({
    from: `t${from}`,
    to: `t${to}`,
    count: 1,
    kind: "1:1" as const,
  });
  return {
    ...FIGURES,
    kind: "tasks",
    tasks: 4,
    dependencies: 4,
    nodes: [node(0, 0), node(1, 1), node(2, 1), node(3, 2)],
    edges: [edge(0, 1), edge(0, 2), edge(1, 3), edge(2, 3)],
  };
}

/** A group of the app with this index. */
export function group(id: string, app: number, count: number, failed = 0): DagGroupNode {
  return {
    id,
    kind: "group",
    app,
    label: FIGURES.apps[app],
    depth: app,
    deepest: app,
    count,
    inner: 0,
    states: failed ? [[0, count - failed], [1, failed]] : [[0, count]],
    firstTaskId: 0,
    failed,
    running: 0,
    finished: count,
    memo: 0,
    joins: 0,
    medianRun: 1500,
    totalRun: 1500 * count,
    openable: true,
  };
}

/** Two groups with an edge from the first to the second. */
export function groupsView(): DagView {
  return {
    ...FIGURES,
    kind: "groups",
    tasks: 4000,
    dependencies: 3000,
    nodes: [group("a", 0, 3000, 2), group("b", 1, 1000)],
    edges: [{ from: "a", to: "b", count: 3000, kind: "n:1" }],
  };
}
