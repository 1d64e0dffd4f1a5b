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

/** A graph of at most this many boxes and edges together is laid out in all ways with straight lines. */
const FEW_PARTS = 60;
/**
 * What all layouts of one larger graph may cost together, in units of {@link layoutCost} (1000 took
 * half a second of ELK on a laptop). The first is made whatever it costs.
 */
const BUDGET = 1000;
/** A graph that costs more than this is only laid out with boxes close together: ELK then needs less. */
const HEAVY = 400;
/**
 * Readability is the scale at which the whole graph fits its room. A wrapped layout is harder to
 * follow, so it must come out at 1.25 times the scale of one in a row to be preferred.
 */
const WRAPPED_PREMIUM = 1.25;
/** A layout with boxes close together has bent lines: it, too, must come out at 1.25 times the scale. */
const BENT_PREMIUM = 1.25;
/** A heavy graph whose single row would be drawn at less than a quarter of its size is wrapped first. */
const FAR_SCALE = 0.25;
/** The scale at which nothing is made smaller: a layout that reaches it ends the search. */
const FULL_SCALE = 1;
/** Names run to the right. A graph runs down only where that is drawn at 1.2 times the scale. */
const DOWN_PREMIUM = 1.2;
/** The room that ELK leaves between boxes of one depth, in pixels, for estimating a layout's size. */
const BOX_GAP_PX = 14;

/** The manners to try for a graph in its room, the likeliest straight one first. */
export function mannersFor(shape: DagShape): Manner[] {
  const [right, down] = STRAIGHT.map((manner) =>
    fitted({ x: 0, y: 0, ...expected(shape, manner) }, shape.room, FULL_SCALE).scale
  );
  const [likely, other] = down > right * DOWN_PREMIUM ? STRAIGHT.toReversed() : STRAIGHT;
  if (shape.nodes.length + shape.edges.length <= FEW_PARTS) return [likely, ...WRAPPED, other];
  const cost = layoutCost(shape);
  const tries = Math.max(1, Math.floor(BUDGET / cost));
  const ahead = WRAPPED.filter(({ wrapping }) => wrapping === "MULTI_EDGE")
    .sort((a, b) =>
      Number(b.direction === likely.direction) - Number(a.direction === likely.direction)
    );
  const small = Math.max(right, down) < FAR_SCALE;
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
      row.reduce((sum, { width, height }) => sum + BOX_GAP_PX + (down ? width : height), 0),
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
  let { scale } = fitted(
    { x: 0, y: 0, width: layout.width, height: layout.height },
    room,
    FULL_SCALE,
  );
  if (manner.wrapping === "OFF") scale *= WRAPPED_PREMIUM;
  if (manner.placing === "BRANDES_KOEPF") scale *= BENT_PREMIUM;
  return Math.min(FULL_SCALE, scale);
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
    if (most >= FULL_SCALE) break;
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
