/** The statements with which changes are written. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type CellName,
  type ChangeKind,
  CHANGES,
  PLACES,
  ROW_CHANGES,
  type RowChangeKind,
} from "../../parsl/messages.ts";
import { type ColumnName, type TableName, tableNamed } from "../../parsl/tables.ts";
import type { WrittenCell } from "../writer.ts";
import { withArrays } from "./connection.ts";

/** Columns that Parsl updates when it hears of a task, or of a try, again. */
const TASK_UPDATES: readonly ColumnName<"task">[] = [
  "task_time_invoked",
  "task_time_returned",
  "task_fail_count",
  "task_fail_cost",
  "task_hashsum",
  "task_inputs",
];
const TRY_UPDATES: readonly ColumnName<"try">[] = [
  "task_fail_history",
  "task_try_time_launched",
  "task_try_time_returned",
  "task_joins",
];
/** What a start tells of a run that is known already. */
const START_UPDATES: readonly ColumnName<"workflow">[] = [
  "workflow_name",
  "workflow_version",
  "time_began",
  "host",
  "user",
  "rundir",
];
const COUNTS = ["tasks_failed_count", "tasks_completed_count"] as const;

const START_COLUMNS = CHANGES["workflow-start"].map(({ name }) => name);
const STATUS_COLUMNS = columnsFor("status", []);
const TASK_COLUMNS = columnsFor("task", ["run_id", "task_id"]);
const TRY_COLUMNS = columnsFor("try", ["run_id", "task_id", "try_id"]);
const TOTALS = "parsloscope_try_totals";
const TOTALS_KEY = "(run_id, task_id, try_id)";
const WORKER_COLUMNS = CHANGES["try-worker"].map(({ name }) => name);
const TOTALS_COLUMNS = CHANGES["try-totals"].map(({ name }) => name);
/** When the try began was told at its beginning, or is told at its end. */
const TOTALS_UPDATES = TOTALS_COLUMNS.slice(3).filter((name) => name !== "time_began");

/** The cells of a change that a statement takes, in its order. */
export const PICK = {
  status: picking("task", STATUS_COLUMNS),
  task: picking("task", TASK_COLUMNS),
  try: picking("task", TRY_COLUMNS),
  /** For `running`, `defer` and `deferNewer`. */
  start: picking("worker-start", [
    "run_id",
    "task_id",
    "try_id",
    "timestamp",
    "block_id",
    "hostname",
  ]),
  end: picking("workflow-end", ["run_id", "time_completed", ...COUNTS]),
} as const;

/** The columns of a table that a "task" change fills: its key, and those that are of this table. */
function columnsFor<T extends TableName>(
  table: T,
  key: readonly (ColumnName<T> & CellName<"task">)[],
): CellName<"task">[] {
  const own = CHANGES.task.filter((carried) => carried.table === table);
  return [...key, ...own.map(({ name }) => name)];
}

function picking<K extends ChangeKind>(
  kind: K,
  names: readonly CellName<K>[],
): (cells: readonly WrittenCell[]) => WrittenCell[] {
  const places = names.map((name) => PLACES[kind][name]);
  return (cells) => {
    const picked: WrittenCell[] = new Array(places.length);
    for (let i = 0; i < places.length; i++) picked[i] = cells[places[i]];
    return picked;
  };
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
  start: insert("workflow", START_COLUMNS) + " ON CONFLICT (run_id) DO UPDATE SET " +
    updateOf(START_UPDATES) +
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
  status: insert("status", STATUS_COLUMNS) + " ON CONFLICT DO NOTHING",
  task: insert("task", TASK_COLUMNS) + " ON CONFLICT (task_id, run_id) DO UPDATE SET " +
    updateOf(TASK_UPDATES),
  oldTask: insert("task", TASK_COLUMNS) + " ON CONFLICT (task_id, run_id) DO NOTHING",
  try: insert("try", TRY_COLUMNS) + " ON CONFLICT (try_id, task_id, run_id) DO UPDATE SET " +
    updateOf(TRY_UPDATES),
  oldTry: insert("try", TRY_COLUMNS) + " ON CONFLICT (try_id, task_id, run_id) DO NOTHING",

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

  tryWorker: insert(TOTALS, WORKER_COLUMNS) + ` ON CONFLICT ${TOTALS_KEY} DO UPDATE SET ` +
    "time_began = excluded.time_began WHERE time_began IS NULL AND excluded.time_began NOT NULL",
  /**
   * The last end of a try counts; but that a worker was killed is somebody else's guess, which says
   * less than the worker itself.
   */
  tryTotals: insert(TOTALS, TOTALS_COLUMNS) + ` ON CONFLICT ${TOTALS_KEY} DO UPDATE SET ` +
    updateOf(TOTALS_UPDATES) + ", time_began = coalesce(excluded.time_began, time_began) " +
    "WHERE ended IS NULL OR (ended <> 'killed', time_ended) < " +
    "(excluded.ended <> 'killed', excluded.time_ended)",

  client: "INSERT INTO parsloscope_client (client, acknowledged, seen) VALUES (?, ?, ?) " +
    "ON CONFLICT (client) DO UPDATE SET " +
    "acknowledged = max(acknowledged, excluded.acknowledged), seen = excluded.seen",
  acknowledged: "SELECT acknowledged FROM parsloscope_client WHERE client = ?",
  runs: "SELECT run_id FROM workflow",
  names: "SELECT run_id, workflow_name FROM workflow WHERE workflow_name IS NOT NULL",
  deferred: "SELECT run_id, count(*) FROM parsloscope_deferred GROUP BY run_id",
} as const;

/** Adds the row that a change is, unless it is there. */
function rowSql(table: RowChangeKind): string {
  const names: readonly string[] = ROW_CHANGES[table].map(({ name }) => name);
  if (tableNamed(table)!.key.every((name) => names.includes(name))) {
    return `${insert(table, names)} ON CONFLICT DO NOTHING`;
  }
  // SQLite numbers these rows: one that says the same has to be looked for.
  const marks = names.map((_, index) => `?${index + 1}`);
  return `INSERT INTO ${table} (${names.join(", ")}) SELECT ${marks.join(", ")}` +
    ` WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE ` +
    names.map((name, index) => `${name} = ${marks[index]}`).join(" AND ") + ")";
}

/** Prepared statements by name. Those that give rows give them as arrays. */
export interface Statements extends Record<keyof typeof SQL, StatementSync> {
  /** By the kind of change whose cells they take as they are. */
  rows: Record<RowChangeKind, StatementSync>;
}

/** Those that give rows. */
const ROWS = new Set<string>(
  [
    "newest",
    "hasTry",
    "takeDeferred",
    "countDeferred",
    "acknowledged",
    "runs",
    "names",
    "deferred",
  ] satisfies (keyof typeof SQL)[],
);

/** Prepares all of them, which also proves that the tables fit. */
export function prepareStatements(connection: DatabaseSync): Statements {
  const prepared = Object.entries(SQL).map(([name, sql]) => {
    const statement = withArrays(connection, sql);
    // Where the file has a number that is too large, it is not refused for it.
    if (ROWS.has(name)) statement.setReadBigInts(true);
    return [name, statement];
  });
  const kinds = Object.keys(ROW_CHANGES) as RowChangeKind[];
  const rows = kinds.map((kind) => [kind, withArrays(connection, rowSql(kind))]);
  return { ...Object.fromEntries(prepared), rows: Object.fromEntries(rows) };
}
