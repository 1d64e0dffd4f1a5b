/**
 * What a layout needs to know: boxes with sizes in pixels, edges between them by id, and the room
 * between two depths, in pixels. `tall`: it is for a window that is taller than wide.
 */
export interface DagShape {
  nodes: { id: string; width: number; height: number; depth: number }[];
  edges: { from: string; to: string }[];
  gap: number;
  tall?: boolean;
}

export interface DagPoint {
  x: number;
  y: number;
}

export interface DagBox extends DagPoint {
  width: number;
  height: number;
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

/**
 * A plain layered layout in one pass: depths run left to right, the nodes of one depth stand in a
 * column ordered by their neighbours, and a column of more than 24 continues beside itself.
 */
export function layeredLayout(shape: DagShape): DagLayout {
  const columns = columnsOf(untangled(shape));
  const boxes = new Map<string, DagBox>();
  const heights = columns.map((column) =>
    column.reduce((sum, node) => sum + node.height + ROW_GAP, -ROW_GAP)
  );
  const height = Math.max(0, ...heights);
  let x = 0;
  columns.forEach((column, at) => {
    let y = (height - heights[at]) / 2;
    for (const node of column) {
      boxes.set(node.id, { x, y, width: node.width, height: node.height });
      y += node.height + ROW_GAP;
    }
    x += Math.max(...column.map((node) => node.width)) + shape.gap;
  });
  const lines = shape.edges.map(({ from, to }) => straight(boxes.get(from), boxes.get(to)));
  return { boxes, lines, width: Math.max(0, x - shape.gap), height };
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
  return [
    { x: from.x + from.width, y: from.y + from.height / 2 },
    { x: to.x, y: to.y + to.height / 2 },
  ];
}
