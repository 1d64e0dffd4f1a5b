import { APP_LINES } from "../run/app_lines.ts";
import type { BusyLine } from "../run/busy.ts";
import { capacityChanges } from "./capacity.ts";
import { type Level, LEVELS } from "../run/levels.ts";
import { memo } from "./memo.ts";
import type { Run } from "../run/run.ts";
import type { Steps } from "../run/sample_lines.ts";

/** Bin edges in naive ms: `edges.length - 1` bins of equal width. */
export interface Bins {
  edges: number[];
}

/** Values per bin, one list per name; null is unknown. */
export interface Series extends Bins {
  series: {
    name: string;
    values: (number | null)[];
    /** Of a sum over things that have no series of their own: how many they are. */
    others?: number;
  }[];
}

/**
 * Edges of about 150 to 300 equal bins (`most`) over a run; none for a run without duration. A bin
 * is a power of two of milliseconds wide and begins at a multiple of that, so the first edge lies
 * before the run's beginning and the last beyond its end, each by less than a bin, and edges stay
 * where they are while the run grows.
 */
export function binsOf(run: Run, most = 300): number[] {
  const { began, end } = run;
  if (!(end > began)) return [];
  const lines = [...run.life.lines, run.busy.line, run.samples];
  let width = Math.max(...lines.map((line) => line?.width ?? 1));
  let first = Math.floor(began / width);
  let last = Math.ceil(end / width);
  while (last - first > most) {
    width *= 2;
    first = Math.floor(began / width);
    last = Math.ceil(end / width);
  }
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * width);
}

/**
 * Values at the end of every bin. What has no end goes on in a run that goes on; in one that ended
 * it ended with the run.
 */
function valuesOver(run: Run, line: Steps, edges: number[]): number[] {
  const values = line.valuesAt(edges);
  const over = run.workflow.completed === null ? Infinity : run.end;
  return values.slice(1).map((value, bin) =>
    Math.max(0, edges[bin + 1] >= over ? value - line.total : value)
  );
}

/** Number of tasks in each state over time, at the end of each bin. */
export function stateSeries(run: Run, edges = binsOf(run)): Series {
  if (edges.length === 0) return { edges, series: [] };
  const series: Series["series"] = [];
  run.life.lines.forEach((line, state) => {
    if (line) series.push({ name: run.states.list[state], values: line.valuesAt(edges).slice(1) });
  });
  return { edges, series };
}

/** Whether a try occupied a worker: it ran, and not inside Parsl itself. */
export function onWorker(run: Run, attempt: number): boolean {
  return !Number.isNaN(run.tryRunning.data[attempt]) && !run.isInternal(attempt);
}

/** When a try that ran ended, or the run's newest time while it goes on; naive ms. */
export function endOf(run: Run, attempt: number): number {
  const end = run.tryEnded.data[attempt];
  return Math.max(Number.isNaN(end) ? run.end : end, run.tryRunning.data[attempt]);
}

/** Number of tries that began on a worker and have not ended. */
export function busyNow(run: Run): number {
  return run.workflow.completed === null ? run.busy.line.total : 0;
}

/** Tries on workers over time, in all and per app; and the workers there were. */
export function workerSeries(
  run: Run,
  edges = binsOf(run),
): UsageSeries {
  if (edges.length === 0) return { edges, series: [], capacity: [] };
  return {
    edges,
    series: [{ name: "busy", values: valuesOver(run, run.busy.line, edges) }],
    capacity: capacityOver(run, edges, "workers"),
  };
}

/**
 * Running tries per app over time; apps beyond the eight that ran longest are summed as "other", and
 * so are all apps that the run met after its 256th.
 */
export function appSeries(run: Run, edges = binsOf(run)): Series {
  if (edges.length === 0) return { edges, series: [] };
  const until = run.end - run.clock.base;
  const lines: { name: string; busy: BusyLine; time: number }[] = [];
  const others: BusyLine[] = [];
  let late = 0;
  run.busyOfApp.forEach((busy, slot) => {
    if (!busy) return;
    if (slot >= APP_LINES) {
      others.push(busy);
      late = run.apps.list.length - (APP_LINES - 1);
    } else {
      const name = run.apps.at(slot - 1) ?? "unknown";
      lines.push({ name, busy, time: busy.busyUntil(until) });
    }
  });
  lines.sort((a, b) => b.time - a.time || (a.name < b.name ? -1 : 1));
  const met = lines.filter(({ busy }) => busy.tries > 0);
  others.push(...met.slice(8).map(({ busy }) => busy));
  const series: Series["series"] = met.slice(0, 8).map(({ name, busy }) => ({
    name,
    values: valuesOver(run, busy.line, edges),
  }));
  if (others.length > 0) {
    const sums = new Array<number>(edges.length - 1).fill(0);
    for (const { line } of others) {
      valuesOver(run, line, edges).forEach((value, bin) => sums[bin] += value);
    }
    series.push({ name: "other", values: sums, others: Math.max(0, met.length - 8) + late });
  }
  return { edges, series };
}

/** What was used over time, and what there was; null where that is unknown. */
export interface UsageSeries extends Series {
  capacity: (number | null)[];
}

/** What there was at given instants: workers, CPU cores or bytes of memory; null where unknown. */
export function capacityOver(
  run: Run,
  edges: number[],
  what: "workers" | "cores" | "memory",
): (number | null)[] {
  const changes = memo(run, "capacity", () => capacityChanges(run));
  if (changes.length === 0) return edges.slice(1).map(() => null);
  let at = 0;
  let value = 0;
  return edges.slice(1).map((time) => {
    while (at < changes.length && changes[at].time <= time) value = changes[at++][what];
    return value;
  });
}

/**
 * CPU cores used over time: the growth of each try's CPU seconds between two samples that know them,
 * spread over the time between. CPU time that shrinks (a child process was forgotten) is no use.
 */
export function cpuSeries(run: Run, edges = binsOf(run)): UsageSeries {
  if (edges.length === 0) return { edges, series: [], capacity: [] };
  const values = run.samples.coresBetween(run.clock, edges);
  return {
    edges,
    series: values ? [{ name: "used", values }] : [],
    capacity: capacityOver(run, edges, "cores"),
  };
}

/** A level over time: each try's last sample holds until its next, or until it ended. */
export function levelSeries(run: Run, level: Level, edges = binsOf(run)): UsageSeries {
  const known = edges.length > 0 && run.samples.count > 0;
  const { capacity } = LEVELS[level];
  const line = run.samples.levelLine(level);
  return {
    edges,
    series: known ? [{ name: "used", values: valuesOver(run, line, edges) }] : [],
    capacity: capacity ? capacityOver(run, edges, capacity) : edges.slice(1).map(() => null),
  };
}
