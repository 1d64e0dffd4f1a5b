import { middleOf } from "../../geometry.ts";
import type { DagEdge, DagNode, DagView } from "../../../model/dag/view.ts";
import type { DagLayout } from "./layout.ts";
import type { DagBox, DagPoint } from "../../geometry.ts";
import { cellAt, type Grid, gridOf, HEADER_PX } from "./grid.ts";

/** A laid out view, with the insides of its opened groups by their ids. */
export interface Laid {
  view: DagView;
  layout: DagLayout;
  /** ELK was late: the layout is the plain one. */
  plain: boolean;
  opened: ReadonlyMap<string, Laid>;
  /** Edges between the parts of an opened group and groups outside. */
  outer: readonly DagEdge[];
}

/** A node where it is drawn; boxes in drawing pixels. */
export interface SceneNode {
  node: DagNode;
  /** The view that it is a node of. */
  view: DagView;
  box: DagBox;
  open: boolean;
  parent: SceneNode | null;
}

export interface SceneEdge {
  edge: DagEdge;
  line: DagPoint[];
}

/** The nodes of one view and the edges between them; those of opened groups come after it. */
export interface SceneLayer {
  nodes: SceneNode[];
  edges: SceneEdge[];
  outer: readonly DagEdge[];
}

/** What is at a point: a node, and of a group perhaps its button or one of its tasks. */
export interface Hit {
  at: SceneNode;
  part: "box" | "button" | "cell";
  /** The place of the task in the group; -1 when it is no cell. */
  index: number;
}

/** Room around the inside of an opened group. */
const FRAME_PX = 14;
/** The side of a group's button, in its top right corner. */
export const BUTTON_PX = 18;

/** The size of the box of an opened group. */
export function frameSize({ width, height }: DagLayout): { width: number; height: number } {
  return { width: Math.max(220, width + 2 * FRAME_PX), height: height + HEADER_PX + FRAME_PX };
}

/** Everything that is drawn and where. */
export class Scene {
  readonly layers: SceneLayer[] = [];
  readonly byId = new Map<string, SceneNode>();
  readonly root: Laid;
  readonly bounds: DagBox;

  constructor(root: Laid) {
    this.root = root;
    this.bounds = { x: 0, y: 0, width: root.layout.width, height: root.layout.height };
    this.#add(root, 0, 0, null);
  }

  #add(laid: Laid, dx: number, dy: number, parent: SceneNode | null): void {
    const nodes: SceneNode[] = [];
    for (const node of laid.view.nodes) {
      const box = laid.layout.boxes.get(node.id);
      if (!box) continue;
      const placed: SceneNode = {
        node,
        view: laid.view,
        box: { ...box, x: box.x + dx, y: box.y + dy },
        open: laid.opened.has(node.id),
        parent,
      };
      nodes.push(placed);
      this.byId.set(node.id, placed);
    }
    const edges = laid.view.edges.map((edge, at) => ({
      edge,
      line: (laid.layout.lines[at] ?? []).map(({ x, y }) => ({ x: x + dx, y: y + dy })),
    }));
    this.layers.push({ nodes, edges, outer: laid.outer });
    for (const placed of nodes) {
      const inside = laid.opened.get(placed.node.id);
      if (!inside) continue;
      const spare = (placed.box.width - inside.layout.width) / 2;
      this.#add(inside, placed.box.x + spare, placed.box.y + HEADER_PX, placed);
    }
  }

  /** The nodes in drawing order. */
  *nodes(): Generator<SceneNode> {
    for (const { nodes } of this.layers) yield* nodes;
  }

  /** What is at a point of the drawing, the innermost first. */
  hit(point: DagPoint): Hit | undefined {
    for (let layer = this.layers.length - 1; layer >= 0; layer--) {
      for (const at of this.layers[layer].nodes) {
        if (inBox(at.box, point)) return hitIn(at, point);
      }
    }
    return undefined;
  }

  /** The node nearest to another in a direction, for the arrow keys. */
  beside(from: SceneNode, dx: number, dy: number): SceneNode | undefined {
    let best: SceneNode | undefined;
    let least = Infinity;
    const start = middleOf(from.box);
    for (const at of this.nodes()) {
      if (at === from) continue;
      const end = middleOf(at.box);
      const ahead = (end.x - start.x) * dx + (end.y - start.y) * dy;
      const aside = Math.abs((end.x - start.x) * dy) + Math.abs((end.y - start.y) * dx);
      const far = ahead + 2 * aside;
      if (ahead <= 1 || far >= least || aside > 3 * ahead) continue;
      least = far;
      best = at;
    }
    return best;
  }
}

function hitIn(at: SceneNode, point: DagPoint): Hit {
  const { node, box } = at;
  if (node.kind === "group" && (node.openable || at.open)) {
    const button = buttonOf(box);
    if (inBox(button, point)) return { at, part: "button", index: -1 };
  }
  if (node.kind === "group" && !at.open) {
    const index = cellAt(gridOf(box, node.count), node.count, point);
    if (index >= 0) return { at, part: "cell", index };
  }
  return { at, part: "box", index: -1 };
}

/** Where the button of a group's box is. */
export function buttonOf(box: DagBox): DagBox {
  return {
    x: box.x + box.width - BUTTON_PX - 4,
    y: box.y + 4,
    width: BUTTON_PX,
    height: BUTTON_PX,
  };
}

/** The grid of a group's tasks; none for tasks and opened groups. */
export function gridIn({ node, box, open }: SceneNode): Grid | undefined {
  return node.kind === "group" && !open ? gridOf(box, node.count) : undefined;
}

function inBox(box: DagBox, { x, y }: DagPoint): boolean {
  return x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
}
