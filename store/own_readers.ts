/** From rows of our own tables to what the model calls them. */
import type {
  GpuSampleRow,
  NodeSampleRow,
  RequestRow,
  TotalsRow,
  TracebackRow,
  TryTotals,
} from "../model/run/own_rows.ts";
import type { NumberKind } from "../parsl/column.ts";
import { ENDS } from "../parsl/own_words.ts";
import { amountAt, type ColumnPlace, idAt, reader, type RowSource } from "./row_source.ts";

const FOLDED_TOTALS = {
  taskId: "task_id",
  tryId: "try_id",
  host: "hostname",
  block: "block_id",
  manager: "manager",
  rank: "rank",
  pid: "pid",
  ended: "ended",
  cpuUser: "cpu_user_s",
  cpuSystem: "cpu_system_s",
  childrenCpuUser: "children_cpu_user_s",
  childrenCpuSystem: "children_cpu_system_s",
  peak: "memory_peak_bytes",
  childrenPeak: "children_memory_peak_bytes",
  peakIs: "memory_peak",
} as const;

type Place = ColumnPlace<NumberKind>;
type TextPlace = ColumnPlace<"text">;
/** Where the values stand that a run is folded from. */
interface FoldedPlaces {
  taskId: Place;
  tryId: Place;
  host: TextPlace;
  block: TextPlace;
  manager: TextPlace;
  rank: TextPlace;
  pid: Place;
  ended: TextPlace;
  cpuUser: Place;
  cpuSystem: Place;
  childrenCpuUser: Place;
  childrenCpuSystem: Place;
  peak: Place;
  childrenPeak: Place;
  peakIs: TextPlace;
}

function totalsOf(row: RowSource, at: FoldedPlaces): TotalsRow | null {
  const taskId = idAt(row, at.taskId);
  const tryId = idAt(row, at.tryId);
  if (taskId === null || tryId === null) return null;
  const ended = row.text(at.ended);
  const cpu = [at.cpuUser, at.cpuSystem].map((place) => amountAt(row, place));
  const ofChildren = [at.childrenCpuUser, at.childrenCpuSystem]
    .map((place) => amountAt(row, place));
  return {
    taskId,
    tryId,
    host: row.text(at.host),
    // A worker that no block started says Python's None.
    block: namedOf(row.text(at.block)),
    manager: row.text(at.manager),
    rank: row.text(at.rank),
    pid: row.number(at.pid),
    ended: ENDS.find((word) => word === ended) ?? null,
    cpu: cpu.includes(null) ? null : sum([...cpu, ...ofChildren]),
    peak: amountAt(row, at.peak),
    childrenPeak: amountAt(row, at.childrenPeak),
    exactPeak: row.text(at.peakIs) === "exact",
  };
}

function namedOf(text: string | null): string | null {
  return text === "None" || text === "" ? null : text;
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** Of totals only what a run is folded from; null without the ids of a task and a try. */
export const foldedTotals = reader("parsloscope_try_totals", FOLDED_TOTALS, totalsOf);

/** All that is told of a try's end; null without the ids of a task and a try. */
export const totalsRows = reader("parsloscope_try_totals", {
  ...FOLDED_TOTALS,
  began: "time_began",
  over: "time_ended",
  scope: "scope",
  wall: "wall_s",
  read: "read_bytes",
  written: "written_bytes",
  diskRead: "disk_read_bytes",
  diskWritten: "disk_written_bytes",
  switchesVoluntary: "switches_voluntary",
  switchesInvoluntary: "switches_involuntary",
  memoryStart: "memory_start_bytes",
  samplesLate: "samples_late",
}, (row, at): TryTotals | null => {
  const folded = totalsOf(row, at);
  return folded && {
    ...folded,
    began: row.time(at.began),
    over: row.time(at.over),
    ofThread: row.text(at.scope) === "thread",
    wall: amountAt(row, at.wall),
    cpuUser: amountAt(row, at.cpuUser),
    cpuSystem: amountAt(row, at.cpuSystem),
    childrenCpuUser: amountAt(row, at.childrenCpuUser),
    childrenCpuSystem: amountAt(row, at.childrenCpuSystem),
    read: amountAt(row, at.read),
    written: amountAt(row, at.written),
    diskRead: amountAt(row, at.diskRead),
    diskWritten: amountAt(row, at.diskWritten),
    switchesVoluntary: amountAt(row, at.switchesVoluntary),
    switchesInvoluntary: amountAt(row, at.switchesInvoluntary),
    memoryStart: amountAt(row, at.memoryStart),
    samplesLate: amountAt(row, at.samplesLate),
  };
});

/** Null without the ids of a task and a try, and a text. */
export const tracebackRows = reader("parsloscope_traceback", {
  taskId: "task_id",
  tryId: "try_id",
  text: "text",
  cut: "cut",
}, (row, at): TracebackRow | null => {
  const taskId = idAt(row, at.taskId);
  const tryId = idAt(row, at.tryId);
  const text = row.text(at.text);
  if (taskId === null || tryId === null || text === null) return null;
  return { taskId, tryId, text, cut: amountAt(row, at.cut) ?? 0 };
});

/** Null without the ids of a task and a try. */
export const requestRows = reader("parsloscope_request", {
  taskId: "task_id",
  tryId: "try_id",
  specification: "specification",
  cores: "cores",
  memory: "memory_mb",
  disk: "disk_mb",
  gpus: "gpus",
  walltime: "walltime_s",
}, (row, at): RequestRow | null => {
  const taskId = idAt(row, at.taskId);
  const tryId = idAt(row, at.tryId);
  if (taskId === null || tryId === null) return null;
  return {
    taskId,
    tryId,
    specification: row.text(at.specification),
    cores: amountAt(row, at.cores),
    memory: amountAt(row, at.memory),
    disk: amountAt(row, at.disk),
    gpus: amountAt(row, at.gpus),
    walltime: amountAt(row, at.walltime),
  };
});

/** Null without a host and a time. */
export const nodeSampleRows = reader("parsloscope_node_sample", {
  hostname: "hostname",
  time: "timestamp",
  cpus: "cpu_count",
  busy: "cpu_busy",
  load: "load_1m",
  memoryTotal: "memory_total_bytes",
  memoryAvailable: "memory_available_bytes",
  swapTotal: "swap_total_bytes",
  swapUsed: "swap_used_bytes",
  diskTotal: "disk_total_bytes",
  diskFree: "disk_free_bytes",
}, (row, at): NodeSampleRow | null => {
  const hostname = row.text(at.hostname);
  const time = row.time(at.time);
  if (hostname === null || time === null) return null;
  return {
    hostname,
    time,
    cpus: amountAt(row, at.cpus),
    busy: amountAt(row, at.busy),
    load: amountAt(row, at.load),
    memoryTotal: amountAt(row, at.memoryTotal),
    memoryAvailable: amountAt(row, at.memoryAvailable),
    swapTotal: amountAt(row, at.swapTotal),
    swapUsed: amountAt(row, at.swapUsed),
    diskTotal: amountAt(row, at.diskTotal),
    diskFree: amountAt(row, at.diskFree),
  };
});

/** Null without a host, a time and the number of a GPU. */
export const gpuSampleRows = reader("parsloscope_gpu_sample", {
  hostname: "hostname",
  time: "timestamp",
  gpu: "gpu",
  name: "name",
  utilization: "utilization",
  memoryTotal: "memory_total_bytes",
  memoryUsed: "memory_used_bytes",
  power: "power_w",
}, (row, at): GpuSampleRow | null => {
  const hostname = row.text(at.hostname);
  const time = row.time(at.time);
  const gpu = idAt(row, at.gpu);
  if (hostname === null || time === null || gpu === null) return null;
  return {
    hostname,
    time,
    gpu,
    name: row.text(at.name),
    utilization: amountAt(row, at.utilization),
    memoryTotal: amountAt(row, at.memoryTotal),
    memoryUsed: amountAt(row, at.memoryUsed),
    power: amountAt(row, at.power),
  };
});
