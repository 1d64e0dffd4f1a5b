/** How the hosts of a run were over time, whoever used them: CPU, memory, load, disks, GPUs. */
import type { GpuSamples, NodeFigure, NodeSamples, Sampled } from "../run/node_samples.ts";
import type { Run } from "../run/run.ts";

/** Points of a line at most. */
const POINTS = 240;

/** What a host's samples say over all of their time; null is unknown. Shares are of 1. */
export interface NodeFigures {
  host: string;
  cpus: number | null;
  /** Mean over time, and the highest of all samples. */
  busyMean: number | null;
  busyMost: number | null;
  loadMost: number | null;
  memory: number | null;
  memoryMean: number | null;
  memoryMost: number | null;
  swapMost: number | null;
  /** Of the disk of the run's folder, the least that was free. */
  diskLeast: number | null;
  /** Null where nobody could look for any. */
  gpus: number | null;
  gpuMean: number | null;
}

/** A line over time: `x` in naive ms of the submit host's clock; null is unknown. */
export interface NodeLine {
  name: string;
  x: number[];
  values: (number | null)[];
}

/**
 * A host over time. What its samples say holds since the one before: `values[i]` from `x[i]` to
 * `x[i + 1]`, naive ms of the submit host's clock; null is unknown.
 */
export interface NodeView {
  host: string;
  figures: NodeFigures;
  x: number[];
  /** Cores that were busy, and that there are. */
  busy: (number | null)[];
  cpus: (number | null)[];
  /** Bytes of memory that were used, and that there are; of swap, where any was used. */
  used: (number | null)[];
  memory: (number | null)[];
  swap: (number | null)[] | null;
  load: NodeLine;
  /** Percent of each GPU, and bytes of its memory. */
  gpuUse: NodeLine[];
  gpuMemory: NodeLine[];
}

/** The figures of all hosts that were looked at, by name. */
export function nodeFigures(run: Run): NodeFigures[] {
  return inOrder(run).map(figuresOf);
}

/** The lines of some hosts: those of {@link nodeFigures} from one place to another. */
export function nodeViews(run: Run, from: number, to: number): NodeView[] {
  return inOrder(run).slice(from, to).map((node) => viewOf(run, node));
}

function inOrder(run: Run): NodeSamples[] {
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  return run.hosts.hosts.toSorted((a, b) => compare(a.hostname, b.hostname));
}

function used(samples: Sampled<NodeFigure>): number[] {
  const free = samples.of("memoryAvailable");
  return samples.of("memoryTotal").map((total, i) => Math.max(0, total - free[i]));
}

function figuresOf({ hostname, samples, gpus }: NodeSamples): NodeFigures {
  const memory = used(samples);
  const use = [...gpus.values()].map(({ samples }) => meanOf(samples.of("utilization")));
  return {
    host: hostname,
    cpus: lastOf(samples.of("cpus")),
    busyMean: meanOf(samples.of("busy")),
    busyMost: mostOf(samples.of("busy")),
    loadMost: mostOf(samples.of("load")),
    memory: lastOf(samples.of("memoryTotal")),
    memoryMean: meanOf(memory),
    memoryMost: mostOf(memory),
    swapMost: mostOf(samples.of("swapUsed")),
    diskLeast: leastOf(samples.of("diskFree")),
    gpus: gpus.size || null,
    gpuMean: meanOf(use.map((value) => value ?? NaN)),
  };
}

function viewOf(run: Run, node: NodeSamples): NodeView {
  const { hostname, samples } = node;
  const { times } = samples;
  const shift = run.tries.clocks.shiftOf(run.names.find(hostname) ?? -1);
  const cpus = samples.of("cpus");
  const swap = samples.of("swapUsed");
  const bins = binsOf(times);
  const binned = (values: readonly number[]) =>
    bins.map(({ from, to }) => meanOf(values.slice(from, to)));
  const gpus = [...node.gpus.values()].sort((a, b) => a.gpu - b.gpu);
  const gpuLine = ({ gpu, samples }: GpuSamples, values: readonly number[]) =>
    thinned(`GPU ${gpu}`, samples.times, values, shift);
  return {
    host: hostname,
    figures: figuresOf(node),
    x: [...bins.map(({ begin }) => begin), times[times.length - 1] ?? 0]
      .map((time) => Math.round(time - shift)),
    busy: binned(samples.of("busy").map((share, i) => share * cpus[i])),
    cpus: binned(cpus),
    used: binned(used(samples)),
    memory: binned(samples.of("memoryTotal")),
    swap: swap.some((value) => value > 0) ? binned(swap) : null,
    load: thinned("load, 1 min", times, samples.of("load"), shift),
    gpuUse: gpus.map((gpu) => gpuLine(gpu, gpu.samples.of("utilization").map((v) => 100 * v)))
      .filter(isKnown),
    gpuMemory: gpus.map((gpu) => gpuLine(gpu, gpu.samples.of("memoryUsed"))).filter(isKnown),
  };
}

/** Samples from one place to another, and since when they hold; none where there was no sampler. */
interface Bin {
  begin: number;
  from: number;
  to: number;
}

/** A sampler that was silent for so many times its interval was not there. */
const SILENT = 3;

/** The bins of samples at some times: not more than can be told apart, and gaps. */
function binsOf(times: readonly number[]): Bin[] {
  if (times.length === 0) return [];
  const steps = times.slice(1).map((time, i) => time - times[i]).sort((a, b) => a - b);
  const usual = steps.length > 0 ? steps[steps.length >> 1] : 10_000;
  const size = Math.max(1, Math.ceil(times.length / POINTS));
  const bins: Bin[] = [];
  for (let from = 0, to = 0; from < times.length; from = to) {
    const before = from === 0 ? times[0] - usual : times[from - 1];
    const begin = Math.max(before, times[from] - SILENT * usual);
    if (begin > before) bins.push({ begin: before, from, to: from });
    to = from + 1;
    while (
      to < times.length && to - from < size && times[to] - times[to - 1] <= SILENT * usual
    ) to++;
    bins.push({ begin: begin > before ? times[from] - usual : begin, from, to });
  }
  return bins;
}

function isKnown({ values }: NodeLine): boolean {
  return values.some((value) => value !== null);
}

/** Not more points than can be told apart: the means of neighbours, each at the time of the last. */
function thinned(
  name: string,
  times: readonly number[],
  values: readonly number[],
  shift: number,
): NodeLine {
  const step = Math.max(1, Math.ceil(times.length / POINTS));
  const line: NodeLine = { name, x: [], values: [] };
  for (let from = 0; from < times.length; from += step) {
    const to = Math.min(times.length, from + step);
    line.x.push(Math.round(times[to - 1] - shift));
    line.values.push(meanOf(values.slice(from, to)));
  }
  return line;
}

function meanOf(values: readonly number[]): number | null {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}

function mostOf(values: readonly number[]): number | null {
  let most: number | null = null;
  for (const value of values) if (!Number.isNaN(value)) most = Math.max(most ?? value, value);
  return most;
}

function leastOf(values: readonly number[]): number | null {
  let least: number | null = null;
  for (const value of values) if (!Number.isNaN(value)) least = Math.min(least ?? value, value);
  return least;
}

function lastOf(values: readonly number[]): number | null {
  return values.findLast((value) => !Number.isNaN(value)) ?? null;
}
