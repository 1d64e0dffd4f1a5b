import type { DagNode, DagView } from "../model/dag.ts";
import type { DagPoint, DagShape } from "./dag_layout.ts";

const SIZE = { task: { width: 120, height: 26 }, group: { width: 172, height: 54 } };

/** Room between depths: groups' edges carry labels. */
const GAP = { tasks: 56, groups: 96 };

/** The boxes and edges of a view, without what they mean. */
export function dagShape(view: DagView): DagShape {
  return {
    nodes: view.nodes.map(({ id, kind, depth }) => ({ id, depth, ...SIZE[kind] })),
    edges: view.edges,
    gap: GAP[view.kind],
  };
}

/** Equal for two views exactly when one layout serves both. */
export function dagStructure(view: DagView): string {
  const nodes = view.nodes.map(({ id }) => id).join(",");
  return `${nodes};${view.edges.map(({ from, to }) => `${from}>${to}`).join(",")}`;
}

/** Whether a task in this state failed for good, itself or through a dependency. */
export function isFailed(state: string): boolean {
  return state === "failed" || state === "dep_fail";
}

/** How many tasks of a node failed for good. */
export function failures(view: DagView, node: DagNode): number {
  return nodeStates(node).reduce((sum, [s, n]) => isFailed(view.states[s]) ? sum + n : sum, 0);
}

/** A node's tasks by state, as [state index, tasks]. */
export function nodeStates(node: DagNode): [number, number][] {
  return node.kind === "group" ? node.states : [[node.state, 1]];
}

/** The name of a node's app. */
export function dagAppName(view: DagView, node: DagNode): string {
  return node.app < 0 ? "other apps" : view.apps[node.app];
}

/** A line as SVG path data, its corners rounded by curving through the middle of each segment. */
export function linePath(line: DagPoint[]): string {
  if (line.length < 2) return "";
  let path = `M${at(line[0])}`;
  for (let i = 1; i < line.length - 1; i++) {
    const end = i === line.length - 2 ? line[i + 1] : middle(line[i], line[i + 1]);
    path += `Q${at(line[i])} ${at(end)}`;
  }
  return line.length === 2 ? `${path}L${at(line[1])}` : path;
}

/** Where a line's label goes: halfway along its points. */
export function lineMiddle(line: DagPoint[]): DagPoint {
  const right = Math.floor(line.length / 2);
  return line.length % 2 ? line[right] : middle(line[right - 1], line[right]);
}

function middle(a: DagPoint, b: DagPoint): DagPoint {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function at({ x, y }: DagPoint): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
