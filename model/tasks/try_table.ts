/** The CSV of tries; docs/figures.md says what its columns mean. */
import { jobOf } from "../figures/block_jobs.ts";
import { cpuOf } from "../figures/figures.ts";
import { exactness, tryCpu, tryPeak } from "../figures/measured.ts";
import { stateOfTry } from "../figures/try_state.ts";
import { queueTime, runTime } from "../figures/try_times.ts";
import type { TryTotals } from "../run/own_rows.ts";
import type { TaskText, TryRow } from "../run/rows.ts";
import type { Run } from "../run/run.ts";
import { type ColumnOf, csvOf, type TableColumn } from "../table/column.ts";
import type { KindValues } from "../table/kinds.ts";

/** What of a task a run does not hold, and of its tries the rows. */
export interface TaskDetail {
  taskId: number;
  text: TaskText;
  failCost: number | null;
  /** The history of a task whose tries have none of their own. */
  failHistory: string | null;
  tries: TryRow[];
  /** What our client told of them. */
  totals: TryTotals[];
}

/** A try, by the indexes of it and of its task, and what its database says beside its run. */
interface TryLine {
  run: Run;
  task: number;
  attempt: number;
  detail: TaskDetail | undefined;
  row: TryRow | undefined;
  totals: TryTotals | undefined;
}

/** A column of what the system told of a try at its end; docs/figures.md says what each is. */
function told<K extends "text" | "seconds" | "bytes" | "count">(
  kind: K,
  csv: string,
  of: (totals: TryTotals) => KindValues[K],
): ColumnOf<TryLine, K> {
  return {
    key: csv,
    kind,
    csv,
    value: ({ totals }) => totals ? of(totals) : null as KindValues[K],
  };
}

const TOTALS_COLUMNS: readonly TableColumn<TryLine>[] = [
  told("text", "outcome", (t) => t.ended),
  told("seconds", "wall_seconds", (t) => t.wall),
  told("seconds", "cpu_user_seconds", (t) => t.cpuUser),
  told("seconds", "cpu_system_seconds", (t) => t.cpuSystem),
  told("seconds", "children_cpu_user_seconds", (t) => t.childrenCpuUser),
  told("seconds", "children_cpu_system_seconds", (t) => t.childrenCpuSystem),
  told("bytes", "read_bytes", (t) => t.read),
  told("bytes", "written_bytes", (t) => t.written),
  told("bytes", "disk_read_bytes", (t) => t.diskRead),
  told("bytes", "disk_written_bytes", (t) => t.diskWritten),
  told("count", "switches_voluntary", (t) => t.switchesVoluntary),
  told("count", "switches_involuntary", (t) => t.switchesInvoluntary),
  told("bytes", "memory_start_bytes", (t) => t.memoryStart),
  told("bytes", "children_peak_memory_bytes", (t) => t.childrenPeak),
  told("text", "manager", (t) => t.manager),
  told("text", "worker_rank", (t) => t.rank),
  told("count", "worker_pid", (t) => t.pid),
];

const EXACT_COLUMNS: readonly TableColumn<TryLine>[] = [
  {
    key: "cpuExact",
    kind: "text",
    value: (t) => exactness(tryCpu(t.run, t.attempt)),
    csv: "cpu_exact",
  },
  {
    key: "memoryExact",
    kind: "text",
    value: (t) => exactness(tryPeak(t.run, t.attempt)),
    csv: "peak_memory_exact",
  },
];

const COLUMNS: readonly TableColumn<TryLine>[] = [
  { key: "task", kind: "task", value: (t) => t.run.taskId.data[t.task], csv: "task_id" },
  { key: "try", kind: "count", value: (t) => t.run.tryNumber.data[t.attempt], csv: "try_id" },
  { key: "app", kind: "app", value: (t) => t.run.appOf(t.task), csv: "app" },
  { key: "taskState", kind: "state", value: (t) => t.run.stateOf(t.task), csv: "task_state" },
  { key: "tryState", kind: "state", value: stateNameOf, csv: "try_state" },
  {
    key: "executor",
    kind: "text",
    value: (t) => t.run.names.at(t.run.tryExecutor.data[t.attempt]),
    csv: "executor",
  },
  {
    key: "host",
    kind: "text",
    value: (t) => t.run.names.at(t.run.tryHost.data[t.attempt]),
    csv: "hostname",
  },
  {
    key: "block",
    kind: "text",
    value: (t) => t.run.blockIds.at(t.run.tryBlock.data[t.attempt]),
    csv: "block_id",
  },
  { key: "job", kind: "text", value: (t) => jobOf(t.run, t.attempt), csv: "job_id" },
  {
    key: "launched",
    kind: "time",
    value: (t) => t.run.tryLaunched.get(t.attempt),
    csv: "launched",
  },
  { key: "running", kind: "time", value: (t) => t.run.tryRunning.get(t.attempt), csv: "started" },
  { key: "ended", kind: "time", value: (t) => t.run.tryEnded.get(t.attempt), csv: "ended" },
  { key: "returned", kind: "time", value: (t) => t.row?.returned ?? null, csv: "returned" },
  {
    key: "queued",
    kind: "duration",
    value: (t) => queueTime(t.run, t.attempt),
    csv: "wait_seconds",
  },
  { key: "ran", kind: "duration", value: (t) => runTime(t.run, t.attempt), csv: "run_seconds" },
  { key: "cpu", kind: "seconds", value: (t) => cpuOf(t.run, t.attempt), csv: "cpu_seconds" },
  {
    key: "memory",
    kind: "bytes",
    value: (t) => t.run.samples.tryPeak.get(t.attempt),
    csv: "peak_memory_bytes",
  },
  ...EXACT_COLUMNS,
  { key: "reason", kind: "text", value: exitReason, csv: "exit_reason" },
  { key: "error", kind: "text", value: errorOf, csv: "error" },
  { key: "stdout", kind: "text", value: (t) => t.detail?.text.stdout || null, csv: "stdout" },
  { key: "stderr", kind: "text", value: (t) => t.detail?.text.stderr || null, csv: "stderr" },
  {
    key: "failCost",
    kind: "count",
    value: (t) => t.detail?.failCost ?? null,
    csv: "task_fail_cost",
  },
  ...TOTALS_COLUMNS,
];

const CSV = csvOf(COLUMNS);

/** The header line of the tries' CSV, its end included. */
export const TRIES_HEADER = CSV.header;

/** The lines of all tries of some tasks as CSV without the header, RFC 4180; unknown cells are empty. */
export function triesCsv(
  run: Run,
  tasks: readonly number[],
  details: readonly TaskDetail[],
): string {
  const byId = new Map(details.map((detail) => [detail.taskId, detail]));
  let csv = "";
  for (const task of tasks) {
    const detail = byId.get(run.taskId.data[task]);
    const recorded = new Map(detail?.tries.map((row) => [row.tryId, row]));
    const told = new Map(detail?.totals.map((row) => [row.tryId, row]));
    for (const attempt of run.triesOf(task)) {
      const number = run.tryNumber.data[attempt];
      const [row, totals] = [recorded.get(number), told.get(number)];
      csv += CSV.line({ run, task, attempt, detail, row, totals });
    }
  }
  return csv;
}

function stateNameOf({ run, attempt }: TryLine): string {
  return run.states.at(stateOfTry(run, attempt)) ?? "unknown";
}

/** What the group of a try's failure is called; null of a try without one. */
function exitReason({ run, attempt }: TryLine): string | null {
  const cause = run.tryFailure.data[attempt];
  return cause < 0 ? null : run.causes.list[cause];
}

/** What was recorded of a try's failure; of a task that has one text for all, its last try has it. */
function errorOf({ run, task, attempt, detail, row }: TryLine): string | null {
  const isLast = run.taskLastTry.data[task] === attempt;
  return row?.failHistory || isLast && detail?.failHistory || null;
}
