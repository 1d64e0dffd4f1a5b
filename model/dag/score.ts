import type { PartLinks } from "./strata.ts";

/** What one hidden dependency weighs against what is drawn; see {@link levelScore}. */
const HIDDEN = 4;
const IN_CHAIN = 0.5;
/** So many boxes weigh 1; a line weighs half a box for each depth that it goes across. */
const INK = 40;

/** What a grouping hides and how long its lines are, beside its groups and links. */
export interface Hiding {
  /** All dependencies. */
  total: number;
  /** Those that {@link tangledIn} counts. */
  tangled: number;
  /** Those between strata that a chain merges. */
  inChains: number;
  /** As {@link lengthOf} measures it. */
  length: number;
}

/**
 * How hard a grouping is to read, and how much it hides; less is better. What the eye has to follow
 * (a group is 1, an edge a half for each depth that it goes across) is weighed against the share of
 * dependencies that the grouping hides: those inside of a group and those of groups in or between
 * cycles count in full, those along merged chains, which all look alike, an eighth.
 */
export function levelScore(
  groups: number,
  { from, to, count }: PartLinks,
  { total, tangled, inChains, length }: Hiding,
): number {
  let inner = 0;
  for (let i = 0; i < from.length; i++) if (from[i] === to[i]) inner += count[i];
  const hidden = Math.max(0, inner - inChains) + tangled;
  const share = total === 0 ? 0 : (hidden * HIDDEN + inChains * IN_CHAIN) / total;
  return (groups + length / 2) / INK + share;
}

/**
 * How many gaps between neighbouring depths the lines between parts go across, each line one at
 * least; it is what a layered drawing has to draw, and what its layout takes long for.
 *
 * @param depth the depth of each part
 */
export function lengthOf({ from, to }: PartLinks, depth: Int32Array): number {
  let length = 0;
  for (let i = 0; i < from.length; i++) {
    if (from[i] !== to[i]) length += Math.max(1, Math.abs(depth[to[i]] - depth[from[i]]));
  }
  return length;
}

/** Dependencies between groups that are in cycles or between cycles; 0 only without any cycle. */
export function tangledIn(groups: number, { from, to, count }: PartLinks): number {
  const gone = new Uint8Array(groups);
  for (let changed = true; changed;) {
    changed = false;
    const into = new Uint8Array(groups);
    const out = new Uint8Array(groups);
    for (let i = 0; i < from.length; i++) {
      if (from[i] === to[i] || gone[from[i]] || gone[to[i]]) continue;
      out[from[i]] = 1;
      into[to[i]] = 1;
    }
    for (let g = 0; g < groups; g++) {
      if (gone[g] || (into[g] && out[g])) continue;
      gone[g] = 1;
      changed = true;
    }
  }
  let found = 0;
  for (let i = 0; i < from.length; i++) {
    if (from[i] !== to[i] && !gone[from[i]] && !gone[to[i]]) found += count[i];
  }
  return found;
}
