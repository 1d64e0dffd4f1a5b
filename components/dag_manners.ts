import { fitted, type Size } from "./dag_camera.ts";
import type { DagLayout, DagShape } from "./dag_layout.ts";

/** A way to lay out a graph: where its depths run to, and how rows of them break like text. */
export interface Manner {
  direction: "RIGHT" | "DOWN";
  wrapping: "OFF" | "SINGLE_EDGE" | "MULTI_EDGE";
}

const STRAIGHT: Manner[] = [
  { direction: "RIGHT", wrapping: "OFF" },
  { direction: "DOWN", wrapping: "OFF" },
];
const WRAPPED: Manner[] = [
  { direction: "RIGHT", wrapping: "MULTI_EDGE" },
  { direction: "RIGHT", wrapping: "SINGLE_EDGE" },
  { direction: "DOWN", wrapping: "MULTI_EDGE" },
];

/** Graphs of up to so many boxes and edges are laid out in all manners, in two, else in one. */
const SMALL = 60;
const MEDIUM = 260;
/** How much larger a wrapped graph must be drawn to be as readable as one that is not. */
const PREMIUM = 1.25;
/** A graph that is as readable as this needs no other layout. */
const GOOD = 1;
/** How much larger a graph must be drawn to run down rather than to the right, as names do. */
const SIDEWAYS = 1.2;
/** About the room between boxes of one depth, in pixels. */
const BESIDE = 14;

/** The manners to try for a graph in its room, the likeliest straight one first. */
export function mannersFor(shape: DagShape): Manner[] {
  const [right, down] = STRAIGHT.map((manner) =>
    fitted({ x: 0, y: 0, ...expected(shape, manner) }, shape.room, GOOD).scale
  );
  const [likely, other] = down > right * SIDEWAYS ? STRAIGHT.toReversed() : STRAIGHT;
  const size = shape.nodes.length + shape.edges.length;
  if (size > MEDIUM) return [likely];
  return size > SMALL ? [likely, WRAPPED[0]] : [likely, ...WRAPPED, other];
}

/** About the size of a straight layout, from how many boxes stand at each depth. */
function expected({ nodes, gap }: DagShape, { direction }: Manner): Size {
  let [along, across] = [0, 0];
  const down = direction === "DOWN";
  for (const row of Map.groupBy(nodes, ({ depth }) => depth).values()) {
    along += gap + Math.max(...row.map(({ width, height }) => down ? height : width));
    across = Math.max(
      across,
      row.reduce((sum, { width, height }) => sum + BESIDE + (down ? width : height), 0),
    );
  }
  return down ? { width: across, height: along } : { width: along, height: across };
}

/** A layout and how it was made. */
export interface Tried {
  manner: Manner;
  layout: DagLayout;
}

/** How readable a layout is when it is seen whole: its scale, with a premium for straight ones. */
export function readability({ manner, layout }: Tried, room: Size): number {
  const { scale } = fitted({ x: 0, y: 0, width: layout.width, height: layout.height }, room, GOOD);
  return manner.wrapping === "OFF" ? Math.min(GOOD, scale * PREMIUM) : scale;
}

/**
 * The most readable of the layouts that `lay` makes; it is asked for no more once one is good.
 * Rejects when the first does, and does with the rest what it can.
 */
export async function bestLayout(
  shape: DagShape,
  lay: (manner: Manner) => Promise<DagLayout>,
): Promise<DagLayout> {
  const [first, ...others] = mannersFor(shape);
  let best: Tried = { manner: first, layout: await lay(first) };
  let most = readability(best, shape.room);
  for (const manner of others) {
    if (most >= GOOD) break;
    try {
      const tried = { manner, layout: await lay(manner) };
      const now = readability(tried, shape.room);
      if (now <= most) continue;
      best = tried;
      most = now;
    } catch {
      break;
    }
  }
  return best.layout;
}
