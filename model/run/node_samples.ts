import type { GpuSampleRow, NodeSampleRow } from "./own_rows.ts";

/** What a sample of a host tells, in the order of its columns. */
export const NODE_FIGURES = [
  "cpus",
  "busy",
  "load",
  "memoryTotal",
  "memoryAvailable",
  "swapTotal",
  "swapUsed",
  "diskTotal",
  "diskFree",
] as const satisfies readonly (keyof NodeSampleRow)[];
export type NodeFigure = typeof NODE_FIGURES[number];

/** What a sample of a GPU tells. */
export const GPU_FIGURES = [
  "utilization",
  "memoryTotal",
  "memoryUsed",
  "power",
] as const satisfies readonly (keyof GpuSampleRow)[];
export type GpuFigure = typeof GPU_FIGURES[number];

/** Samples of all hosts and GPUs that are kept at most, but for {@link LEAST} of each. */
const MOST = 1 << 18;
const LEAST = 64;

/**
 * Samples of one host, or of one GPU of it, in the order of their times (naive ms of the host's own
 * clock), by figure; NaN where a figure is unknown.
 */
export class Sampled<Figure extends string> {
  readonly times: number[] = [];
  readonly #figures: readonly Figure[];
  readonly #columns: number[][];
  /** How many samples each one that is kept stands for, at most. */
  width = 1;

  constructor(figures: readonly Figure[]) {
    this.#figures = figures;
    this.#columns = figures.map(() => []);
  }

  get length(): number {
    return this.times.length;
  }

  /** The values of a figure, one for each time. */
  of(figure: Figure): readonly number[] {
    return this.#columns[this.#figures.indexOf(figure)];
  }

  /** Takes a sample in; one of a time that there is already is the same. False for such. */
  add(time: number, row: Readonly<Record<Figure, number | null>>): boolean {
    let at = this.times.length;
    while (at > 0 && this.times[at - 1] > time) at--;
    if (at > 0 && this.times[at - 1] === time) return false;
    place(this.times, at, time);
    for (let i = 0; i < this.#figures.length; i++) {
      place(this.#columns[i], at, row[this.#figures[i]] ?? NaN);
    }
    return true;
  }

  /** Makes one sample of every two: the mean of what both know, at the time of the later. */
  halve(): void {
    const half = Math.ceil(this.times.length / 2);
    for (const column of this.#columns) {
      for (let i = 0; i < half; i++) column[i] = meanOf(column[2 * i], column[2 * i + 1]);
      column.length = half;
    }
    for (let i = 0; i < half; i++) {
      this.times[i] = this.times[Math.min(2 * i + 1, this.times.length - 1)];
    }
    this.times.length = half;
    this.width *= 2;
  }
}

/** Puts a value before another, most often behind all. */
function place(values: number[], at: number, value: number): void {
  if (at === values.length) values.push(value);
  else values.splice(at, 0, value);
}

function meanOf(a: number, b: number | undefined): number {
  if (b === undefined || Number.isNaN(b)) return a;
  return Number.isNaN(a) ? b : (a + b) / 2;
}

/** A GPU of a host. */
export interface GpuSamples {
  gpu: number;
  name: string | null;
  samples: Sampled<GpuFigure>;
}

/** A host, whoever used it. */
export interface NodeSamples {
  hostname: string;
  samples: Sampled<NodeFigure>;
  gpus: Map<number, GpuSamples>;
}

/**
 * How the hosts of a run were over time. What is kept is bounded: when there is too much, every two
 * neighbours become one.
 */
export class Nodes {
  readonly #hosts = new Map<string, NodeSamples>();
  #count = 0;

  /** Hosts in the order in which they were first told of. */
  get hosts(): readonly NodeSamples[] {
    return [...this.#hosts.values()];
  }

  /** Bytes taken, roughly. */
  get bytes(): number {
    return 8 * (NODE_FIGURES.length + 1) * this.#count + 1000 * this.#hosts.size;
  }

  addNode(row: NodeSampleRow): void {
    this.#added(this.#host(row.hostname).samples.add(row.time, row));
  }

  addGpu(row: GpuSampleRow): void {
    const { gpus } = this.#host(row.hostname);
    let gpu = gpus.get(row.gpu);
    if (!gpu) {
      gpu = { gpu: row.gpu, name: row.name, samples: new Sampled(GPU_FIGURES) };
      gpus.set(row.gpu, gpu);
    }
    gpu.name ??= row.name;
    this.#added(gpu.samples.add(row.time, row));
  }

  #host(hostname: string): NodeSamples {
    const known = this.#hosts.get(hostname);
    if (known) return known;
    const host = { hostname, samples: new Sampled(NODE_FIGURES), gpus: new Map() };
    this.#hosts.set(hostname, host);
    return host;
  }

  #added(isNew: boolean): void {
    if (!isNew || ++this.#count <= MOST) return;
    let count = 0;
    for (const { samples, gpus } of this.#hosts.values()) {
      for (const each of [samples, ...[...gpus.values()].map((gpu) => gpu.samples)]) {
        if (each.length > LEAST) each.halve();
        count += each.length;
      }
    }
    this.#count = count;
  }
}
