/** What a try used from its beginning to its end, beside what samples say and what was asked for. */
import type { TryEnd } from "../../parsl/own_words.ts";
import { cpuSeconds, type Measured, measured } from "../run/measured.ts";
import type { RequestRow, TryTotals } from "../run/own_rows.ts";
import type { ResourceRow } from "../run/resource_row.ts";
import type { TableColumn } from "../table/column.ts";

/** Megabytes, as resource specifications count memory and disk, in bytes. */
const MB = 2 ** 20;
type Unit = Measured["unit"];

/** One thing that a try used. */
export interface UsedLine {
  what: string;
  /** As the system counted it. */
  exact: Measured;
  /** As Parsl's samples have it. */
  sampled: Measured;
  asked: Measured;
  /** Of what was asked for, how much was used; null where either is not known. */
  share: number | null;
}

/** What one try used and asked for. */
export interface TryUse {
  tryId: number;
  /** How it ended; null where nobody told. */
  ended: TryEnd | null;
  /** Whether the figures are of one thread, and not of all of a process. */
  ofThread: boolean;
  /** Samples that came late, for the task kept its interpreter to itself; null where it is not known. */
  samplesLate: number | null;
  lines: UsedLine[];
  /** What was asked for, whole, as JSON; null when it was nothing. */
  specification: string | null;
}

/** The columns of the table of what a try used. */
export const USED_COLUMNS: readonly TableColumn<UsedLine>[] = [
  { key: "what", label: "What", kind: "text", value: (u) => u.what },
  { key: "exact", label: "Counted by the system", kind: "measured", value: (u) => u.exact },
  { key: "sampled", label: "By samples", kind: "measured", value: (u) => u.sampled },
  { key: "asked", label: "Asked for", kind: "measured", value: (u) => u.asked },
  { key: "share", label: "Used of it", kind: "share", value: (u) => u.share },
];

/** The use of each try that something is known of, by their numbers. */
export function tryUses(
  totals: readonly TryTotals[],
  requests: readonly RequestRow[],
  resources: readonly ResourceRow[],
  isListed: (tryId: number) => boolean,
): TryUse[] {
  const told = new Map(totals.map((row) => [row.tryId, row]));
  const asked = new Map(requests.map((row) => [row.tryId, row]));
  const samples = Map.groupBy(resources, ({ tryId }) => tryId);
  return [...new Set([...told.keys(), ...asked.keys()])].filter(isListed)
    .sort((a, b) => a - b)
    .map((tryId) => tryUse(tryId, told.get(tryId), asked.get(tryId), samples.get(tryId) ?? []));
}

function tryUse(
  tryId: number,
  totals: TryTotals | undefined,
  request: RequestRow | undefined,
  samples: readonly ResourceRow[],
): TryUse {
  const seen = sampledUse(samples);
  // What was seen last of a worker that was killed is no more than a sample.
  const killed = totals?.ended === "killed";
  const line = (
    what: string,
    unit: Unit,
    counted: number | null | undefined,
    sampled: number | null = null,
    ask: number | null = null,
    isExact = true,
  ): UsedLine => {
    const exact = isExact && !killed;
    const found = counted ?? null;
    const bySamples = exact ? sampled : highest(found, sampled);
    const used = exact ? found ?? sampled : bySamples;
    return {
      what,
      exact: { value: exact ? found : null, unit, exact: true },
      sampled: { value: bySamples, unit, exact: false },
      asked: { value: ask, unit, exact: false },
      share: used !== null && ask !== null && ask > 0 ? used / ask : null,
    };
  };
  const t = totals;
  const cores = t && t.cpu !== null && t.wall ? t.cpu / t.wall : null;
  const memory = request?.memory ?? null;
  const disk = request?.disk ?? null;
  const peak = measured(t?.peak ?? null);
  const childrenPeak = measured(t?.childrenPeak ?? null);
  const memoryLine = line(
    "Peak memory",
    "bytes",
    peak,
    seen.memory,
    memory === null ? null : memory * MB,
    t?.exactPeak ?? false,
  );
  // Beside its own processes a worker is small: what it asked for was for them, too.
  if (childrenPeak !== null && memoryLine.asked.value) {
    const most = highest(childrenPeak, highest(peak, seen.memory))!;
    memoryLine.share = most / memoryLine.asked.value;
  }
  const lines = [
    line("Run time", "seconds", t?.wall, null, request?.walltime),
    line("CPU time", "seconds", t?.cpu, seen.cpu),
    line("… user", "seconds", t?.cpuUser),
    line("… system", "seconds", t?.cpuSystem),
    line(
      "… of processes that it started",
      "seconds",
      sumOf(t?.childrenCpuUser, t?.childrenCpuSystem),
    ),
    line("Cores in use, mean", "cores", cores, null, request?.cores),
    memoryLine,
    // Of processes that were small beside earlier ones of the same worker, samples tell.
    line("… of the largest process that it started", "bytes", childrenPeak, null, null, false),
    line("… at its start", "bytes", measured(t?.memoryStart ?? null)),
    // What Parsl calls disk_read and disk_write is what went through files, pipes and sockets.
    line("Read", "bytes", t?.read, seen.read),
    line("Written", "bytes", t?.written, seen.written),
    line("Read from disks", "bytes", t?.diskRead),
    line("Written to disks", "bytes", t?.diskWritten),
    line("Disk", "bytes", null, null, disk === null ? null : disk * MB),
    line("GPUs", "count", null, null, request?.gpus),
    line("Context switches, voluntary", "count", t?.switchesVoluntary),
    line("… involuntary", "count", t?.switchesInvoluntary),
  ];
  return {
    tryId,
    ended: t?.ended ?? null,
    ofThread: t?.ofThread ?? false,
    samplesLate: t?.samplesLate ?? null,
    lines: lines.filter(({ exact, sampled, asked }) =>
      exact.value !== null || sampled.value !== null || asked.value !== null
    ),
    specification: request?.specification ?? null,
  };
}

/** What samples of one try tell: by what its clocks grew, and the highest memory of any. */
function sampledUse(samples: readonly ResourceRow[]) {
  const rows = samples.toSorted((a, b) => a.time - b.time);
  const grown = (of: (row: ResourceRow) => number | null) => {
    const values = rows.map(of).filter((value) => value !== null);
    if (values.length < 2) return null;
    return values.slice(1).reduce((sum, value, i) => sum + Math.max(0, value - values[i]), 0);
  };
  return {
    cpu: grown(cpuSeconds),
    memory: rows.reduce<number | null>((most, row) => highest(most, measured(row.resident)), null),
    read: grown((row) => row.diskRead),
    written: grown((row) => row.diskWrite),
  };
}

function highest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

function sumOf(a: number | null | undefined, b: number | null | undefined): number | null {
  return (a ?? null) === null && (b ?? null) === null ? null : (a ?? 0) + (b ?? 0);
}
