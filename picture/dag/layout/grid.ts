import type { DagBox, DagPoint } from "../../geometry.ts";

/** Room above the tasks of a group box for its name and figures, and around them. */
export const HEADER_PX = 44;
export const PADDING_PX = 6;

const CELL_PX = 11;
const TALLEST_PX = 132;

/** A grid of square cells, row by row; the last row may be short. */
export interface Grid {
  columns: number;
  rows: number;
  /** The side of a cell, gap included. */
  cell: number;
  x: number;
  y: number;
}

/** What a letter of a name takes, what stands beside a name, and the most that names are given. */
const NAME = { letter: 7.2, beside: 52, most: 240 };

/**
 * The size of the box of a group of `count` tasks: the more tasks and the longer its name, the
 * larger, within reason.
 */
export function groupSize(count: number, name = ""): { width: number; height: number } {
  const { letter, beside, most } = NAME;
  const named = Math.min(most, Math.ceil(beside + name.length * letter));
  const crowded = 176 + Math.max(0, Math.round(36 * (Math.log10(Math.max(1, count)) - 3)));
  const width = Math.max(crowded, named);
  const inner = width - 2 * PADDING_PX;
  const { rows, cell } = fill(count, inner, Math.max(TALLEST_PX, inner * 0.8));
  return { width, height: Math.ceil(HEADER_PX + rows * cell + PADDING_PX) };
}

/** The grid of `count` tasks in the box of a group. */
export function gridOf(box: DagBox, count: number): Grid {
  const width = box.width - 2 * PADDING_PX;
  const height = Math.max(1, box.height - HEADER_PX - PADDING_PX);
  return { ...fill(count, width, height), x: box.x + PADDING_PX, y: box.y + HEADER_PX };
}

function fill(count: number, width: number, height: number): Omit<Grid, "x" | "y"> {
  if (count <= 0) return { columns: 1, rows: 0, cell: CELL_PX };
  let columns = Math.max(
    1,
    Math.floor(width / CELL_PX),
    Math.floor(Math.sqrt(count * width / height)),
  );
  while (Math.ceil(count / columns) * (width / columns) > height + 0.01) columns++;
  return { columns, rows: Math.ceil(count / columns), cell: width / columns };
}

/** Which task of `count` is at a point of the drawing, by its place in the group; -1 for none. */
export function cellAt({ x, y, columns, rows, cell }: Grid, count: number, at: DagPoint): number {
  const column = Math.floor((at.x - x) / cell);
  const row = Math.floor((at.y - y) / cell);
  if (column < 0 || row < 0 || column >= columns || row >= rows) return -1;
  const index = row * columns + column;
  return index < count ? index : -1;
}

/** The square of the task at `index`. */
export function cellBox({ x, y, columns, cell }: Grid, index: number): DagBox {
  return {
    x: x + index % columns * cell,
    y: y + Math.floor(index / columns) * cell,
    width: cell,
    height: cell,
  };
}
