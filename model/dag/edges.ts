import type { DagLinks } from "./links.ts";
import type { DagMembers } from "./members.ts";

/** How tasks of two groups depend on each other; see {@link GroupEdge}. */
export type EdgeKind = "1:1" | "n:1" | "1:n" | "m:n";

/**
 * `count` dependencies of tasks in group `to` on tasks in group `from`. Kind "n:1": some task of `to`
 * depends on several of `from`, and each of `from` feeds one; "1:n": some task of `from` feeds
 * several of `to`, each of which depends on one; "1:1" and "m:n" alike.
 */
export interface GroupEdge {
  from: number;
  to: number;
  count: number;
  kind: EdgeKind;
}

const SPREADS = 1;
const GATHERS = 2;
const KINDS = ["1:1", "1:n", "n:1", "m:n"] as const;

/** Counts links between two sets of groups, given the dependents of one group after the other. */
export class EdgeCounter {
  readonly #count: Int32Array;
  readonly #shape: Uint8Array;
  readonly #groups: number;
  readonly #lastTask: Int32Array;

  /** @param groups how many groups there are at the far end */
  constructor(rows: number, groups: number) {
    this.#groups = groups;
    this.#count = new Int32Array(rows * groups);
    this.#shape = new Uint8Array(rows * groups);
    this.#lastTask = new Int32Array(groups).fill(-1);
  }

  /**
   * Counts a link of a task of group `row` with some task of group `far`.
   *
   * @param again whether that other task has a link with this group already
   */
  add(row: number, task: number, far: number, again: boolean): void {
    const at = row * this.#groups + far;
    this.#count[at]++;
    if (this.#lastTask[far] === task) this.#shape[at] |= GATHERS;
    this.#lastTask[far] = task;
    if (again) this.#shape[at] |= SPREADS;
  }

  /** The edges found, in order of far end, then row: as from the far end to the row. */
  edges(): GroupEdge[] {
    const found: GroupEdge[] = [];
    const groups = this.#groups;
    const rows = groups === 0 ? 0 : this.#count.length / groups;
    for (let far = 0; far < groups; far++) {
      for (let row = 0; row < rows; row++) {
        const count = this.#count[row * groups + far];
        if (count === 0) continue;
        found.push({ from: far, to: row, count, kind: KINDS[this.#shape[row * groups + far]] });
      }
    }
    return found;
  }
}

const TURNED: Record<EdgeKind, EdgeKind> = {
  "1:1": "1:1",
  "n:1": "1:n",
  "1:n": "n:1",
  "m:n": "m:n",
};

/** An edge as seen from its other end. */
export function turned({ from, to, count, kind }: GroupEdge): GroupEdge {
  return { from: to, to: from, count, kind: TURNED[kind] };
}

/**
 * The edges between groups in order of (from, to), and the number of dependencies inside of each
 * group. O(tasks + dependencies + groups squared).
 */
export function groupEdges(
  { count, offsets, deps }: DagLinks,
  group: Uint16Array,
  { start, members }: DagMembers,
): { edges: GroupEdge[]; inner: Int32Array } {
  const groups = start.length - 1;
  const counter = new EdgeCounter(groups, groups);
  const inner = new Int32Array(groups);
  // Of each task the group, plus 1, that it was last found to feed.
  const fed = new Uint16Array(count);
  for (let to = 0; to < groups; to++) {
    for (let at = start[to]; at < start[to + 1]; at++) {
      const task = members[at];
      for (let i = offsets[task]; i < offsets[task + 1]; i++) {
        const dep = deps[i];
        const from = group[dep];
        if (from === to) {
          inner[to]++;
          continue;
        }
        counter.add(to, task, from, fed[dep] === to + 1);
        fed[dep] = to + 1;
      }
    }
  }
  return { edges: counter.edges(), inner };
}
