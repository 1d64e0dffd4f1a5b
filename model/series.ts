import type { Run } from "./run.ts";
import { capacityChanges } from "./capacity.ts";
import { isFinal, stateRank } from "./states.ts";

/** Bin edges in naive ms: `edges.length - 1` bins of equal width. */
export interface Bins {
  edges: number[];
}

/** Values per bin, one list per name; null is unknown. */
export interface Series extends Bins {
  series: { name: string; values: (number | null)[] }[];
}

/** Equal bins from the run's beginning to its end; none for a run without duration. */
export function binsOf(run: Run, count = 240): number[] {
  const { began, end } = run;
  if (!(end > began)) return [];
  return Array.from({ length: count + 1 }, (_, i) => began + (end - began) * (i / count));
}

/** First bin edge at or after a time, as an index into the edges. */
function edgeAtOrAfter(edges: number[], time: number): number {
  const width = (edges[edges.length - 1] - edges[0]) / (edges.length - 1);
  let index = Math.min(Math.max(Math.ceil((time - edges[0]) / width), 0), edges.length);
  while (index > 0 && edges[index - 1] >= time) index--;
  while (index < edges.length && edges[index] < time) index++;
  return index;
}

/** Counts of overlapping intervals, sampled at the end of every bin. */
class Sampler {
  readonly #edges: number[];
  readonly #steps: Float64Array;

  constructor(edges: number[]) {
    this.#edges = edges;
    this.#steps = new Float64Array(edges.length + 1);
  }

  /** Adds an interval [start, end); an endless one has end Infinity. */
  add(start: number, end: number, weight = 1): void {
    if (!(end > start)) return;
    this.#steps[edgeAtOrAfter(this.#edges, start)] += weight;
    if (end !== Infinity) this.#steps[edgeAtOrAfter(this.#edges, end)] -= weight;
  }

  /** The value at every edge. */
  edges(): number[] {
    let sum = 0;
    return this.#edges.map((_, i) => sum += this.#steps[i]);
  }

  /** The value at the end of every bin. */
  values(): number[] {
    return this.edges().slice(1);
  }
}

/**
 * Events of one task in the order of its life: by try, then by place in the life cycle, with clocks
 * made monotone (an event never comes after the one that follows it).
 */
export function orderedEvents(
  run: Run,
  task: number,
): { state: number; try: number; time: number }[] {
  const events: { state: number; try: number; time: number; rank: number }[] = [];
  for (let e = run.taskLastEvent.data[task]; e >= 0; e = run.eventPrev.data[e]) {
    const state = run.eventState.data[e];
    events.push({
      state,
      try: run.tryNumber.data[run.eventTry.data[e]],
      time: run.eventTime.data[e],
      rank: stateRank(run.states.list[state]),
    });
  }
  events.sort((a, b) => a.try - b.try || a.rank - b.rank || a.time - b.time || a.state - b.state);
  for (let i = events.length - 2; i >= 0; i--) {
    events[i].time = Math.min(events[i].time, events[i + 1].time);
  }
  return events;
}

/** Number of tasks in each state over time, at the end of each bin. */
export function stateSeries(run: Run, edges = binsOf(run)): Series {
  if (edges.length === 0) return { edges, series: [] };
  const samplers = run.states.list.map(() => new Sampler(edges));
  const used = new Set<number>();
  for (let task = 0; task < run.tasks; task++) {
    const events = orderedEvents(run, task);
    for (let i = 0; i < events.length; i++) {
      used.add(events[i].state);
      samplers[events[i].state].add(events[i].time, events[i + 1]?.time ?? Infinity);
    }
  }
  return {
    edges,
    series: [...used].sort((a, b) => a - b).map((state) => ({
      name: run.states.list[state],
      values: samplers[state].values(),
    })),
  };
}

/** When a try occupied a worker, in naive ms; null when it never ran or ran inside Parsl itself. */
export function busyInterval(run: Run, attempt: number): [number, number] | null {
  const start = run.tryRunning.data[attempt];
  if (Number.isNaN(start) || run.names.at(run.tryExecutor.data[attempt]) === "_parsl_internal") {
    return null;
  }
  const end = run.tryEnded.data[attempt];
  return [start, Number.isNaN(end) ? Math.max(run.end, start) : Math.max(end, start)];
}

/** Number of tries on workers at given instants (naive ms). */
export function busyAt(run: Run, instants: number[]): number[] {
  const counts = instants.map(() => 0);
  for (let attempt = 0; attempt < run.tryTask.length; attempt++) {
    const interval = busyInterval(run, attempt);
    if (!interval) continue;
    instants.forEach((t, i) => {
      if (interval[0] <= t && t < interval[1]) counts[i]++;
    });
  }
  return counts;
}

/** Tries on workers over time, in all and per app; and the workers there were. */
export function workerSeries(
  run: Run,
  edges = binsOf(run),
): Series & { capacity: (number | null)[] } {
  if (edges.length === 0) return { edges, series: [], capacity: [] };
  const all = new Sampler(edges);
  for (let attempt = 0; attempt < run.tryTask.length; attempt++) {
    const interval = busyInterval(run, attempt);
    if (interval) all.add(interval[0], interval[1]);
  }
  return {
    edges,
    series: [{ name: "busy", values: all.values() }],
    capacity: capacityOver(run, edges, "workers"),
  };
}

/** Running tries per app over time; apps beyond the eight that ran longest are summed as "other". */
export function appSeries(run: Run, edges = binsOf(run)): Series {
  if (edges.length === 0) return { edges, series: [] };
  const totals = new Map<number, number>();
  for (let attempt = 0; attempt < run.tryTask.length; attempt++) {
    const interval = busyInterval(run, attempt);
    if (!interval) continue;
    const app = run.taskApp.data[run.tryTask.data[attempt]];
    totals.set(app, (totals.get(app) ?? 0) + interval[1] - interval[0]);
  }
  const top = [...totals].sort((a, b) => b[1] - a[1]).slice(0, 8).map(([app]) => app);
  const rank = new Map(top.map((app, i) => [app, i]));
  const samplers = [...top.map(() => new Sampler(edges)), new Sampler(edges)];
  for (let attempt = 0; attempt < run.tryTask.length; attempt++) {
    const interval = busyInterval(run, attempt);
    if (!interval) continue;
    const app = run.taskApp.data[run.tryTask.data[attempt]];
    samplers[rank.get(app) ?? top.length].add(interval[0], interval[1]);
  }
  const series = top.map((app, i) => ({
    name: run.apps.at(app) ?? "unknown",
    values: samplers[i].values() as (number | null)[],
  }));
  if (totals.size > top.length) {
    series.push({ name: "other", values: samplers[top.length].values() });
  }
  return { edges, series };
}

/** What there was at given instants: workers, CPU cores or bytes of memory; null where unknown. */
export function capacityOver(
  run: Run,
  edges: number[],
  what: "workers" | "cores" | "memory",
): (number | null)[] {
  const changes = capacityChanges(run);
  if (changes.length === 0) return edges.slice(1).map(() => null);
  let at = 0;
  let value = 0;
  return edges.slice(1).map((time) => {
    while (at < changes.length && changes[at].time <= time) value = changes[at++][what];
    return value;
  });
}

/**
 * CPU cores used over time: the growth of each try's CPU seconds between two samples, spread over
 * the time between them. CPU time that shrinks (a child process was forgotten) counts as no use.
 */
export function cpuSeries(run: Run, edges = binsOf(run)): Series & { capacity: (number | null)[] } {
  if (edges.length === 0) return { edges, series: [], capacity: [] };
  const width = (edges[edges.length - 1] - edges[0]) / (edges.length - 1);
  const seconds = new Float64Array(edges.length - 1);
  let known = false;
  forEachSampleGap(run, (a, b) => {
    const used = run.sampleCpu.data[b] - run.sampleCpu.data[a];
    known ||= !Number.isNaN(used);
    const from = run.sampleTime.data[a];
    const to = run.sampleTime.data[b];
    if (!(used > 0) || !(to > from)) return;
    const first = Math.max(0, Math.floor((from - edges[0]) / width));
    const last = Math.min(seconds.length - 1, Math.floor((to - edges[0]) / width));
    for (let bin = first; bin <= last; bin++) {
      const overlap = Math.min(to, edges[bin + 1]) - Math.max(from, edges[bin]);
      if (overlap > 0) seconds[bin] += used * (overlap / (to - from));
    }
  });
  return {
    edges,
    series: known ? [{ name: "used", values: Array.from(seconds, (s) => s / (width / 1000)) }] : [],
    capacity: capacityOver(run, edges, "cores"),
  };
}

/** Resident memory over time: each try's last sample holds until its next, or until it ended. */
export function memorySeries(
  run: Run,
  edges = binsOf(run),
): Series & { capacity: (number | null)[] } {
  if (edges.length === 0 || run.sampleTry.length === 0) {
    return { edges, series: [], capacity: capacityOver(run, edges, "memory") };
  }
  const sampler = new Sampler(edges);
  const last = new Set<number>();
  forEachSampleGap(run, (a, b) => {
    const memory = run.sampleMemory.data[a];
    if (memory > 0) sampler.add(run.sampleTime.data[a], run.sampleTime.data[b], memory);
  }, (sample) => last.add(sample));
  for (const sample of last) {
    const memory = run.sampleMemory.data[sample];
    const attempt = run.sampleTry.data[sample];
    const ended = run.tryEnded.data[attempt];
    if (memory > 0) {
      sampler.add(run.sampleTime.data[sample], Number.isNaN(ended) ? run.end : ended, memory);
    }
  }
  return {
    edges,
    series: [{ name: "used", values: sampler.values().map((v) => Math.max(0, v)) }],
    capacity: capacityOver(run, edges, "memory"),
  };
}

/** Calls for every two samples of a try that follow each other, and for every try's last. */
function forEachSampleGap(
  run: Run,
  gap: (earlier: number, later: number) => void,
  last: (sample: number) => void = () => {},
): void {
  for (let attempt = 0; attempt < run.tryTask.length; attempt++) {
    const samples = samplesOf(run, attempt);
    for (let i = 1; i < samples.length; i++) gap(samples[i - 1], samples[i]);
    if (samples.length > 0) last(samples[samples.length - 1]);
  }
}

/** Indexes of a try's resource samples, earliest first. */
export function samplesOf(run: Run, attempt: number): number[] {
  const out: number[] = [];
  for (let s = run.tryLastSample.data[attempt]; s >= 0; s = run.samplePrev.data[s]) out.push(s);
  return out.sort((a, b) => run.sampleTime.data[a] - run.sampleTime.data[b]);
}

/** True when no task of the run can change any more. */
export function allFinal(run: Run): boolean {
  for (let task = 0; task < run.tasks; task++) if (!isFinal(run.stateOf(task))) return false;
  return run.tasks > 0;
}
