/** The statements with which changes are written. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { CELLS, type ChangeKind } from "../writer.ts";

/** Columns that Parsl updates when it hears of a task, or of a try, again. */
const TASK_UPDATES = [
  "task_time_invoked",
  "task_time_returned",
  "task_fail_count",
  "task_fail_cost",
  "task_hashsum",
  "task_inputs",
];
const TRY_UPDATES = [
  "task_fail_history",
  "task_try_time_launched",
  "task_try_time_returned",
  "task_joins",
];

const STATUS_CELLS = ["run_id", "task_id", "try_id", "timestamp", "task_status_name"];
const TASK_CELLS = ["run_id", "task_id", ...CELLS.task.slice(5, 18)];
const TRY_CELLS = ["run_id", "task_id", "try_id", ...CELLS.task.slice(18, 23)];

/** Where the cells of a table stand in those of a "task" change. */
export const TASK_PLACES = placesOf(TASK_CELLS);
export const TRY_PLACES = placesOf(TRY_CELLS);
/** A status is the first cells of a "task" change. */
export const STATUS_LENGTH = STATUS_CELLS.length;
/** Where a "task" change has the counts of its run. */
export const FAILED_PLACE = CELLS.task.indexOf("tasks_failed_count");
export const COMPLETED_PLACE = CELLS.task.indexOf("tasks_completed_count");
/** Where each kind of change has the time from which a run with no start of its own began. */
export const TIME_PLACES = Object.fromEntries(
  Object.entries(CELLS).map(([kind, names]) => {
    const all: readonly string[] = names;
    return [kind, all.indexOf(all.includes("timestamp") ? "timestamp" : "time_began")];
  }),
) as Record<ChangeKind, number>;

function placesOf(names: readonly string[]): number[] {
  const all: readonly string[] = CELLS.task;
  return names.map((name) => all.indexOf(name));
}

/** `INSERT` of these columns, one parameter each. */
function insert(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${
    columns.map(() => "?").join(", ")
  })`;
}

function updateOf(columns: readonly string[]): string {
  return columns.map((column) => `${column} = excluded.${column}`).join(", ");
}

const COUNTS = ["tasks_failed_count", "tasks_completed_count"];
const HIGHER_COUNTS = COUNTS.map((name) => `${name} = max(${name}, excluded.${name})`).join(", ");

const SQL = {
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  rollback: "ROLLBACK",
  savepoint: "SAVEPOINT change",
  undo: "ROLLBACK TO change",
  release: "RELEASE change",

  placeholder: insert("workflow", [
    "run_id",
    "time_began",
    "rundir",
    "host",
    "user",
    ...COUNTS,
  ]) + " ON CONFLICT DO NOTHING",
  start: insert("workflow", CELLS["workflow-start"]) + " ON CONFLICT (run_id) DO UPDATE SET " +
    updateOf(["workflow_name", "workflow_version", "time_began", "host", "user", "rundir"]) +
    `, ${HIGHER_COUNTS}`,
  end: "UPDATE workflow SET time_completed = ?2, " +
    "tasks_failed_count = max(tasks_failed_count, ?3), " +
    "tasks_completed_count = max(tasks_completed_count, ?4) WHERE run_id = ?1",
  counts: "UPDATE workflow SET tasks_failed_count = max(tasks_failed_count, ?2), " +
    "tasks_completed_count = max(tasks_completed_count, ?3) " +
    "WHERE run_id = ?1 AND (tasks_failed_count < ?2 OR tasks_completed_count < ?3)",

  /** Times of the submit side's newest messages about a task and about a try. */
  newest: "SELECT max(timestamp), max(CASE WHEN try_id = ?3 THEN timestamp END) FROM status " +
    "WHERE run_id = ?1 AND task_id = ?2 AND task_status_name NOT IN ('running', 'running_ended')",
  status: insert("status", STATUS_CELLS) + " ON CONFLICT DO NOTHING",
  task: insert("task", TASK_CELLS) + " ON CONFLICT (task_id, run_id) DO UPDATE SET " +
    updateOf(TASK_UPDATES),
  oldTask: insert("task", TASK_CELLS) + " ON CONFLICT (task_id, run_id) DO NOTHING",
  try: insert("try", TRY_CELLS) + " ON CONFLICT (try_id, task_id, run_id) DO UPDATE SET " +
    updateOf(TRY_UPDATES),
  oldTry: insert("try", TRY_CELLS) + " ON CONFLICT (try_id, task_id, run_id) DO NOTHING",

  running: "UPDATE try SET task_try_time_running = ?4, block_id = ?5, hostname = ?6 " +
    "WHERE run_id = ?1 AND task_id = ?2 AND try_id = ?3 " +
    "AND (task_try_time_running IS NULL OR task_try_time_running <= ?4)",
  hasTry: "SELECT 1 FROM try WHERE run_id = ? AND task_id = ? AND try_id = ?",
  defer: "INSERT INTO parsloscope_deferred VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  deferNewer: "UPDATE parsloscope_deferred SET " +
    "task_try_time_running = ?4, block_id = ?5, hostname = ?6 " +
    "WHERE run_id = ?1 AND task_id = ?2 AND try_id = ?3 AND task_try_time_running <= ?4",
  takeDeferred:
    "DELETE FROM parsloscope_deferred WHERE run_id = ? AND task_id = ? AND try_id = ? " +
    "RETURNING task_try_time_running, block_id, hostname",
  countDeferred: "SELECT count(*) FROM parsloscope_deferred",

  resource: insert("resource", CELLS.resource) + " ON CONFLICT DO NOTHING",
  block: insert("block", CELLS.block) + " ON CONFLICT DO NOTHING",
  node: `INSERT INTO node (${CELLS.node.join(", ")}) SELECT ` +
    CELLS.node.map((_, index) => `?${index + 1}`).join(", ") +
    ` WHERE NOT EXISTS (SELECT 1 FROM node WHERE ` +
    CELLS.node.map((name, index) => `${name} = ?${index + 1}`).join(" AND ") + ")",

  client: "INSERT INTO parsloscope_client (client, acknowledged, seen) VALUES (?, ?, ?) " +
    "ON CONFLICT (client) DO UPDATE SET " +
    "acknowledged = max(acknowledged, excluded.acknowledged), seen = excluded.seen",
  acknowledged: "SELECT acknowledged FROM parsloscope_client WHERE client = ?",
  runs: "SELECT run_id FROM workflow",
  names: "SELECT run_id, workflow_name FROM workflow WHERE workflow_name IS NOT NULL",
  deferred: "SELECT run_id, count(*) FROM parsloscope_deferred GROUP BY run_id",
  rows: "SELECT coalesce((SELECT max(rowid) FROM status), 0) + " +
    "coalesce((SELECT max(rowid) FROM resource), 0)",
} as const;

/** Prepared statements by name. Those that give rows give them as arrays. */
export type Statements = Record<keyof typeof SQL, StatementSync>;

/** Those that give rows. */
const ROWS = new Set<string>([
  "newest",
  "hasTry",
  "takeDeferred",
  "countDeferred",
  "acknowledged",
  "runs",
  "names",
  "deferred",
  "rows",
]);

/** Prepares all of them, which also proves that the tables fit. */
export function prepareStatements(connection: DatabaseSync): Statements {
  const prepared = Object.entries(SQL).map(([name, sql]) => {
    const statement = connection.prepare(sql);
    // Deno's types do not know this method of node:sqlite yet.
    (statement as StatementSync & { setReturnArrays(enabled: boolean): void }).setReturnArrays(
      true,
    );
    // Where the file has a number that is too large, it is not refused for it.
    if (ROWS.has(name)) statement.setReadBigInts(true);
    return [name, statement];
  });
  return Object.fromEntries(prepared) as Statements;
}
