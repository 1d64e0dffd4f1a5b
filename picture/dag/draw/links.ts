import { onScreen } from "../camera.ts";
import { overlap } from "../../geometry.ts";
import { drawHead } from "./edges.ts";
import { type Frame, pairOf } from "./frame.ts";
import { cellBox } from "../layout/grid.ts";
import type { DagBox } from "../../geometry.ts";
import { gridIn, type Scene, type SceneNode } from "../layout/scene.ts";
import { curveBetween } from "../layout/sides.ts";

/** A task by the node it is in, or is, and its place there; null when it is in none yet. */
export interface LinkPlace {
  group: string | null;
  index: number;
}

/** One dependency between two tasks, or two steps of a path. */
export interface Link {
  from: LinkPlace;
  to: LinkPlace;
}

/** Where a task is in the drawing: its own box, its cell, or at worst the box of its group. */
export function placeBox(scene: Scene, { group, index }: LinkPlace): DagBox | undefined {
  const at = scene.byId.get(group ?? "");
  if (!at) return undefined;
  const grid = gridIn(at);
  return grid && index >= 0 ? cellBox(grid, index) : at.box;
}

interface LinkStyle {
  width: number;
  /** How much of the background shows beside the line, on both sides together. */
  halo: number;
  head: number;
}

const DEPENDENCY: LinkStyle = { width: 1.3, halo: 2.5, head: 7 };
const STEP: LinkStyle = { width: 2.5, halo: 2.5, head: 10 };
const CROWDED: LinkStyle = { width: 1, halo: 0, head: 0 };
/** From this many links on, lines are thin and without heads: boxes and names stay visible. */
const MANY = 30;

/** Draws real dependencies from task to task, over everything else. */
export function drawLinks(frame: Frame, scene: Scene, links: readonly Link[]): void {
  for (const { from, to } of links) {
    drawLink(frame, placeBox(scene, from), placeBox(scene, to), DEPENDENCY);
  }
}

/** Cells from this size on, in pixels, have a critical path that goes from task to task. */
const APART_PX = 16;

/**
 * Draws a path from task to task where its tasks are large enough; from farther away one line for
 * each pair of boxes that no edge joins: the edges of the path stand out as they are.
 */
export function drawPath(frame: Frame, scene: Scene, path: readonly Link[]): void {
  if (path.length === 0) return;
  const near: Link[] = [];
  const joined = joinedPairs(scene);
  for (const link of path) {
    const [from, to] = [link.from, link.to].map(({ group }) => scene.byId.get(group ?? ""));
    if (!from || !to) continue;
    const far = isFar(frame, from) || isFar(frame, to);
    const pair = pairOf(link.from.group, link.to.group);
    const known = from === to || joined.has(pair);
    if (known && (far || !gridIn(from) && !gridIn(to))) continue;
    joined.add(pair);
    if (far) drawLink(frame, from.box, to.box, path.length > MANY ? DEPENDENCY : STEP);
    else near.push(link);
  }
  const style = near.length > MANY ? CROWDED : STEP;
  for (const { from, to } of near) {
    drawLink(frame, placeBox(scene, from), placeBox(scene, to), style);
  }
}

/** The pairs of nodes between which there is an edge. */
function joinedPairs({ layers }: Scene): Set<string> {
  return new Set(
    layers.flatMap(({ edges }) => edges.map(({ edge }) => pairOf(edge.from, edge.to))),
  );
}

/** Whether a node's cells are too small for a path to go from one to another. */
function isFar({ camera }: Frame, at: SceneNode): boolean {
  const grid = gridIn(at);
  return grid !== undefined && grid.cell * camera.scale < APART_PX;
}

function drawLink(
  frame: Frame,
  from: DagBox | undefined,
  to: DagBox | undefined,
  { width, halo, head }: LinkStyle,
): void {
  if (!from || !to || from === to) return;
  const { pen, theme, camera, window } = frame;
  const curve = curveBetween(onScreen(camera, from), onScreen(camera, to));
  if (!overlap(around(curve[0], curve[curve.length - 1]), { x: 0, y: 0, ...window })) return;
  if (halo > 0) pen.line(curve, { stroke: theme.bg, width: width + halo });
  pen.line(curve, { stroke: theme.accent, width });
  if (head > 0) drawHead(frame, curve, head, theme.accent);
}

/** How far a curve may swing out beside the box of its ends, in pixels. */
const SWING_PX = 160;

function around(a: { x: number; y: number }, b: { x: number; y: number }): DagBox {
  return {
    x: Math.min(a.x, b.x) - SWING_PX,
    y: Math.min(a.y, b.y) - SWING_PX,
    width: Math.abs(a.x - b.x) + 2 * SWING_PX,
    height: Math.abs(a.y - b.y) + 2 * SWING_PX,
  };
}
