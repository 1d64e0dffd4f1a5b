import { onScreen } from "./dag_camera.ts";
import { drawHead } from "./dag_draw_edges.ts";
import type { Frame } from "./dag_frame.ts";
import { cellBox } from "./dag_grid.ts";
import type { DagBox, DagPoint } from "./dag_layout.ts";
import { gridIn, middleOf, type Scene } from "./dag_scene.ts";

/** A task by the node it is in, or is, and its place there; null when it is in none yet. */
export interface Place {
  group: string | null;
  index: number;
}

/** One dependency between two tasks, or two steps of a path. */
export interface Link {
  from: Place;
  to: Place;
}

/** Where a task is in the drawing: its own box, its cell, or at worst the box of its group. */
export function placeBox(scene: Scene, { group, index }: Place): DagBox | undefined {
  const at = scene.byId.get(group ?? "");
  if (!at) return undefined;
  const grid = gridIn(at);
  return grid && index >= 0 ? cellBox(grid, index) : at.box;
}

/** Draws real dependencies from task to task, over everything else. */
export function drawLinks(frame: Frame, scene: Scene, links: readonly Link[], wide = false): void {
  const { pen, theme, camera } = frame;
  const width = wide ? 2.5 : 1.3;
  for (const link of links) {
    const [from, to] = [placeBox(scene, link.from), placeBox(scene, link.to)];
    if (!from || !to || from === to) continue;
    const curve = curveBetween(onScreen(camera, from), onScreen(camera, to));
    pen.line(curve, { stroke: theme.bg, width: width + 2.5 });
    pen.line(curve, { stroke: theme.accent, width });
    drawHead(frame, curve, wide ? 10 : 7, theme.accent);
  }
}

const STEPS = 16;

/** A smooth line from the right side of one box to the left side of another. */
function curveBetween(from: DagBox, to: DagBox): DagPoint[] {
  const start = { x: from.x + from.width, y: middleOf(from).y };
  const end = { x: to.x, y: middleOf(to).y };
  const reach = Math.min(160, Math.max(12, Math.hypot(end.x - start.x, end.y - start.y) / 2));
  return Array.from({ length: STEPS + 1 }, (_, at) => {
    const t = at / STEPS;
    const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
    return {
      x: a * start.x + b * (start.x + reach) + c * (end.x - reach) + d * end.x,
      y: a * start.y + b * start.y + c * end.y + d * end.y,
    };
  });
}
