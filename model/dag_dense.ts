import type { DagNodes } from "./dag_nodes.ts";
import { MOST_TASKS } from "./dag_nodes.ts";
import { dagDepths } from "./dag_depth.ts";
import { type DagLinks, release } from "./dag_links.ts";

/** Up to so many tasks are drawn one by one however they depend on each other. */
const FEW = 60;
/** Lines are a hairball that cross so many gaps between two depths. */
const DENSE = 500;

/**
 * What a workflow is best drawn of: groups when its tasks are too many, or when the lines between
 * them would be a hairball. The measure is what a layered drawing has to draw: each dependency counts
 * for as many depths as it spans. It grows with every task and dependency that is added; where one
 * that comes late makes it shrink, groups stay until it is half.
 */
export function bestNodes(links: DagLinks, before: DagNodes | undefined): DagNodes {
  const { count, offsets, deps } = links;
  if (count > MOST_TASKS) return "groups";
  if (count <= FEW) return "tasks";
  const depth = dagDepths(links);
  let spanned = 0;
  for (let task = 0; task < count; task++) {
    for (let i = offsets[task]; i < offsets[task + 1]; i++) {
      spanned += Math.abs(depth[task] - depth[deps[i]]);
    }
  }
  release(depth);
  return spanned > (before === "groups" ? DENSE / 2 : DENSE) ? "groups" : "tasks";
}
