import type { DagMembers } from "./members.ts";
import type { DagTasks } from "./tasks.ts";
import { isFailed, isFinal } from "../../parsl/states.ts";
import { spanMs } from "../figures/try_times.ts";

/** What the tasks of a group are doing. */
export interface GroupTally {
  /** [state index, tasks], in order of state index, none zero. */
  states: [number, number][];
  failed: number;
  running: number;
  finished: number;
  memo: number;
  /** How many of its tasks are joins. */
  joins: number;
  /** Of the times of its tries on workers, ms: the median to 2 %, null without any; the sum. */
  medianRun: number | null;
  totalRun: number;
}

/** Tallies of groups of tasks. O(tasks + tries). */
export function dagTallies(tasks: DagTasks, { start, members }: DagMembers): GroupTally[] {
  const states = new Int32Array(tasks.states.length);
  const times = tasks.tries ? new Times() : null;
  const tallies: GroupTally[] = [];
  for (let g = 0; g + 1 < start.length; g++) {
    const end = start[g + 1];
    states.fill(0);
    countStates(tasks, members, start[g], end, states);
    const sum = (fits: (state: string) => boolean) =>
      states.reduce((total, n, s) => total + (n > 0 && fits(tasks.states[s]) ? n : 0), 0);
    let totalRun = 0;
    if (tasks.tries && times) totalRun = timeTries(tasks.tries, members, start[g], end, times);
    tallies.push({
      states: [...states.entries()].filter(([, n]) => n > 0),
      failed: sum(isFailed),
      running: sum((state) => state === "running"),
      finished: sum(isFinal),
      memo: sum((state) => state === "memo_done"),
      joins: tasks.joins ? countMarked(tasks.joins, members, start[g], end) : 0,
      medianRun: times?.takeMedian() ?? null,
      totalRun,
    });
  }
  return tallies;
}

function countStates(
  tasks: DagTasks,
  members: Int32Array,
  from: number,
  to: number,
  states: Int32Array,
): void {
  const { state } = tasks;
  const unknown = states.length - 1;
  for (let i = from; i < to; i++) {
    const s = state[members[i]];
    states[s < 0 ? unknown : s]++;
  }
}

function countMarked(
  marks: ArrayLike<number>,
  members: Int32Array,
  from: number,
  to: number,
): number {
  let marked = 0;
  for (let i = from; i < to; i++) if (marks[members[i]] !== 0) marked++;
  return marked;
}

/** Adds the times of all tries of some tasks, and returns their sum. */
function timeTries(
  tries: NonNullable<DagTasks["tries"]>,
  members: Int32Array,
  from: number,
  to: number,
  times: Times,
): number {
  const { newest, before, running, ended } = tries;
  let total = 0;
  for (let i = from; i < to; i++) {
    for (let attempt = newest[members[i]]; attempt >= 0; attempt = before[attempt]) {
      const ran = spanMs(ended[attempt] - running[attempt]);
      if (ran !== ran) continue;
      total += ran;
      times.add(ran);
    }
  }
  return total;
}

/** Buckets for each doubling of a time, as bits of a float's mantissa. */
const BITS = 5;
const SHIFT = 23 - BITS;
/** Bits of 2^-10 ms, below which all is one, and how many doublings are told apart from there on. */
const LEAST = (127 - 10) << BITS;
const BUCKETS = 50 << BITS;

/** Times in buckets that are 3 % wide, for a median without sorting. */
class Times {
  readonly #counts = new Int32Array(BUCKETS);
  readonly #sums = new Float64Array(BUCKETS);
  readonly #float = new Float32Array(1);
  readonly #bits = new Int32Array(this.#float.buffer);
  #count = 0;

  add(time: number): void {
    this.#float[0] = time;
    const bucket = Math.min(BUCKETS - 1, Math.max(0, (this.#bits[0] >> SHIFT) - LEAST));
    this.#counts[bucket]++;
    this.#sums[bucket] += time;
    this.#count++;
  }

  /** The median of the times added, as the mean of its bucket; then there are none. */
  takeMedian(): number | null {
    if (this.#count === 0) return null;
    const middle = (this.#count - 1) >> 1;
    let bucket = 0;
    for (let below = this.#counts[0]; below <= middle; below += this.#counts[bucket]) bucket++;
    const median = this.#sums[bucket] / this.#counts[bucket];
    this.#counts.fill(0);
    this.#sums.fill(0);
    this.#count = 0;
    return median;
  }
}
