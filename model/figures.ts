import type { Run } from "./run.ts";
import { isFailed, isFinal } from "./states.ts";
import { samplesOf } from "./series.ts";

/** A name and how many tasks have it. */
export interface Count {
  name: string;
  count: number;
}

/** Tasks per state, in the order of the life cycle; states without tasks are left out. */
export function stateCounts(run: Run): Count[] {
  const counts = new Map<string, number>();
  for (let task = 0; task < run.tasks; task++) {
    const state = run.stateOf(task);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const order = [...run.states.list, "unknown"];
  return order.filter((name) => counts.has(name)).map((name) => ({
    name,
    count: counts.get(name)!,
  }));
}

/** How many of some counts have a name; 0 when none has. */
export function countOf(counts: Count[], name: string): number {
  return counts.find((c) => c.name === name)?.count ?? 0;
}

/** What is known of one app's tasks. Times in ms, memory in bytes; null is unknown. */
export interface AppFigures {
  app: string;
  tasks: number;
  states: Count[];
  failed: number;
  tries: number;
  /** Median and longest time on a worker, per try. */
  medianRun: number | null;
  longestRun: number | null;
  /** Median time between launch and start on a worker. */
  medianQueue: number | null;
  /** Time on workers, summed. */
  totalRun: number;
  peakMemory: number | null;
}

/** Time a try spent on a worker in ms; null if it never ran or has not ended. */
export function runTime(run: Run, attempt: number): number | null {
  const time = run.tryEnded.data[attempt] - run.tryRunning.data[attempt];
  return Number.isNaN(time) ? null : Math.max(0, time);
}

/** Time a try waited between launch and start in ms; null if unknown. */
export function queueTime(run: Run, attempt: number): number | null {
  const time = run.tryRunning.data[attempt] - run.tryLaunched.data[attempt];
  return Number.isNaN(time) ? null : Math.max(0, time);
}

/** The middle of some numbers; null of none. */
export function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Figures of every app of the run, the one with most tasks first. */
export function appFigures(run: Run): AppFigures[] {
  const rows = new Map<
    number,
    { row: AppFigures; states: Map<string, number>; run: number[]; queue: number[] }
  >();
  const of = (app: number) => {
    let entry = rows.get(app);
    if (!entry) {
      entry = {
        row: {
          app: run.apps.at(app) ?? "unknown",
          tasks: 0,
          states: [],
          failed: 0,
          tries: 0,
          medianRun: null,
          longestRun: null,
          medianQueue: null,
          totalRun: 0,
          peakMemory: null,
        },
        states: new Map(),
        run: [],
        queue: [],
      };
      rows.set(app, entry);
    }
    return entry;
  };
  for (let task = 0; task < run.tasks; task++) {
    const entry = of(run.taskApp.data[task]);
    const state = run.stateOf(task);
    entry.row.tasks++;
    entry.states.set(state, (entry.states.get(state) ?? 0) + 1);
    if (isFailed(state)) entry.row.failed++;
  }
  for (let attempt = 0; attempt < run.tryTask.length; attempt++) {
    const entry = of(run.taskApp.data[run.tryTask.data[attempt]]);
    entry.row.tries++;
    const ran = runTime(run, attempt);
    if (ran !== null) {
      entry.run.push(ran);
      entry.row.totalRun += ran;
      entry.row.longestRun = Math.max(entry.row.longestRun ?? 0, ran);
    }
    const queued = queueTime(run, attempt);
    if (queued !== null) entry.queue.push(queued);
    const peak = run.tryPeakMemory.get(attempt);
    if (peak !== null) entry.row.peakMemory = Math.max(entry.row.peakMemory ?? 0, peak);
  }
  const order = [...run.states.list, "unknown"];
  return [...rows.values()].map(({ row, states, run: times, queue }) => ({
    ...row,
    states: order.filter((s) => states.has(s)).map((name) => ({ name, count: states.get(name)! })),
    medianRun: median(times),
    medianQueue: median(queue),
  })).sort((a, b) => b.tasks - a.tasks || (a.app < b.app ? -1 : 1));
}

/** Highest resident memory of any sample in bytes; null without samples. */
export function peakMemory(run: Run): number | null {
  let peak: number | null = null;
  for (let attempt = 0; attempt < run.tryTask.length; attempt++) {
    const value = run.tryPeakMemory.get(attempt);
    if (value !== null && (peak === null || value > peak)) peak = value;
  }
  return peak;
}

/** Tasks that cannot change any more. */
export function finishedTasks(run: Run): number {
  let count = 0;
  for (let task = 0; task < run.tasks; task++) if (isFinal(run.stateOf(task))) count++;
  return count;
}

/** Failures with the same cause. */
export interface FailureGroup {
  /** The exception as Python wrote it, numbers and quoted texts of one task replaced by an ellipsis. */
  cause: string;
  /** One of them, to the letter. */
  example: string;
  tasks: number[];
  count: number;
  apps: string[];
  /** True when each of these tasks got over it in a later try. */
  recovered: boolean;
}

/** What failed and why: tries that failed, grouped by cause, the most frequent first. */
export function failureGroups(run: Run, perGroup = 20): FailureGroup[] {
  const groups = new Map<string, FailureGroup & { seen: Set<number>; appSet: Set<string> }>();
  for (let attempt = 0; attempt < run.tryTask.length; attempt++) {
    const text = run.texts.at(run.tryFailure.data[attempt]);
    if (!text) continue;
    const task = run.tryTask.data[attempt];
    const cause = causeOf(text);
    let group = groups.get(cause);
    if (!group) {
      group = {
        cause,
        example: text,
        tasks: [],
        count: 0,
        apps: [],
        recovered: true,
        seen: new Set(),
        appSet: new Set(),
      };
      groups.set(cause, group);
    }
    if (!group.seen.has(task)) {
      group.seen.add(task);
      group.count++;
      if (group.tasks.length < perGroup) group.tasks.push(run.taskId.data[task]);
      group.appSet.add(run.apps.at(run.taskApp.data[task]) ?? "unknown");
      if (isFailed(run.stateOf(task))) group.recovered = false;
    }
  }
  return [...groups.values()]
    .sort((a, b) => Number(a.recovered) - Number(b.recovered) || b.count - a.count)
    .map(({ seen: _seen, appSet, ...group }) => ({ ...group, apps: [...appSet].sort() }));
}

/** The last exception of a fail history, without what differs from task to task. */
export function causeOf(history: string): string {
  const lines = history.trim().split("\n");
  const last = lines[lines.length - 1].trim();
  return last.replace(/\b0x[0-9a-f]+\b/gi, "…").replace(/\d+/g, "…").slice(0, 300);
}

/** A histogram's bars. */
export interface Histogram {
  bins: { x0: number; x1: number; count: number }[];
  /** How many values there were; tasks without the figure are not among them. */
  count: number;
}

/** Equal-width histogram of the values that are known. */
export function histogram(values: (number | null)[], bars = 24): Histogram {
  const known = values.filter((v): v is number => v !== null && Number.isFinite(v));
  if (known.length === 0) return { bins: [], count: 0 };
  let low = Infinity;
  let high = -Infinity;
  for (const v of known) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (high === low) high = low + (Math.abs(low) * 0.1 || 1);
  const width = (high - low) / bars;
  const counts = new Array<number>(bars).fill(0);
  for (const v of known) counts[Math.min(bars - 1, Math.floor((v - low) / width))]++;
  return {
    bins: counts.map((count, i) => ({ x0: low + i * width, x1: low + (i + 1) * width, count })),
    count: known.length,
  };
}

/** Per task: CPU seconds used, mean and peak resident memory in bytes; null without samples. */
export function taskUsage(run: Run): {
  cpu: (number | null)[];
  meanMemory: (number | null)[];
  peakMemory: (number | null)[];
} {
  const cpu = new Array<number | null>(run.tasks).fill(null);
  const sum = new Float64Array(run.tasks);
  const samples = new Int32Array(run.tasks);
  const peak = new Array<number | null>(run.tasks).fill(null);
  for (let attempt = 0; attempt < run.tryTask.length; attempt++) {
    const task = run.tryTask.data[attempt];
    const used = cpuOf(run, attempt);
    if (used !== null) cpu[task] = (cpu[task] ?? 0) + used;
    for (const s of samplesOf(run, attempt)) {
      const memory = run.sampleMemory.data[s];
      if (Number.isNaN(memory)) continue;
      sum[task] += memory;
      samples[task]++;
      peak[task] = Math.max(peak[task] ?? 0, memory);
    }
  }
  return {
    cpu,
    meanMemory: Array.from(sum, (s, i) => samples[i] ? s / samples[i] : null),
    peakMemory: peak,
  };
}

/**
 * CPU seconds that a try used. Workers live on from task to task and the samples carry the worker
 * process's own clock, so the figure is what it grew by between the try's samples; one sample tells
 * nothing.
 */
export function cpuOf(run: Run, attempt: number): number | null {
  const samples = samplesOf(run, attempt).filter((s) => !Number.isNaN(run.sampleCpu.data[s]));
  if (samples.length < 2) return null;
  let used = 0;
  for (let i = 1; i < samples.length; i++) {
    used += Math.max(0, run.sampleCpu.data[samples[i]] - run.sampleCpu.data[samples[i - 1]]);
  }
  return used;
}
