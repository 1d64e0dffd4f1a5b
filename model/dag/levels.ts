import { lengthOf, levelScore, tangledIn } from "./score.ts";
import { type DagStrata, type PartLinks, renumbered } from "./strata.ts";

/**
 * How coarse groups are. 0: tasks of one app at one depth (strata). 1: chains of strata of one app,
 * each the other's only neighbour on that side, are one. n above 1: beside that, strata of one app
 * whose depths fall in one band of 2^(n-1) depths are one. At `BY_APP` depth does not matter.
 */
export type DagLevel = number;
export const BY_APP: DagLevel = 32;

/** A grouping of strata: `part[stratum]` is a group of `groups`; groups are in order of app, depth. */
export interface DagGrouping {
  level: DagLevel;
  groups: number;
  part: Int32Array;
}

/** What may be chosen. */
export interface LevelOptions {
  /** The most groups; no less than there are apps. */
  most: number;
  /** This level and no finer one, whatever the measure says. */
  level?: DagLevel;
  /** The level of before: it stays unless another one is clearly better. */
  before?: DagLevel;
}

/** Up to this many groups without cycles, with lines no longer, are better than any with cycles. */
const MOST_PLAIN = 60;
const LONGEST_PLAIN = 400;
/** A level stays while its score is below this many times the best one, and a bit. */
const STAY = 1.5;
const STAY_BIT = 0.5;

/**
 * The level whose groups read best, of those with at most `most` groups: the coarsest grouping that
 * still shows how the workflow goes, as {@link levelScore} measures it.
 *
 * Groups in cycles are no choice while at most 60 groups without any are allowed whose lines go
 * across at most 400 depths in all; beyond that they are a row too long to read, or one with a
 * hairball beside it, and the measure decides. Strata have no cycle where tasks have none; what is in a band
 * has one where a task of an app leads by other apps to another task of it. So groups of an acyclic
 * workflow have cycles only when it goes round often: its strata, its chains and its bands without
 * cycles are more than `most` or than 60, or their lines are too long. O(strata + links).
 */
export function chooseLevel(
  strata: DagStrata,
  links: PartLinks,
  options: LevelOptions,
): DagGrouping {
  const chains = chainsOf(strata, links);
  const candidates = candidatesOf(strata, chains, options);
  if (candidates.length === 0) throw new RangeError("more apps than groups");
  const finest = candidates[candidates.length - 1];
  if (options.level !== undefined) return ofStrata(finest, chains);
  const { before } = options;
  const total = sum(links.count);
  const inChains = hiddenBy(chains.part, links);
  let part: Int32Array | null = null;
  let drawn = links;
  let depth = strata.depth;
  let best = finest;
  let least = Infinity;
  let bestIsPlain = false;
  let kept: Candidate | null = null;
  let keptScore = Infinity;
  let keptIsPlain = false;
  for (const candidate of candidates.toReversed()) {
    if (candidate.level > 0) {
      const to = part ? onto(part, candidate.number) : ofStrata(candidate, chains).part;
      drawn = renumbered(drawn, to, candidate.groups);
      depth = leastDepths(depth, to, candidate.groups);
      part = candidate.number;
    }
    const tangled = tangledIn(candidate.groups, drawn);
    const length = lengthOf(drawn, depth);
    const isPlain = tangled === 0 && candidate.groups <= MOST_PLAIN && length <= LONGEST_PLAIN;
    const score = levelScore(candidate.groups, drawn, {
      total,
      tangled,
      length,
      inChains: candidate.level === 0 ? 0 : inChains,
    });
    if (before !== undefined && before >= candidate.level && before <= candidate.upTo) {
      kept = { ...candidate, level: before };
      keptScore = score;
      keptIsPlain = isPlain;
    }
    if (isPlain === bestIsPlain ? score < least : isPlain) {
      least = score;
      best = candidate;
      bestIsPlain = isPlain;
    }
  }
  const stays = kept && keptIsPlain === bestIsPlain && keptScore <= least * STAY + STAY_BIT;
  return ofStrata(kept && stays ? kept : best, chains);
}

/** A grouping of chains, of strata at level 0, and the coarsest level that gives the same one. */
interface Candidate {
  level: DagLevel;
  upTo: DagLevel;
  groups: number;
  number: Int32Array;
}

function ofStrata({ level, groups, number }: Candidate, chains: DagGrouping): DagGrouping {
  if (level === 0) return { level, groups, part: number };
  return { level, groups, part: chains.part.map((chain) => number[chain]) };
}

/** The different groupings that are allowed, the coarsest first. */
function candidatesOf(
  strata: DagStrata,
  chains: DagGrouping,
  { most, level: finest = 0 }: LevelOptions,
): Candidate[] {
  const found: Candidate[] = [];
  const heads = headsOf(strata, chains);
  const highest = Math.ceil(Math.log2(max(strata.depth) + 1)) + 1;
  for (let level = BY_APP; level >= Math.min(finest, BY_APP); level--) {
    if (level > highest && level !== BY_APP && level > finest) continue;
    const { groups, number } = level === 0
      ? { groups: strata.count, number: identity(strata.count).part }
      : bandsOf(heads, level);
    if (groups > most) break;
    const last = found.at(-1);
    if (last?.groups === groups) found[found.length - 1] = { ...last, level, number };
    else found.push({ level, upTo: level, groups, number });
  }
  return found;
}

/** The finest level with at most `most` groups, without merging chains. */
export function finestLevel(strata: DagStrata, most: number): DagGrouping {
  const single = identity(strata.count);
  if (single.groups <= most) return single;
  for (let level = 2;; level++) {
    const { groups, number } = bandsOf(strata, level);
    if (groups <= most || level >= BY_APP) return { level, groups, part: number };
  }
}

function identity(strata: number): DagGrouping {
  return { level: 0, groups: strata, part: Int32Array.from({ length: strata }, (_, s) => s) };
}

const NONE = -1;
const MANY = -2;

function chainsOf(strata: DagStrata, { from, to }: PartLinks): DagGrouping {
  const after = new Int32Array(strata.count).fill(NONE);
  const before = new Int32Array(strata.count).fill(NONE);
  for (let i = 0; i < from.length; i++) {
    if (from[i] === to[i]) continue;
    after[from[i]] = after[from[i]] === NONE ? to[i] : MANY;
    before[to[i]] = before[to[i]] === NONE ? from[i] : MANY;
  }
  const part = new Int32Array(strata.count);
  let groups = 0;
  for (let s = 0; s < strata.count; s++) {
    const earlier = before[s];
    const joins = earlier >= 0 && earlier < s && after[earlier] === s &&
      strata.app[earlier] === strata.app[s];
    part[s] = joins ? part[earlier] : groups++;
  }
  return { level: 1, groups, part };
}

/** Apps and depths, in their order. */
type Heads = Pick<DagStrata, "count" | "app" | "depth">;

/** The first stratum of each chain. */
function headsOf(strata: DagStrata, chains: DagGrouping): Heads {
  const count = chains.groups;
  if (count === strata.count) return strata;
  const app = new Int32Array(count);
  const depth = new Int32Array(count);
  let next = 0;
  for (let s = 0; s < strata.count; s++) {
    if (chains.part[s] !== next) continue;
    app[next] = strata.app[s];
    depth[next++] = strata.depth[s];
  }
  return { count, app, depth };
}

/** Merges what is of one app and begins in one band of depths. */
function bandsOf(
  { count, app, depth }: Heads,
  level: DagLevel,
): { groups: number; number: Int32Array } {
  const height = bandHeight(level);
  const number = new Int32Array(count);
  let groups = 0;
  let last = NONE;
  let end = NONE;
  for (let i = 0; i < count; i++) {
    if (app[i] !== last || depth[i] >= end) {
      groups++;
      last = app[i];
      end = (Math.floor(depth[i] / height) + 1) * height;
    }
    number[i] = groups - 1;
  }
  return { groups, number };
}

/** How many depths a band of a level spans. */
export function bandHeight(level: DagLevel): number {
  return level >= BY_APP ? Infinity : 2 ** Math.max(0, level - 1);
}

/** For each part of a finer grouping, its part of a coarser one. */
function onto(finer: Int32Array, coarser: Int32Array): Int32Array {
  const part = new Int32Array(max(finer) + 1);
  for (let s = 0; s < finer.length; s++) part[finer[s]] = coarser[s];
  return part;
}

/** The least depth of each part, given the depths of finer ones and which part each is in. */
function leastDepths(finer: Int32Array, part: Int32Array, parts: number): Int32Array {
  const depth = new Int32Array(parts).fill(0x7fffffff);
  for (let i = 0; i < finer.length; i++) {
    if (finer[i] < depth[part[i]]) depth[part[i]] = finer[i];
  }
  return depth;
}

/** Dependencies between strata of one part, but not those inside of one stratum. */
function hiddenBy(part: Int32Array, { from, to, count }: PartLinks): number {
  let found = 0;
  for (let i = 0; i < from.length; i++) {
    if (from[i] !== to[i] && part[from[i]] === part[to[i]]) found += count[i];
  }
  return found;
}

function sum(list: Int32Array): number {
  let total = 0;
  for (let i = 0; i < list.length; i++) total += list[i];
  return total;
}

function max(list: Int32Array): number {
  let most = 0;
  for (let i = 0; i < list.length; i++) if (list[i] > most) most = list[i];
  return most;
}
