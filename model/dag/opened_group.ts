import type { DagLinks } from "./links.ts";
import type { DagStructure } from "./structure.ts";
import type { DagEdge } from "./view.ts";

/** What a group is made of. Positions are places in `members`. */
export interface OpenedGroup {
  /** Indexes of its tasks in the order of their ids. */
  members: Int32Array;
  /** Dependencies between positions. */
  links: DagLinks;
  /** Groups of positions; null where its tasks are shown one by one. */
  structure: DagStructure | null;
  /** Edges to the graph around it, once they were asked for. */
  outer: DagEdge[] | null;
}
