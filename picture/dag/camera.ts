import { mix, Size } from "../geometry.ts";
import type { DagBox, DagPoint } from "../geometry.ts";

const MIN_SCALE = 0.01;
const MARGIN_PX = 16;

/** Screen = drawing × scale + (x, y), all in CSS pixels. */
export interface Camera extends DagPoint {
  scale: number;
}

/** The camera after the drawing was dragged by (dx, dy) pixels of the screen. */
export function panned({ x, y, scale }: Camera, dx: number, dy: number): Camera {
  return { x: x + dx, y: y + dy, scale };
}

/** The camera after zooming by `factor` about a point of the screen, no nearer than `most`. */
export function zoomed(
  { x, y, scale }: Camera,
  factor: number,
  { x: px, y: py }: DagPoint,
  most: number,
): Camera {
  const next = Math.min(most, Math.max(MIN_SCALE, scale * factor));
  const by = next / scale;
  return { x: px - (px - x) * by, y: py - (py - y) * by, scale: next };
}

/** The camera that shows a box of the drawing in the middle of a window, at scale `most` at most. */
export function fitted(box: DagBox, window: Size, most = 1): Camera {
  const scale = Math.max(
    MIN_SCALE,
    Math.min(
      most,
      (window.width - 2 * MARGIN_PX) / Math.max(1, box.width),
      (window.height - 2 * MARGIN_PX) / Math.max(1, box.height),
    ),
  );
  return {
    x: (window.width - box.width * scale) / 2 - box.x * scale,
    y: (window.height - box.height * scale) / 2 - box.y * scale,
    scale,
  };
}

/** The camera panned as little as brings a box of the drawing into a window. */
export function revealed(camera: Camera, box: DagBox, window: Size): Camera {
  const { x, y, scale } = camera;
  return panned(
    camera,
    intoView(x + box.x * scale, box.width * scale, window.width),
    intoView(y + box.y * scale, box.height * scale, window.height),
  );
}

function intoView(start: number, length: number, room: number): number {
  if (start < MARGIN_PX) return MARGIN_PX - start;
  return Math.min(0, room - MARGIN_PX - length - start);
}

/** Where a box of the drawing is on the screen. */
export function onScreen({ x, y, scale }: Camera, box: DagBox): DagBox {
  return {
    x: x + box.x * scale,
    y: y + box.y * scale,
    width: box.width * scale,
    height: box.height * scale,
  };
}

/** Which point of the drawing is at a point of the screen. */
export function inDrawing({ x, y, scale }: Camera, at: DagPoint): DagPoint {
  return { x: (at.x - x) / scale, y: (at.y - y) / scale };
}

/** The camera part of the way from one to another, `share` from 0 to 1; the scale in proportion. */
export function cameraBetween(from: Camera, to: Camera, share: number): Camera {
  if (from.scale === to.scale) {
    return { x: mix(from.x, to.x, share), y: mix(from.y, to.y, share), scale: to.scale };
  }
  const scale = from.scale * (to.scale / from.scale) ** share;
  // The one point that both cameras show at the same place stays there.
  const by = (scale - from.scale) / (to.scale - from.scale);
  return { x: mix(from.x, to.x, by), y: mix(from.y, to.y, by), scale };
}
