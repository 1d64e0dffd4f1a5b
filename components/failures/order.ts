import type { FailureGroup } from "../../model/figures/failures.ts";
import { isSaved } from "./words.ts";

/** Where a cause stands: among the first, behind "more causes", or behind those got over. */
export type FailurePlace = "top" | "more" | "saved";
/** Which cause stands where, in order. */
export type FailureOrder = ReadonlyMap<string, FailurePlace>;

/** So many causes are listed before one has to open the others. */
const TOP = 5;

/**
 * Where the causes of some groups stand, in the order of the groups. While somebody reads, `held`
 * is how they stand now: those stay, and what is new comes after them.
 */
export function failureOrder(groups: FailureGroup[], held: FailureOrder | null): FailureOrder {
  const order = new Map<string, FailurePlace>();
  const there = new Set(groups.map(({ cause }) => cause));
  for (const [cause, place] of held ?? []) if (there.has(cause)) order.set(cause, place);
  let ahead = 0;
  for (const group of groups) {
    const saved = isSaved(group);
    const place = saved ? "saved" : ahead < TOP ? "top" : "more";
    if (!saved) ahead++;
    if (!order.has(group.cause)) order.set(group.cause, place);
  }
  return order;
}
