/** Points, boxes and sizes that pictures are made of, in pixels. */

/** A point; y grows downwards. */
export interface DagPoint {
  x: number;
  y: number;
}

/** A box by its upper left corner and its size. */
export interface DagBox extends DagPoint {
  width: number;
  height: number;
}

/** The size of a window or of a drawing. */
export interface Size {
  width: number;
  height: number;
}

/** Whether two boxes have a point in common. */
export function overlap(a: DagBox, b: DagBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width &&
    a.y < b.y + b.height && b.y < a.y + a.height;
}

/** A box part of the way from one to another. */
export function boxBetween(from: DagBox, to: DagBox, share: number): DagBox {
  return {
    x: mix(from.x, to.x, share),
    y: mix(from.y, to.y, share),
    width: mix(from.width, to.width, share),
    height: mix(from.height, to.height, share),
  };
}

/** The middle of a box. */
export function middleOf({ x, y, width, height }: DagBox): DagPoint {
  return { x: x + width / 2, y: y + height / 2 };
}

/** A number part of the way from one to another. */
export function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
