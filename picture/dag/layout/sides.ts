import type { DagBox, DagPoint } from "../../geometry.ts";
import { middleOf } from "../../geometry.ts";

/** Where a line leaves one box and enters another; `ux`, `uy` is the way it goes at both ends. */
export interface Sides {
  start: DagPoint;
  end: DagPoint;
  ux: number;
  uy: number;
}

/** The sides of two boxes that face each other, rather left to right than top to bottom. */
export function sidesOf(from: DagBox, to: DagBox): Sides {
  const [a, b] = [middleOf(from), middleOf(to)];
  const across = to.x >= from.x + from.width || to.x + to.width <= from.x;
  const down = to.y >= from.y + from.height || to.y + to.height <= from.y;
  if (down && !across) {
    const uy = b.y > a.y ? 1 : -1;
    return {
      start: { x: a.x, y: a.y + uy * from.height / 2 },
      end: { x: b.x, y: b.y - uy * to.height / 2 },
      ux: 0,
      uy,
    };
  }
  const ux = b.x >= a.x ? 1 : -1;
  return {
    start: { x: a.x + ux * from.width / 2, y: a.y },
    end: { x: b.x - ux * to.width / 2, y: b.y },
    ux,
    uy: 0,
  };
}

const STEPS = 16;
const LEAST_REACH = 12;
const MOST_REACH = 160;

/** A smooth line between the sides of two boxes that face each other. */
export function curveBetween(from: DagBox, to: DagBox): DagPoint[] {
  const { start, end, ux, uy } = sidesOf(from, to);
  const far = Math.hypot(end.x - start.x, end.y - start.y);
  const reach = Math.min(MOST_REACH, Math.max(LEAST_REACH, far / 2));
  const [out, into] = [
    { x: start.x + ux * reach, y: start.y + uy * reach },
    { x: end.x - ux * reach, y: end.y - uy * reach },
  ];
  return Array.from({ length: STEPS + 1 }, (_, at) => {
    const t = at / STEPS;
    const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
    return {
      x: a * start.x + b * out.x + c * into.x + d * end.x,
      y: a * start.y + b * out.y + c * into.y + d * end.y,
    };
  });
}
