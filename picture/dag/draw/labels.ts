import type { DagEdge } from "../../../model/dag/view.ts";
import { onScreen } from "../camera.ts";
import { overlap } from "../../geometry.ts";
import { inPathOrLight, isNear, seenLine } from "./edges.ts";
import { namesOf, namingBounds } from "./names.ts";
import type { Frame } from "./frame.ts";
import type { DagBox, DagPoint } from "../../geometry.ts";
import { isWithin } from "../layout/names.ts";
import type { Scene, SceneLayer } from "../layout/scene.ts";
import { lineMiddle } from "../layout/shape.ts";
import { count } from "../../../looks/format.ts";

const SIZE_PX = 11;
/** From this scale on there is room for labels. */
const SCALE = 0.55;
/** Room between a label and its line. */
const BESIDE = 4;
/** Half the side of what an arrowhead may cover, so that no label does. */
const HEAD = 9;
/** Labels are written for this many edges at most, those of most dependencies first. */
const MOST = 80;

/** What an edge says: how its dependencies fan, and how many there are. */
export function edgeLabel({ kind, count: dependencies }: DagEdge): string {
  return dependencies === 1 ? "1:1" : `${kind} · ${count(dependencies)}`;
}

/**
 * Writes the labels of a layer's edges beside them, where that hides no box, name, line or
 * arrowhead, and does not leave the drawing.
 */
export function drawEdgeLabels(frame: Frame, { nodes, edges }: SceneLayer, scene: Scene): void {
  const { pen, camera, theme, lit } = frame;
  if (camera.scale < SCALE) return;
  const window = { x: 0, y: 0, ...frame.window };
  const seen = edges.flatMap(({ edge, line }) => {
    const points = line.length < 2 ? undefined : seenLine(frame, line);
    return points ? [{ edge, points }] : [];
  });
  const taken = nodes.map(({ box }) => onScreen(camera, box));
  for (const { inside, box } of namesOf(frame, scene).values()) {
    if (!inside) taken.push(moved(box, camera));
  }
  const bounds = moved(namingBounds(frame, scene), camera);
  for (const { points } of seen) taken.push(headBox(points[points.length - 1]));
  seen.sort((a, b) => b.edge.count - a.edge.count);
  for (const { edge, points } of seen.slice(0, MOST)) {
    if (edge.count === 1 && edge.kind === "1:1") continue;
    if (lit && !inPathOrLight(frame, edge)) continue;
    const text = edgeLabel(edge);
    const place = placesBeside(points, pen.measure(text, SIZE_PX)).find((box) =>
      overlap(box, window) && isWithin(box, bounds) &&
      !taken.some((other) => overlap(other, box)) &&
      !seen.some((other) => crosses(other.points, box))
    );
    if (!place) continue;
    taken.push(place);
    pen.text(text, place.x + place.width / 2, place.y + place.height / 2, {
      size: SIZE_PX,
      fill: isNear(frame, edge) ? theme.accent : theme.muted,
      align: "center",
      halo: theme.bg,
    });
  }
}

function moved(box: DagBox, { x, y }: DagPoint): DagBox {
  return { ...box, x: box.x + x, y: box.y + y };
}

function headBox({ x, y }: DagPoint): DagBox {
  return { x: x - HEAD, y: y - HEAD, width: 2 * HEAD, height: 2 * HEAD };
}

/** Where the label of a line may stand: beside the middle of its longest piece, on either side. */
function placesBeside(points: DagPoint[], width: number): DagBox[] {
  const { x, y, ux, uy } = lineMiddle(points);
  const height = SIZE_PX + 2;
  // As far aside as makes the label's corner clear the line.
  const off = (Math.abs(uy) * width + Math.abs(ux) * height) / 2 + BESIDE;
  const up = ux < 0 || ux === 0 && uy < 0 ? -1 : 1;
  return [up, -up].map((side) => ({
    x: x + side * uy * off - width / 2,
    y: y - side * ux * off - height / 2,
    width,
    height,
  }));
}

/** Whether a line of straight pieces goes through a box. */
export function crosses(points: readonly DagPoint[], box: DagBox): boolean {
  for (let i = 1; i < points.length; i++) if (cuts(points[i - 1], points[i], box)) return true;
  return false;
}

function cuts(a: DagPoint, b: DagPoint, { x, y, width, height }: DagBox): boolean {
  let [first, last] = [0, 1];
  for (
    const [start, way, low, high] of [[a.x, b.x - a.x, x, x + width], [
      a.y,
      b.y - a.y,
      y,
      y + height,
    ]]
  ) {
    if (way === 0) {
      if (start < low || start > high) return false;
      continue;
    }
    const [one, other] = [(low - start) / way, (high - start) / way];
    first = Math.max(first, Math.min(one, other));
    last = Math.min(last, Math.max(one, other));
    if (first > last) return false;
  }
  return true;
}
