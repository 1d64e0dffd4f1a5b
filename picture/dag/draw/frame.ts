import type { DagColour, DagNode } from "../../../model/dag/view.ts";
import type { Camera } from "../camera.ts";
import type { Size } from "../../geometry.ts";
import type { Pen } from "../../pen.ts";
import type { Runs } from "../../../model/dag/places.ts";
import type { SceneNode } from "../layout/scene.ts";
import type { Theme } from "../../../looks/theme.ts";

/** What stands out while the rest is dimmed: nodes by id, and of groups which of their tasks. */
export type Lit = ReadonlyMap<string, Runs>;

/** Every task of a node. */
export const ALL: Runs = [0, Number.MAX_SAFE_INTEGER];

/** Two nodes by their ids, as one text. */
export function pairOf(from: string | null, to: string | null): string {
  return `${from} ${to}`;
}

/** What one drawing of the graph needs to know. */
export interface Frame {
  pen: Pen;
  camera: Camera;
  window: Size;
  theme: Theme;
  colour: DagColour;
  /** Colour by byte of a cell. */
  colours: readonly string[];
  /** Bytes picked in the legend; none picked shows all. */
  picked: ReadonlySet<number>;
  hovered: { id: string; index: number } | undefined;
  selected: string | undefined;
  lit: Lit | undefined;
  /** The pairs of nodes that the critical path goes between, when it is shown. */
  path: ReadonlySet<string> | undefined;
  /** A group's tasks, one pixel each; with `runs` only those. */
  cells(at: SceneNode, columns: number, runs?: Runs): HTMLCanvasElement | undefined;
  /** The byte of a task that is a node. */
  byteOf(node: DagNode & { kind: "task" }): number;
}
