import { ofNode } from "../../../model/dag/view.ts";
import { type Camera, inDrawing, onScreen } from "../camera.ts";
import type { Size } from "../../geometry.ts";
import type { Frame } from "./frame.ts";
import type { DagBox, DagPoint } from "../../geometry.ts";
import type { Scene } from "../layout/scene.ts";
import { mixed } from "../../../looks/theme.ts";

const WIDEST_PX = 168;
const TALLEST_PX = 110;
const MARGIN_PX = 10;
/** Windows under this width have no room for a map. */
const NARROW = 520;

/** Where the map is in the window and how it shows the drawing; undefined when it is not shown. */
export function minimapOf(
  { bounds }: Scene,
  camera: Camera,
  window: Size,
): { box: DagBox; camera: Camera } | undefined {
  if (window.width < NARROW || bounds.width < 1) return undefined;
  const shown = onScreen(camera, bounds);
  const all = shown.x >= -1 && shown.y >= -1 && shown.x + shown.width <= window.width + 1 &&
    shown.y + shown.height <= window.height + 1;
  if (all) return undefined;
  const scale = Math.min(WIDEST_PX / bounds.width, TALLEST_PX / Math.max(1, bounds.height));
  const width = bounds.width * scale + 8;
  const height = bounds.height * scale + 8;
  const box = { x: MARGIN_PX, y: window.height - height - MARGIN_PX, width, height };
  return {
    box,
    camera: { x: box.x + 4 - bounds.x * scale, y: box.y + 4 - bounds.y * scale, scale },
  };
}

/** Draws the whole graph small, and which part of it the window shows. */
export function drawMinimap(frame: Frame, scene: Scene): void {
  const map = minimapOf(scene, frame.camera, frame.window);
  if (!map) return;
  const { pen, theme, lit } = frame;
  const { x, y, width, height } = map.box;
  pen.begin(0.94, map.box);
  pen.rect(x, y, width, height, { fill: theme.bg });
  for (const at of scene.nodes()) {
    const { node } = at;
    const box = onScreen(map.camera, at.box);
    const fill = ofNode(node, {
      task: (task) => frame.colours[frame.byteOf(task)],
      group: ({ app }) => app < 0 ? theme.unknown : theme.apps[app % theme.apps.length],
    });
    const faint = at.open || lit && !lit.has(node.id);
    pen.rect(box.x, box.y, Math.max(1, box.width), Math.max(1, box.height), {
      fill: faint ? mixed(theme.bg, theme.muted, 0.25) : fill,
    });
  }
  const corner = inDrawing(frame.camera, { x: 0, y: 0 });
  const seen = onScreen(map.camera, {
    ...corner,
    width: frame.window.width / frame.camera.scale,
    height: frame.window.height / frame.camera.scale,
  });
  pen.rect(seen.x, seen.y, seen.width, seen.height, { stroke: theme.accent, width: 1.5 });
  pen.end();
  pen.rect(x, y, width, height, { stroke: theme.line, radius: 4 });
}

/** The camera that shows in its middle what is at a point of the map; undefined beside the map. */
export function throughMinimap(
  scene: Scene,
  camera: Camera,
  window: Size,
  point: DagPoint,
  held: boolean,
): Camera | undefined {
  const map = minimapOf(scene, camera, window);
  if (!map) return undefined;
  const { x, y, width, height } = map.box;
  const inside = point.x >= x && point.y >= y && point.x < x + width && point.y < y + height;
  if (!inside && !held) return undefined;
  const at = inDrawing(map.camera, point);
  return {
    x: window.width / 2 - at.x * camera.scale,
    y: window.height / 2 - at.y * camera.scale,
    scale: camera.scale,
  };
}
