import { memo } from "./memo.ts";
import type { Run } from "../run/run.ts";
import { medianOf, scratch } from "./select.ts";
import { isFailed, isFinal, isNotRun, statePlace } from "../../parsl/states.ts";
import { queueMs, runMs } from "./try_times.ts";

export { queueTime, runTime } from "./try_times.ts";
export { type FailureGroup, failureGroups } from "./failures.ts";

/** A name and how many tasks have it. */
export interface Count {
  name: string;
  count: number;
}

/** Tasks per state, in the order of the life cycle; states without tasks are left out. */
export function stateCounts(run: Run): Count[] {
  return countsBy(run, (state) => run.tally.ofState(state));
}

function countsBy(run: Run, tasksIn: (state: number) => number): Count[] {
  const counts = run.states.list.map((name, state) => ({ name, count: tasksIn(state) }));
  counts.push({ name: "unknown", count: tasksIn(-1) });
  return counts.filter(({ count }) => count > 0)
    .sort((a, b) => statePlace(a.name) - statePlace(b.name));
}

/** How many of some tasks failed for good, and how many were not run because a dependency failed. */
export function failedOf(states: Count[]): { failed: number; notRun: number } {
  const sum = (fits: (state: string) => boolean) =>
    states.reduce((total, s) => total + (fits(s.name) ? s.count : 0), 0);
  return { failed: sum((name) => isFailed(name) && !isNotRun(name)), notRun: sum(isNotRun) };
}

/** What is known of one app's tasks. Times in ms, memory in bytes; null is unknown. */
export interface AppFigures {
  app: string;
  tasks: number;
  states: Count[];
  failed: number;
  notRun: number;
  tries: number;
  /** Median and longest time on a worker, per try. */
  medianRun: number | null;
  longestRun: number | null;
  /** Median time between launch and start on a worker. */
  medianQueue: number | null;
  /** Time on workers, summed over the tries of which it is known. */
  totalRun: number | null;
  peakMemory: number | null;
}

/** The middle of some numbers; null of none. */
export function median(values: number[]): number | null {
  return medianOf(Float64Array.from(values), 0, values.length);
}

/** Figures of every app of the run, the one with most tasks first. */
export function appFigures(run: Run): AppFigures[] {
  return memo(run, "apps", () => {
    const times = triesByApp(run);
    return run.tally.apps.filter((app) => run.tally.ofApp(app) > 0).map((app): AppFigures => {
      const states = countsBy(run, (state) => run.tally.of(app, state));
      const slot = app + 1;
      return {
        app: run.apps.at(app) ?? "unknown",
        tasks: run.tally.ofApp(app),
        states,
        ...failedOf(states),
        tries: times.tries[slot],
        medianRun: times.medianRun[slot],
        longestRun: known(times.longest[slot]),
        medianQueue: times.medianQueue[slot],
        totalRun: known(times.total[slot]),
        peakMemory: known(times.peak[slot]),
      };
    }).sort((a, b) => b.tasks - a.tasks || (a.app < b.app ? -1 : 1));
  });
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Figures of the tries of each app, by app index + 1. */
function triesByApp(run: Run) {
  const apps = run.apps.list.length + 1;
  const count = run.tryTask.length;
  const task = run.tryTask.data;
  const app = run.taskApp.data;
  const tries = new Int32Array(apps);
  const longest = new Float64Array(apps).fill(NaN);
  const peak = new Float64Array(apps).fill(NaN);
  const total = new Float64Array(apps).fill(NaN);
  for (let t = 0; t < count; t++) tries[app[task[t]] + 1]++;
  const first = new Int32Array(apps + 1);
  for (let a = 0; a < apps; a++) first[a + 1] = first[a] + tries[a];

  const values = scratch(count);
  const next = first.slice(0, apps);
  const medians = () => Array.from(next, (end, a) => medianOf(values, first[a], end));

  const memory = run.samples.tryPeak.data;
  for (let t = 0; t < count; t++) {
    const a = app[task[t]] + 1;
    if (memory[t] === memory[t] && !(peak[a] >= memory[t])) peak[a] = memory[t];
    const ran = runMs(run, t);
    if (ran !== ran) continue;
    values[next[a]++] = ran;
    total[a] = (total[a] === total[a] ? total[a] : 0) + ran;
    if (!(longest[a] >= ran)) longest[a] = ran;
  }
  const medianRun = medians();

  next.set(first.subarray(0, apps));
  for (let t = 0; t < count; t++) {
    const queued = queueMs(run, t);
    if (queued === queued) values[next[app[task[t]] + 1]++] = queued;
  }
  return { tries, longest, peak, total, medianRun, medianQueue: medians() };
}

/** Highest resident memory of any sample in bytes; null without samples. */
export function peakMemory(run: Run): number | null {
  return known(run.samples.peak);
}

/** Tasks that cannot change any more. */
export function finishedTasks(run: Run): number {
  return stateCounts(run).reduce((sum, s) => sum + (isFinal(s.name) ? s.count : 0), 0);
}

/** A histogram's bars. */
export interface Histogram {
  bins: { x0: number; x1: number; count: number }[];
  /** How many values there were; tasks without the figure are not among them. */
  count: number;
}

/** Equal-width histogram of the values that are known: neither null nor NaN nor infinite. */
export function histogram(values: ArrayLike<number | null>, bars = 24): Histogram {
  let count = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || !Number.isFinite(value)) continue;
    count++;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (count === 0) return { bins: [], count: 0 };
  if (high === low) high = low + (Math.abs(low) * 0.1 || 1);
  const width = (high - low) / bars;
  const counts = new Array<number>(bars).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || !Number.isFinite(value)) continue;
    counts[Math.min(bars - 1, Math.floor((value - low) / width))]++;
  }
  return {
    bins: counts.map((n, i) => ({ x0: low + i * width, x1: low + (i + 1) * width, count: n })),
    count,
  };
}

/** How tasks spread over CPU seconds used, and mean and peak resident memory in bytes. */
export function usageHistograms(run: Run): Record<"cpu" | "meanMemory" | "peakMemory", Histogram> {
  return memo(run, "usage", () => {
    const { tryCpu, tryCount, tryPeak, trySum } = run.samples;
    const values = scratch(run.tasks).subarray(0, run.tasks);
    const newest = run.taskLastTry.data;
    const prev = run.tryPrev.data;

    for (let task = 0; task < values.length; task++) {
      let sum = NaN;
      for (let t = newest[task]; t >= 0; t = prev[t]) {
        const used = tryCpu.data[t];
        if (used === used) sum = (sum === sum ? sum : 0) + used;
      }
      values[task] = sum;
    }
    const cpu = histogram(values);

    for (let task = 0; task < values.length; task++) {
      let sum = 0;
      let count = 0;
      for (let t = newest[task]; t >= 0; t = prev[t]) {
        sum += trySum.data[t];
        count += tryCount.data[t];
      }
      values[task] = sum / count;
    }
    const meanMemory = histogram(values);

    for (let task = 0; task < values.length; task++) {
      let peak = NaN;
      for (let t = newest[task]; t >= 0; t = prev[t]) {
        const value = tryPeak.data[t];
        if (value === value && !(peak >= value)) peak = value;
      }
      values[task] = peak;
    }
    return { cpu, meanMemory, peakMemory: histogram(values) };
  });
}

/**
 * CPU seconds that a try used, as its worker took them at its end, or by its samples: workers live on from task to task and the samples carry the worker process's own clock, so the figure is what it grew
 * by between the try's samples; one sample tells nothing.
 */
export function cpuOf(run: Run, attempt: number): number | null {
  return run.samples.tryCpu.get(attempt);
}
