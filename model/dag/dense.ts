import type { DagNodes } from "./nodes.ts";
import { MOST_TASKS } from "./nodes.ts";
import { dagDepths } from "./depth.ts";
import { type DagLinks, release } from "./links.ts";

/** Up to this many tasks are drawn one by one however they depend on each other. */
const FEW = 60;
/** Lines are a hairball that cross this many gaps between two depths. */
const DENSE = 500;
/** So many tasks beside each other at one depth are a column too long for their names. */
const BESIDE = 40;

/**
 * What a workflow is best drawn of: groups when its tasks are too many, or when the lines between
 * them would be a hairball, or when too many that depend on each other stand beside each other. The
 * measures are of what a layered drawing has to draw: each dependency counts for as many depths as it
 * spans. They grow with every task and dependency that is added; where one that comes late makes them
 * shrink, groups stay until they are half.
 */
export function bestNodes(links: DagLinks, before: DagNodes | undefined): DagNodes {
  const { count, offsets, deps } = links;
  if (count > MOST_TASKS) return "groups";
  if (count <= FEW) return "tasks";
  const depth = dagDepths(links);
  const beside = new Map<number, number>();
  const linked = new Uint8Array(count);
  let spanned = 0;
  for (let task = 0; task < count; task++) {
    for (let i = offsets[task]; i < offsets[task + 1]; i++) {
      spanned += Math.abs(depth[task] - depth[deps[i]]);
      linked[task] = linked[deps[i]] = 1;
    }
  }
  for (let task = 0; task < count; task++) {
    if (linked[task]) beside.set(depth[task], (beside.get(depth[task]) ?? 0) + 1);
  }
  release(depth);
  const widest = Math.max(0, ...beside.values());
  const share = before === "groups" ? 0.5 : 1;
  return spanned > DENSE * share || widest > BESIDE * share ? "groups" : "tasks";
}
