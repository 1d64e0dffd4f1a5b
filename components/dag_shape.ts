import type { DagNode, DagView } from "../model/dag.ts";
import { groupSize } from "./dag_grid.ts";
import type { DagPoint, DagShape } from "./dag_layout.ts";
import type { Size } from "./dag_camera.ts";

/** The size of the box of a task. */
export const TASK_SIZE: Size = { width: 120, height: 26 };

/** Room between depths: groups' edges carry labels. */
const GAP = { tasks: 48, groups: 96 };

/** The boxes and edges of a view, without what they mean; `sizes` has those of opened groups. */
export function dagShape(view: DagView, sizes: ReadonlyMap<string, Size>): DagShape {
  return {
    nodes: view.nodes.map((node) => ({
      id: node.id,
      depth: node.depth,
      ...sizes.get(node.id) ?? (node.kind === "task" ? TASK_SIZE : groupSize(node.count)),
    })),
    edges: view.edges,
    gap: GAP[view.kind],
  };
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
  if (node.kind === "group" && node.label) return node.label;
  return view.apps[node.app] ?? "several apps";
}

/** The point of a line at which its label goes: the middle of its longest piece. */
export function lineMiddle(line: DagPoint[]): DagPoint & { length: number } {
  let best = { x: 0, y: 0, length: -1 };
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1], line[i]];
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    if (length > best.length) best = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, length };
  }
  return best;
}
