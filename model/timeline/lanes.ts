import { Heap } from "../figures/heap.ts";
import type { Run } from "../run/run.ts";
import { endOf, onWorker } from "../figures/series.ts";

/** The tries of one executor on one host, side by side. */
export interface LaneHost {
  /** Null when no row names it. */
  host: string | null;
  executor: string | null;
  /** Its lanes: `lanes` from `first` on. */
  first: number;
  lanes: number;
  tries: number;
  /** Tries that failed, also those that were tried again. */
  failed: number;
  /** Time on workers of all tries, ms. */
  busy: number;
  /** When its first try started and its last one ended, naive ms. */
  began: number;
  ended: number;
}

/**
 * The share of a host's lanes in which a try ran, from its first start to its last end; null for no
 * time at all.
 */
export function busyShare({ lanes, busy, began, ended }: LaneHost): number | null {
  const there = lanes * (ended - began);
  return there > 0 ? Math.min(1, busy / there) : null;
}

/**
 * The tries that ran on workers, in lanes that hold one at a time. Parsl does not record on which of
 * a host's workers a try ran: each is put into the first lane of its host that is free when it starts,
 * so that a host has as many lanes as tries ran on it at once.
 */
export interface Lanes {
  hosts: LaneHost[];
  count: number;
  /** Indexes of tries: those of a lane in the order of their starts. */
  tries: Int32Array;
  /** Where each lane's tries begin in `tries`; one more than there are lanes. */
  offsets: Int32Array;
}

interface Kept {
  lanes: Promise<Lanes>;
  /** What of the run they were made of. */
  made: string;
  /** Not made again before, in ms of `performance.now()`, while the run goes on. */
  until: number;
}

/** Making lanes takes at most this share of the time while a run goes on. */
const SHARE = 0.05;
/** Tries that are put into lanes in one go: some ms of work. */
const SLICE = 20_000;

const known = new WeakMap<Run, Kept>();

/**
 * The lanes of a run.
 *
 * @param grows whether it goes on, or is still being read: then they may be those of a moment ago
 */
export function lanesOf(run: Run, grows: boolean): Promise<Lanes> {
  const before = known.get(run);
  const made = grows ? `${run.busy.tries} ${run.names.list.length}` : `all ${run.version}`;
  const began = performance.now();
  if (before && (before.made === made || grows && began < before.until)) return before.lanes;
  const kept: Kept = { lanes: makeLanes(run), made, until: Infinity };
  known.set(run, kept);
  kept.lanes.then(() => {
    const now = performance.now();
    kept.until = now + (now - began) / SHARE;
  }, () => known.delete(run));
  return kept.lanes;
}

/** A host while its lanes are being filled. */
interface Filling {
  of: LaneHost;
  /** Lanes that are free, the first one first. */
  free: Heap;
  /** Lanes that are not, by when they will be. */
  taken: Heap;
}

async function makeLanes(run: Run): Promise<Lanes> {
  const order = byStart(run);
  const hosts = new Map<number, Filling>();
  const numbers = new Map<Filling, number>();
  const hostOf = new Int32Array(order.length);
  /** Of each try in `order`: its lane within its host. */
  const lane = new Int32Array(order.length);
  const list: Filling[] = [];
  const executors = run.names.list.length + 1;
  for (let at = 0; at < order.length; at++) {
    if (at % SLICE === SLICE - 1) await turn();
    const attempt = order[at];
    const key = (run.tryHost.data[attempt] + 1) * executors + run.tryExecutor.data[attempt] + 1;
    let filling = hosts.get(key);
    if (!filling) {
      hosts.set(key, filling = newHost(run, attempt));
      numbers.set(filling, list.push(filling) - 1);
    }
    hostOf[at] = numbers.get(filling)!;
    lane[at] = take(run, filling, attempt);
  }
  return byLane(order, list.map(({ of }) => of), hostOf, lane);
}

/** Puts tries in the order of their lanes, those of one lane as they were. */
function byLane(
  order: Int32Array,
  hosts: LaneHost[],
  hostOf: Int32Array,
  lane: Int32Array,
): Lanes {
  let count = 0;
  for (const host of hosts) {
    host.first = count;
    count += host.lanes;
  }
  const offsets = new Int32Array(count + 1);
  for (let at = 0; at < order.length; at++) {
    lane[at] += hosts[hostOf[at]].first;
    offsets[lane[at] + 1]++;
  }
  for (let at = 0; at < count; at++) offsets[at + 1] += offsets[at];
  const next = offsets.slice();
  const tries = new Int32Array(order.length);
  for (let at = 0; at < order.length; at++) tries[next[lane[at]]++] = order[at];
  return { hosts, count, tries, offsets };
}

/** Indexes of the tries that ran on workers, in the order of their starts. */
function byStart(run: Run): Int32Array {
  const { length } = run.tryTask;
  const starts = run.tryRunning.data;
  let count = 0;
  let first = Infinity;
  let last = -Infinity;
  for (let attempt = 0; attempt < length; attempt++) {
    if (!onWorker(run, attempt)) continue;
    count++;
    first = Math.min(first, starts[attempt]);
    last = Math.max(last, starts[attempt]);
  }
  // Numbers sort ten times as fast as with a function that compares: the index is in their low bits.
  const unit = Math.max(2 ** -10, (last - first + 1) * length / 2 ** 52);
  const keys = new Float64Array(count);
  count = 0;
  for (let attempt = 0; attempt < length; attempt++) {
    if (!onWorker(run, attempt)) continue;
    keys[count++] = Math.floor((starts[attempt] - first) / unit) * length + attempt;
  }
  keys.sort();
  const order = new Int32Array(count);
  for (let at = 0; at < count; at++) order[at] = keys[at] % length;
  return order;
}

function newHost(run: Run, attempt: number): Filling {
  const began = run.tryRunning.data[attempt];
  return {
    of: {
      host: run.names.at(run.tryHost.data[attempt]),
      executor: run.names.at(run.tryExecutor.data[attempt]),
      first: 0,
      lanes: 0,
      tries: 0,
      failed: 0,
      busy: 0,
      began,
      ended: began,
    },
    free: new Heap(),
    taken: new Heap(),
  };
}

/** The lane that a try takes, within its host. */
function take(run: Run, { of, free, taken }: Filling, attempt: number): number {
  const start = run.tryRunning.data[attempt];
  while (taken.least <= start) {
    const lane = taken.pop()!;
    free.push(lane, lane);
  }
  const lane = free.pop() ?? of.lanes++;
  const end = endOf(run, attempt);
  const isOpen = run.workflow.completed === null && Number.isNaN(run.tryEnded.data[attempt]);
  taken.push(isOpen ? Infinity : end, lane);
  of.tries++;
  if (run.tryFailure.data[attempt] >= 0) of.failed++;
  of.busy += end - start;
  of.ended = Math.max(of.ended, end);
  return lane;
}

/** Lets others have their turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
