import { jobOf } from "../figures/block_jobs.ts";
import { csvLine, csvTime } from "../figures/csv.ts";
import { cpuOf, queueTime, runTime } from "../figures/figures.ts";
import { stateOfTry } from "../figures/try_state.ts";
import type { TaskText, TryRow } from "../run/rows.ts";
import type { Run } from "../run/run.ts";

/** What of a task a run does not hold, and of its tries the rows. */
export interface TaskDetail {
  taskId: number;
  text: TaskText;
  failCost: number | null;
  /** The history of a task whose tries have none of their own. */
  failHistory: string | null;
  tries: TryRow[];
}

/** The columns of the tries' CSV; docs/figures.md says what they mean. */
export const TRY_COLUMNS = [
  "task_id",
  "try_id",
  "app",
  "task_state",
  "try_state",
  "executor",
  "hostname",
  "block_id",
  "job_id",
  "launched",
  "started",
  "ended",
  "returned",
  "wait_seconds",
  "run_seconds",
  "cpu_seconds",
  "peak_memory_bytes",
  "exit_reason",
  "error",
  "stdout",
  "stderr",
  "task_fail_cost",
] as const;

/** The header line of the tries' CSV, its end included. */
export const TRIES_HEADER = csvLine([...TRY_COLUMNS]);

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
    for (const attempt of run.triesOf(task)) {
      csv += tryLine(run, task, attempt, detail, recorded.get(run.tryNumber.data[attempt]));
    }
  }
  return csv;
}

function tryLine(
  run: Run,
  task: number,
  attempt: number,
  detail: TaskDetail | undefined,
  row: TryRow | undefined,
): string {
  const isLast = run.taskLastTry.data[task] === attempt;
  return csvLine([
    run.taskId.data[task],
    run.tryNumber.data[attempt],
    run.appOf(task),
    run.stateOf(task),
    run.states.at(stateOfTry(run, attempt)) ?? "unknown",
    run.names.at(run.tryExecutor.data[attempt]),
    run.names.at(run.tryHost.data[attempt]),
    run.blockIds.at(run.tryBlock.data[attempt]),
    jobOf(run, attempt),
    csvTime(run.tryLaunched.get(attempt)),
    csvTime(run.tryRunning.get(attempt)),
    csvTime(run.tryEnded.get(attempt)),
    csvTime(row?.returned ?? null),
    seconds(queueTime(run, attempt)),
    seconds(runTime(run, attempt)),
    cpuOf(run, attempt),
    run.samples.tryPeak.get(attempt),
    exitReason(run, attempt),
    row?.failHistory || isLast && detail?.failHistory || null,
    detail?.text.stdout || null,
    detail?.text.stderr || null,
    detail?.failCost ?? null,
  ]);
}

/** What the group of a try's failure is called; null of a try without one. */
function exitReason(run: Run, attempt: number): string | null {
  const cause = run.tryFailure.data[attempt];
  return cause < 0 ? null : run.causes.list[cause];
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
