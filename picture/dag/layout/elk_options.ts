import { fitted } from "../camera.ts";
import type { Size } from "../../geometry.ts";
import type { DagLayout, DagShape } from "./layout.ts";

/**
 * A way to lay out a graph: where its depths run to, how rows of them break like text, and how boxes
 * stand at their depth: where long lines are straight, or close together, which takes less time.
 */
export interface Manner {
  direction: "RIGHT" | "DOWN";
  wrapping: "OFF" | "SINGLE_EDGE" | "MULTI_EDGE";
  placing: "BRANDES_KOEPF" | "SIMPLE";
}

const STRAIGHT: Manner[] = [
  { direction: "RIGHT", wrapping: "OFF", placing: "BRANDES_KOEPF" },
  { direction: "DOWN", wrapping: "OFF", placing: "BRANDES_KOEPF" },
];
const WRAPPED: Manner[] = [
  { direction: "RIGHT", wrapping: "MULTI_EDGE", placing: "BRANDES_KOEPF" },
  { direction: "RIGHT", wrapping: "SINGLE_EDGE", placing: "BRANDES_KOEPF" },
  { direction: "DOWN", wrapping: "MULTI_EDGE", placing: "BRANDES_KOEPF" },
];

/** Graphs of up to so many boxes and edges are laid out in all manners with straight lines. */
const SMALL = 60;
/** Layouts of a larger graph may cost so much together, see {@link layoutCost}; one is made always. */
const BUDGET = 1000;
/** A graph that costs more is laid out with boxes close together only. */
const HEAVY = 400;
/** How much larger a wrapped graph must be drawn to be as readable as one that is not. */
const PREMIUM = 1.25;
/** The same of one whose boxes are close together and one with straight lines. */
const STRAIGHTNESS = 1.25;
/** A heavy graph that would be smaller than this in one row is wrapped first. */
const FAR = 0.25;
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
  if (shape.nodes.length + shape.edges.length <= SMALL) return [likely, ...WRAPPED, other];
  const cost = layoutCost(shape);
  const tries = Math.max(1, Math.floor(BUDGET / cost));
  const ahead = WRAPPED.filter(({ wrapping }) => wrapping === "MULTI_EDGE")
    .sort((a, b) =>
      Number(b.direction === likely.direction) - Number(a.direction === likely.direction)
    );
  const small = Math.max(right, down) < FAR;
  const packed = small ? [...ahead, likely] : [likely, ...ahead];
  if (cost > HEAVY) return packed.map(close).slice(0, tries);
  const others = shape.room.width > shape.room.height
    ? [close(likely), WRAPPED[0]]
    : [close(ahead[0]), close(likely), close(ahead[1]), other];
  return [likely, ...others].slice(0, tries);
}

/** The same with boxes close together. */
function close(manner: Manner): Manner {
  return { ...manner, placing: "SIMPLE" };
}

/**
 * What a layout of a graph costs: its boxes, and the lines for each gap between two depths that they
 * go across, as ELK puts a box of no size wherever a line passes a depth. A cost of 1000 takes about
 * half a second.
 */
export function layoutCost({ nodes, edges }: DagShape): number {
  const depth = new Map(nodes.map((node) => [node.id, node.depth]));
  const across = edges.reduce(
    (sum, { from, to }) =>
      sum + Math.max(1, Math.abs((depth.get(to) ?? 0) - (depth.get(from) ?? 0))),
    0,
  );
  return nodes.length + across;
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

/** How readable a layout is when it is seen whole: its scale, with premiums for what is simple. */
export function readability({ manner, layout }: Tried, room: Size): number {
  let { scale } = fitted({ x: 0, y: 0, width: layout.width, height: layout.height }, room, GOOD);
  if (manner.wrapping === "OFF") scale *= PREMIUM;
  if (manner.placing === "BRANDES_KOEPF") scale *= STRAIGHTNESS;
  return Math.min(GOOD, scale);
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
