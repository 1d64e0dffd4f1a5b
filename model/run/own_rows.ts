/** Rows of tables of ours, as the model sees them. Times naive ms, seconds, bytes; null is unknown. */
import type { TryEnd } from "../../parsl/own_words.ts";

/** The process that ran a try. */
export interface WorkerName {
  host: string | null;
  /** The block of the worker, and its manager, as Parsl calls them. */
  block: string | null;
  manager: string | null;
  rank: string | null;
  pid: number | null;
}

/** The worker alone, of what else is known beside it. */
export function workerName({ host, block, manager, rank, pid }: WorkerName): WorkerName {
  return { host, block, manager, rank, pid };
}

/** What a run is folded from of a try's totals. */
export interface TotalsRow extends WorkerName {
  taskId: number;
  tryId: number;
  /** Null while it runs. */
  ended: TryEnd | null;
  /** CPU seconds of the try and of the processes that it waited for. */
  cpu: number | null;
  /** Highest resident memory of its process, and of the largest of the processes that it waited for. */
  peak: number | null;
  childrenPeak: number | null;
  /** Whether the system told the peak, and no sample. */
  exactPeak: boolean;
}

/** All that was told of a try at its end. */
export interface TryTotals extends TotalsRow {
  began: number | null;
  over: number | null;
  /** Of one thread of the process, not of all of it. */
  ofThread: boolean;
  wall: number | null;
  cpuUser: number | null;
  cpuSystem: number | null;
  childrenCpuUser: number | null;
  childrenCpuSystem: number | null;
  /** Through files, pipes and sockets, whether or not a disk had to do with it. */
  read: number | null;
  written: number | null;
  diskRead: number | null;
  diskWritten: number | null;
  switchesVoluntary: number | null;
  switchesInvoluntary: number | null;
  memoryStart: number | null;
  /** Samples that were taken later than they should have been. */
  samplesLate: number | null;
}

/** What a try raised. */
export interface TracebackRow {
  taskId: number;
  tryId: number;
  text: string;
  /** Characters that were left out. */
  cut: number;
}

/** What a program asked for when it called the app. Memory and disk in MB, as it was asked for. */
export interface RequestRow {
  taskId: number;
  tryId: number;
  /** All of it as JSON; null when it is not known. */
  specification: string | null;
  cores: number | null;
  memory: number | null;
  disk: number | null;
  gpus: number | null;
  walltime: number | null;
}

/** How a host was at a time. */
export interface NodeSampleRow {
  hostname: string;
  time: number;
  cpus: number | null;
  /** A share of all CPUs, 0 to 1, since the sample before. */
  busy: number | null;
  load: number | null;
  memoryTotal: number | null;
  memoryAvailable: number | null;
  swapTotal: number | null;
  swapUsed: number | null;
  diskTotal: number | null;
  diskFree: number | null;
}

/** How a GPU of a host was at a time. */
export interface GpuSampleRow {
  hostname: string;
  time: number;
  gpu: number;
  name: string | null;
  /** A share, 0 to 1. */
  utilization: number | null;
  memoryTotal: number | null;
  memoryUsed: number | null;
  power: number | null;
}
