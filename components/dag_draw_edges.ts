import type { DagEdge } from "../model/dag.ts";
import { onScreen, overlap } from "./dag_camera.ts";
import type { Frame } from "./dag_frame.ts";
import type { DagBox, DagPoint } from "./dag_layout.ts";
import { middleOf, type Scene, type SceneEdge, type SceneLayer } from "./dag_scene.ts";
import { lineMiddle } from "./dag_shape.ts";
import { mixed } from "./dag_theme.ts";
import { count } from "./format.ts";

const LABEL = 11;
const LABEL_SCALE = 0.55;

/** Draws the edges of a layer with their arrowheads. */
export function drawEdges(frame: Frame, { edges, outer }: SceneLayer, scene: Scene): void {
  const near: SceneEdge[] = [];
  for (const edge of edges) {
    if (isNear(frame, edge.edge)) near.push(edge);
    else drawEdge(frame, edge, false);
  }
  for (const edge of near) drawEdge(frame, edge, true);
  for (const edge of outer) {
    const [from, to] = [scene.byId.get(edge.from), scene.byId.get(edge.to)];
    if (!from || !to || !isNear(frame, edge)) continue;
    drawEdge(frame, { edge, line: straight(from.box, to.box) }, true);
  }
}

function isNear({ hovered, selected }: Frame, { from, to }: DagEdge): boolean {
  const id = hovered?.id ?? selected;
  return id !== undefined && (from === id || to === id);
}

function straight(from: DagBox, to: DagBox): DagPoint[] {
  const back = from.x + from.width > to.x;
  const start = { x: back ? from.x : from.x + from.width, y: middleOf(from).y };
  return [start, { x: back ? to.x + to.width : to.x, y: middleOf(to).y }];
}

function drawEdge(frame: Frame, { edge, line }: SceneEdge, near: boolean): void {
  if (line.length < 2) return;
  const { camera, theme, pen, lit, window } = frame;
  const points = line.map(({ x, y }) => ({
    x: camera.x + x * camera.scale,
    y: camera.y + y * camera.scale,
  }));
  if (
    !overlap(boundsOf(points), {
      x: -20,
      y: -20,
      width: window.width + 40,
      height: window.height + 40,
    })
  ) {
    return;
  }
  const inLight = lit !== undefined && lit.has(edge.from) && lit.has(edge.to);
  const dim = lit !== undefined && !inLight && !near;
  const zoom = Math.min(2, Math.max(0.45, camera.scale));
  const width = edgeWidth(edge.count) * zoom * (near || inLight ? 1.4 : 1);
  const colour = near || inLight ? theme.accent : mixed(theme.bg, theme.muted, dim ? 0.22 : 0.62);
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

/** What an edge says: how its dependencies fan, and how many there are. */
export function edgeLabel({ kind, count: dependencies }: DagEdge): string {
  return dependencies === 1 ? "1:1" : `${kind} · ${count(dependencies)}`;
}

/** Pixels of a line that are to be seen beside its label. */
const ROOM = 44;

/** Writes the labels of a layer's edges where they have room between the boxes. */
export function drawEdgeLabels(frame: Frame, { nodes, edges }: SceneLayer): void {
  const { pen, camera, theme, lit } = frame;
  if (camera.scale < LABEL_SCALE) return;
  const taken = nodes.map(({ box }) => onScreen(camera, box));
  const byImportance = [...edges].sort((a, b) => b.edge.count - a.edge.count);
  for (const { edge, line } of byImportance) {
    if (line.length < 2 || edge.count === 1 && edge.kind === "1:1") continue;
    if (lit && !(lit.has(edge.from) && lit.has(edge.to))) continue;
    const at = lineMiddle(line);
    const text = edgeLabel(edge);
    const width = pen.measure(text, LABEL) + 6;
    // On a short line it would hide the line and its head: it stands above.
    const above = boundsOf(line).width * camera.scale < width + ROOM ? LABEL / 2 + 5 : 0;
    const box = {
      x: camera.x + at.x * camera.scale - width / 2,
      y: camera.y + at.y * camera.scale - LABEL / 2 - 2 - above,
      width,
      height: LABEL + 4,
    };
    if (taken.some((other) => overlap(other, box))) continue;
    if (!overlap(box, { x: 0, y: 0, ...frame.window })) continue;
    taken.push(box);
    pen.rect(box.x, box.y, box.width, box.height, { fill: theme.bg, radius: 3 });
    pen.text(text, box.x + width / 2, box.y + box.height / 2, {
      size: LABEL,
      fill: isNear(frame, edge) ? theme.accent : theme.muted,
      align: "center",
    });
  }
}
