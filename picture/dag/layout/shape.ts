import { type DagNode, type DagView, ofNode } from "../../../model/dag/view.ts";
import { isFailed } from "../../../parsl/states.ts";
import { groupSize } from "./grid.ts";
import type { DagShape } from "./layout.ts";
import type { DagPoint } from "../../geometry.ts";
import type { Size } from "../../geometry.ts";
import { nameText } from "../../../looks/format.ts";

/** The boxes of tasks are as wide as the longest name needs, within these bounds. */
const TASK = { height: 26, least: 96, most: 168, letter: 6.4, beside: 44 };

/** Room between depths: groups' edges carry labels. */
const GAP = { tasks: 48, groups: 96 };

/**
 * The boxes and edges of a view, without what they mean, for a window of the size `room`; `sizes`
 * has those of opened groups.
 */
export function dagShape(view: DagView, sizes: ReadonlyMap<string, Size>, room: Size): DagShape {
  const task = taskSize(view);
  return {
    nodes: view.nodes.map((node) => ({
      id: node.id,
      depth: node.depth,
      ...sizes.get(node.id) ??
        ofNode(node, {
          task: () => task,
          group: ({ count }) => groupSize(count, dagAppName(view, node)),
        }),
    })),
    edges: view.edges,
    gap: GAP[view.kind],
    room,
  };
}

/** The size of the boxes of a view's tasks. */
export function taskSize(view: DagView): Size {
  let letters = 0;
  for (const node of view.nodes) {
    if (node.kind === "task") letters = Math.max(letters, dagAppName(view, node).length);
  }
  const { height, least, most, letter, beside } = TASK;
  return { width: Math.round(Math.min(most, Math.max(least, beside + letters * letter))), height };
}

/** How many tasks of a node failed for good. */
export function failures(view: DagView, node: DagNode): number {
  return nodeStates(node).reduce((sum, [s, n]) => isFailed(view.states[s]) ? sum + n : sum, 0);
}

/** A node's tasks by state, as [state index, tasks]. */
export function nodeStates(node: DagNode): [number, number][] {
  return ofNode<[number, number][]>(node, {
    task: ({ state }) => [[state, 1]],
    group: ({ states }) => states,
  });
}

/** How many tasks a node stands for. */
export function nodeTasks(node: DagNode): number {
  return ofNode(node, { task: () => 1, group: ({ count }) => count });
}

/** The name of a node's app. */
export function dagAppName(view: DagView, node: DagNode): string {
  if (node.kind === "group" && node.label) return nameText(node.label);
  const app = view.apps[node.app];
  return app === undefined ? "several apps" : nameText(app);
}

/** The middle of the longest piece of a line, and which way it goes there (of length 1). */
export function lineMiddle(line: DagPoint[]): DagPoint & { ux: number; uy: number } {
  let best = { x: 0, y: 0, ux: 1, uy: 0 };
  let most = 0;
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1], line[i]];
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    if (length <= most) continue;
    most = length;
    const [ux, uy] = [(b.x - a.x) / length, (b.y - a.y) / length];
    best = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, ux, uy };
  }
  return best;
}
