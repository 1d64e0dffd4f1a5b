import type { DagEdge } from "../../../model/dag/view.ts";
import { overlap } from "../../geometry.ts";
import { type Frame, pairOf } from "./frame.ts";
import type { DagBox, DagPoint } from "../../geometry.ts";
import type { Scene, SceneEdge, SceneLayer } from "../layout/scene.ts";
import { sidesOf } from "../layout/sides.ts";
import { mixed } from "../../../looks/theme.ts";

/** Draws the edges of a layer with their arrowheads. */
export function drawEdges(frame: Frame, { edges, outer }: SceneLayer, scene: Scene): void {
  const near: SceneEdge[] = [];
  for (const edge of edges) {
    if (isNear(frame, edge.edge) || frame.lit && inPathOrLight(frame, edge.edge)) near.push(edge);
    else drawEdge(frame, edge);
  }
  for (const edge of near) drawEdge(frame, edge);
  for (const edge of outer) {
    const [from, to] = [scene.byId.get(edge.from), scene.byId.get(edge.to)];
    if (!from || !to || !isNear(frame, edge)) continue;
    const { start, end } = sidesOf(from.box, to.box);
    drawEdge(frame, { edge, line: [start, end] });
  }
}

/** Whether an edge is of the node that is pointed at, or else of the one that is selected. */
export function isNear({ hovered, selected }: Frame, { from, to }: DagEdge): boolean {
  const id = hovered?.id ?? selected;
  return id !== undefined && (from === id || to === id);
}

/** Whether an edge stands out: the path takes it or, without a path, both its ends do. */
export function inPathOrLight({ path, lit }: Frame, { from, to }: DagEdge): boolean {
  if (path) return path.has(pairOf(from, to));
  return lit !== undefined && lit.has(from) && lit.has(to);
}

/** Room around the window in which lines may still show in it, in pixels. */
const AROUND_PX = 20;

/** A line as it is on the screen; undefined when it is outside of the window. */
export function seenLine(
  { camera, window }: Frame,
  line: readonly DagPoint[],
): DagPoint[] | undefined {
  const points = line.map(({ x, y }) => ({
    x: camera.x + x * camera.scale,
    y: camera.y + y * camera.scale,
  }));
  const room = {
    x: -AROUND_PX,
    y: -AROUND_PX,
    width: window.width + 2 * AROUND_PX,
    height: window.height + 2 * AROUND_PX,
  };
  return overlap(boundsOf(points), room) ? points : undefined;
}

function drawEdge(frame: Frame, { edge, line }: SceneEdge): void {
  const points = line.length < 2 ? undefined : seenLine(frame, line);
  if (!points) return;
  const { camera, theme, pen, lit } = frame;
  const strong = isNear(frame, edge) || lit !== undefined && inPathOrLight(frame, edge);
  const zoom = Math.min(2, Math.max(0.45, camera.scale));
  const width = edgeWidth(edge.count) * zoom * (strong ? 1.4 : 1);
  const colour = strong ? theme.accent : mixed(theme.bg, theme.muted, lit ? 0.22 : 0.62);
  const head = (5 + 1.6 * width) * Math.min(1, zoom + 0.2);
  pen.line(shortened(points, head * 0.8), { stroke: colour, width, curved: true });
  drawHead(frame, points, head, colour);
}

/** How wide an edge of so many dependencies is, at scale 1. */
export function edgeWidth(dependencies: number): number {
  return Math.min(4.5, 1 + 0.55 * Math.log10(Math.max(1, dependencies)));
}

/** Draws an arrowhead at the end of a line. */
export function drawHead(
  { pen }: Frame,
  points: readonly DagPoint[],
  size: number,
  colour: string,
): void {
  const [before, end] = points.slice(-2);
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const [ux, uy] = [(end.x - before.x) / length, (end.y - before.y) / length];
  const base = { x: end.x - ux * size, y: end.y - uy * size };
  const half = size * 0.42;
  pen.polygon(
    [end, { x: base.x - uy * half, y: base.y + ux * half }, {
      x: base.x + uy * half,
      y: base.y - ux * half,
    }],
    colour,
  );
}

function shortened(points: DagPoint[], by: number): DagPoint[] {
  const [before, end] = points.slice(-2);
  const length = Math.hypot(end.x - before.x, end.y - before.y);
  if (length <= by) return points;
  const share = (length - by) / length;
  return [...points.slice(0, -1), {
    x: before.x + (end.x - before.x) * share,
    y: before.y + (end.y - before.y) * share,
  }];
}

function boundsOf(points: readonly DagPoint[]): DagBox {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
