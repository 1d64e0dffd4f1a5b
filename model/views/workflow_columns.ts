/** The lines and columns of the list of workflows. */
import type { Liveness } from "../figures/liveness.ts";
import { csvText, sortKeys, type TableColumn } from "../table/column.ts";

/** A line of the list of workflows. Times naive ms, durations ms. */
export interface WorkflowLine extends Liveness {
  /** What its pages are named by, where that is not its id: a database before has the same id. */
  key?: string;
  runId: string;
  name: string;
  version: string | null;
  user: string | null;
  host: string | null;
  began: number | null;
  completed: number | null;
  duration: number | null;
  tasksCompleted: number | null;
  /** Tasks that failed for good; by Parsl's own count where the run has not been read. */
  tasksFailed: number | null;
  /** Tasks that were not run because a dependency failed; null where the run has not been read. */
  tasksNotRun: number | null;
  /** Tasks so far, for a run that has not ended; null where it was not counted. */
  tasks: number | null;
  database: string;
}

/** The columns of the list of workflows. */
export const WORKFLOW_COLUMNS: readonly TableColumn<WorkflowLine>[] = [
  { key: "runId", kind: "text", value: (w) => w.runId, csv: "run_id" },
  {
    key: "name",
    label: "Workflow",
    kind: "run",
    value: (w) => ({ id: w.key ?? w.runId, name: w.name }),
    sort: "least",
    csv: "name",
  },
  {
    key: "status",
    label: "Status",
    kind: "runStatus",
    value: ({ status, silence }) => ({ status, silence }),
    sort: "least",
    csv: "status",
    csvAfter: "version",
  },
  {
    key: "version",
    label: "Version",
    kind: "text",
    value: (w) => w.version,
    sort: "least",
    csv: "version",
  },
  { key: "user", label: "Owner", kind: "text", value: (w) => w.user, sort: "least", csv: "owner" },
  { key: "host", label: "Host", kind: "text", value: (w) => w.host, sort: "least", csv: "host" },
  {
    key: "began",
    label: "Started",
    kind: "time",
    value: (w) => w.began,
    sort: "least",
    csv: "began",
  },
  { key: "completed", kind: "time", value: (w) => w.completed, csv: "completed" },
  {
    key: "duration",
    label: "Runtime",
    kind: "duration",
    value: (w) => w.duration,
    sort: "most",
    csv: "duration_seconds",
  },
  {
    key: "tasksCompleted",
    label: "Completed",
    kind: "count",
    value: (w) => w.tasksCompleted,
    sort: "most",
    csv: "tasks_completed",
  },
  {
    key: "tasksFailed",
    label: "Failed",
    kind: "runFailures",
    value: (w) => ({ id: w.key ?? w.runId, tasks: w.tasksFailed }),
    sort: "most",
    csv: "tasks_failed",
  },
  {
    key: "tasksNotRun",
    label: "Not run",
    kind: "count",
    value: (w) => w.tasksNotRun,
    sort: "most",
    csv: "tasks_not_run",
  },
  {
    key: "database",
    label: "Database",
    kind: "text",
    value: (w) => w.database,
    sort: "least",
    csv: "database",
  },
];

/** What the list of workflows can be sorted by. */
export const WORKFLOW_KEYS: readonly string[] = sortKeys(WORKFLOW_COLUMNS);

/** All workflows as CSV, one line each. */
export function workflowsCsv(lines: readonly WorkflowLine[]): string {
  return csvText(WORKFLOW_COLUMNS, lines);
}
