import { Heap } from "../figures/heap.ts";
import type { Run } from "../run/run.ts";
import { endOf, onWorker } from "../figures/series.ts";

/** A worker that has a lane of its own. */
export interface LaneWorker {
  manager: string | null;
  rank: string;
}

/** The tries of one executor on one host, side by side. */
export interface LaneHost {
  /** Null when no row names it. */
  host: string | null;
  executor: string | null;
  /** Its lanes: `lanes` from `first` on. */
  first: number;
  lanes: number;
  /** The workers that the first of its lanes are of; the others are of workers that are not known. */
  workers: LaneWorker[];
  /** The most tries that ran at once. */
  most: number;
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
 * The tries that ran on workers, in lanes that hold one at a time. Where our client told on which
 * worker a try ran, a lane is a worker. Parsl itself does not record that: other tries are put into
 * the first further lane of their host that is free when they start, so that there are as many of
 * these as such tries ran at once.
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
  const made = grows
    ? `${run.busy.tries} ${run.names.list.length} ${run.workers.tries}`
    : `all ${run.version}`;
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
  /** Lanes of no known worker that are free, the first one first; how many there are of both. */
  free: Heap;
  /** Those that are not, by when they will be. */
  taken: Heap;
  others: number;
  /** When tries that run will have ended. */
  running: Heap;
  /** The lanes of workers, by the workers' seats. */
  seats: Map<number, Seat>;
}

/** The lane of a worker. */
interface Seat {
  worker: LaneWorker;
  /** Its place in the order in which the workers of the host were first heard of. */
  place: number;
  /** When its last try ended, naive ms. */
  ended: number;
}

async function makeLanes(run: Run): Promise<Lanes> {
  const order = byStart(run);
  const hosts = new Map<number, Filling>();
  const numbers = new Map<Filling, number>();
  const hostOf = new Int32Array(order.length);
  /** Of each try in `order`: the place of its worker, or -1 - the number of a lane of no known one. */
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
  const lanesOfPlaces = list.map(seated);
  for (let at = 0; at < order.length; at++) {
    const { of } = list[hostOf[at]];
    const place = lane[at];
    lane[at] = place < 0 ? of.workers.length - 1 - place : lanesOfPlaces[hostOf[at]][place];
  }
  return byLane(order, list.map(({ of }) => of), hostOf, lane);
}

/** Gives the workers of a host their lanes, by manager and rank: the lane of each place. */
function seated({ of, seats, others }: Filling): number[] {
  const managers = new Map<string | null, number>();
  for (const { worker } of seats.values()) {
    if (!managers.has(worker.manager)) managers.set(worker.manager, managers.size);
  }
  const inOrder = [...seats.values()].sort((a, b) =>
    managers.get(a.worker.manager)! - managers.get(b.worker.manager)! ||
    byRank(a.worker.rank, b.worker.rank)
  );
  const lanes = new Array<number>(inOrder.length);
  inOrder.forEach(({ place }, lane) => lanes[place] = lane);
  of.workers = inOrder.map(({ worker }) => worker);
  of.lanes = inOrder.length + others;
  return lanes;
}

function byRank(a: string, b: string): number {
  const [m, n] = [Number(a), Number(b)];
  return m - n || (a < b ? -1 : a > b ? 1 : 0);
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
      workers: [],
      most: 0,
      tries: 0,
      failed: 0,
      busy: 0,
      began,
      ended: began,
    },
    free: new Heap(),
    taken: new Heap(),
    others: 0,
    running: new Heap(),
    seats: new Map(),
  };
}

/** The lane that a try takes: the place of its worker, or -1 - the number of another lane. */
function take(run: Run, filling: Filling, attempt: number): number {
  const { of, running } = filling;
  const start = run.tryRunning.data[attempt];
  const end = endOf(run, attempt);
  const isOpen = run.workflow.completed === null && Number.isNaN(run.tryEnded.data[attempt]);
  const until = isOpen ? Infinity : end;
  while (running.least <= start) running.pop();
  running.push(until, attempt);
  of.most = Math.max(of.most, running.size);
  of.tries++;
  if (run.tryFailure.data[attempt] >= 0) of.failed++;
  of.busy += end - start;
  of.ended = Math.max(of.ended, end);
  return takeSeat(run, filling, attempt, start, until) ?? -1 - takeOther(filling, start, until);
}

/** The place of a try's worker; null when it is not known, or was seen to be busy with another try. */
function takeSeat(
  run: Run,
  { seats }: Filling,
  attempt: number,
  start: number,
  until: number,
): number | null {
  const worker = run.workers.of(attempt);
  if (worker === null || worker.rank === null || worker.seat < 0) return null;
  let seat = seats.get(worker.seat);
  if (!seat) {
    const { manager, rank } = worker;
    seat = { worker: { manager, rank }, place: seats.size, ended: -Infinity };
    seats.set(worker.seat, seat);
  }
  if (seat.ended > start) return null;
  seat.ended = until;
  return seat.place;
}

/** The first lane of no known worker that is free. */
function takeOther(filling: Filling, start: number, until: number): number {
  const { free, taken } = filling;
  while (taken.least <= start) {
    const lane = taken.pop()!;
    free.push(lane, lane);
  }
  const lane = free.pop() ?? filling.others++;
  taken.push(until, lane);
  return lane;
}

/** Lets others have their turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
