import { DagBox, DagPoint } from "../../geometry.ts";
import type { Size } from "../../geometry.ts";
import { sidesOf } from "./sides.ts";

/**
 * What a layout needs to know: boxes with sizes in pixels, edges between them by id, the gap
 * between two depths, in pixels, and the window that it is for.
 */
export interface DagShape {
  nodes: { id: string; width: number; height: number; depth: number }[];
  edges: { from: string; to: string }[];
  gap: number;
  room: Size;
}

/** Boxes by node id, and per edge of the shape its line from source to target, all in pixels. */
export interface DagLayout {
  boxes: Map<string, DagBox>;
  lines: DagPoint[][];
  width: number;
  height: number;
}

const ROW_GAP = 12;
const TALLEST = 24;
const MOST_ROWS = 16;
/** How much larger rows must be drawn to be as readable as one. */
const ONE_ROW = 1.25;

/**
 * A plain layered layout in one pass: depths run left to right, the nodes of one depth stand in a
 * column ordered by their neighbours, and a column of more than 24 continues beside itself. Columns
 * break into rows, like text, where that makes the whole more readable in its room.
 */
export function layeredLayout(shape: DagShape): DagLayout {
  const columns = columnsOf(untangled(shape)).map(columnOf);
  let best = inRows(columns, 1, shape);
  let scale = scaleIn(shape.room, best) * ONE_ROW;
  for (let rows = 2; rows <= Math.min(MOST_ROWS, columns.length); rows++) {
    const tried = inRows(columns, rows, shape);
    if (scaleIn(shape.room, tried) <= scale) continue;
    best = tried;
    scale = scaleIn(shape.room, tried);
  }
  const { boxes } = best;
  const lines = shape.edges.map(({ from, to }) => straight(boxes.get(from), boxes.get(to)));
  return { ...best, lines };
}

interface Column {
  nodes: DagShape["nodes"];
  width: number;
  height: number;
}

function columnOf(nodes: DagShape["nodes"]): Column {
  return {
    nodes,
    width: Math.max(...nodes.map((node) => node.width)),
    height: nodes.reduce((sum, node) => sum + node.height + ROW_GAP, -ROW_GAP),
  };
}

/** Columns in so many rows of about the same width, each column in the middle of its row. */
function inRows(
  columns: Column[],
  rows: number,
  { gap }: DagShape,
): Omit<DagLayout, "lines"> {
  const whole = columns.reduce((sum, { width }) => sum + width + gap, 0);
  const byRow = new Map<number, Column[]>();
  let before = 0;
  for (const column of columns) {
    const row = Math.min(rows - 1, Math.floor((before + column.width / 2) * rows / whole));
    byRow.set(row, [...byRow.get(row) ?? [], column]);
    before += column.width + gap;
  }
  const boxes = new Map<string, DagBox>();
  let [width, top] = [0, 0];
  for (const row of byRow.values()) {
    const height = Math.max(...row.map((column) => column.height));
    let x = 0;
    for (const column of row) {
      let y = top + (height - column.height) / 2;
      for (const node of column.nodes) {
        boxes.set(node.id, { x, y, width: node.width, height: node.height });
        y += node.height + ROW_GAP;
      }
      x += column.width + gap;
    }
    width = Math.max(width, x - gap);
    top += height + gap / 2;
  }
  return { boxes, width, height: Math.max(0, top - gap / 2) };
}

/** How large a drawing is when it is seen whole; no larger than life. */
function scaleIn(room: Size, { width, height }: Size): number {
  return Math.min(1, room.width / Math.max(1, width), room.height / Math.max(1, height));
}

const SWEEPS = 4;

/** The nodes of each depth ordered by where their neighbours stand, so that fewer lines cross. */
function untangled(shape: DagShape): DagShape {
  const before = new Map<string, string[]>(shape.nodes.map(({ id }) => [id, []]));
  const after = new Map<string, string[]>(shape.nodes.map(({ id }) => [id, []]));
  for (const { from, to } of shape.edges) {
    before.get(to)?.push(from);
    after.get(from)?.push(to);
  }
  const depths = [...Map.groupBy(shape.nodes, ({ depth }) => depth)].sort(([a], [b]) => a - b)
    .map(([, nodes]) => nodes);
  const place = new Map<string, number>();
  for (const nodes of depths) nodes.forEach(({ id }, at) => place.set(id, at));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const near = sweep % 2 ? after : before;
    for (const nodes of sweep % 2 ? [...depths].reverse() : depths) {
      const wish = new Map(nodes.map(({ id }) => [id, average(near.get(id)!, place)]));
      nodes.sort((a, b) => wish.get(a.id)! - wish.get(b.id)!);
      nodes.forEach(({ id }, at) => place.set(id, at));
    }
  }
  return { ...shape, nodes: depths.flat() };

  function average(ids: string[], places: ReadonlyMap<string, number>): number {
    return ids.reduce((sum, id) => sum + (places.get(id) ?? 0), 0) / Math.max(1, ids.length);
  }
}

function columnsOf(shape: DagShape): DagShape["nodes"][] {
  const byDepth = new Map<number, DagShape["nodes"]>();
  for (const node of shape.nodes) {
    const column = byDepth.get(node.depth);
    if (column) column.push(node);
    else byDepth.set(node.depth, [node]);
  }
  const columns: DagShape["nodes"][] = [];
  for (const [, column] of [...byDepth].sort(([a], [b]) => a - b)) {
    for (let i = 0; i < column.length; i += TALLEST) columns.push(column.slice(i, i + TALLEST));
  }
  return columns;
}

function straight(from: DagBox | undefined, to: DagBox | undefined): DagPoint[] {
  if (!from || !to) return [];
  const { start, end } = sidesOf(from, to);
  return [start, end];
}
