/**
 * What can be told of a run by a few looks into the indexes of Parsl's own keys. `likelihood` keeps
 * SQLite from an index by run, which a hub's files have and which would lead through all of the run.
 */
import type { Connection } from "./connection.ts";
import { isStampedByWorker, LIFECYCLE } from "../../parsl/states.ts";
import type { Glance } from "../database.ts";
import { timeOf } from "../../parsl/naive_time.ts";
import { LARGEST_ID } from "../../parsl/readable.ts";
import { columnNames } from "../../parsl/tables.ts";
import { all, one } from "./query.ts";
import { lastRow } from "./row_ids.ts";
import type { Schema } from "./schema.ts";

/** Ids that may be missing in a row, for rows get lost. */
const HOLE = 64;
/** Ids that are so far beyond the number of rows are none of Parsl's. */
const FAR = 65_536;
/** The last tasks whose statuses are looked at. */
const LAST_TASKS = 32;
/** Status rows that are looked at in one go, and how often at most. */
const WINDOW = 2000;
const WINDOWS = 10;
/** In a table without a key, where each look goes through all rows, more than these are too many. */
const FEW_ROWS = 100_000;

/** Naive times as text, so that other values are not the greatest. */
const IS_TIME = "+timestamp BETWEEN '0001-01' AND '9999-13'";
/** Workers stamp by a clock of their own, which may be of another zone. */
const OF_WORKER = LIFECYCLE.filter(isStampedByWorker).map((state) => `'${state}'`).join();

/** The size of a run and its newest time. */
export function glance(connection: Connection, schema: Schema, runId: string): Glance {
  const tasks = schema.has("task") ? countTasks(connection, schema, runId) : 0;
  const newest = tasks !== 0 && schema.has("status") && schema.hasColumn("status", "timestamp")
    ? newestStatus(connection, schema, runId, tasks)
    : null;
  return { tasks, newest };
}

/** One more than the highest task id: doubles the guess, then halves the interval. */
function countTasks(connection: Connection, schema: Schema, runId: string): number | null {
  const rows = lastRow(connection, schema, "task");
  if (!isKeyed(connection, schema, "task")) {
    if (rows > FEW_ROWS) return null;
    const sql = `SELECT count(*) FROM ${schema.from("task")} WHERE run_id = ?`;
    const [count] = one(connection, sql, runId);
    return Number(count);
  }
  /** The highest id among some from `id` on; -1 when there is none. */
  const near = (id: number): number => {
    // Named one by one, for a column of texts has no order of numbers.
    const ids = schema.ids("task", "task_id", Array.from({ length: HOLE }, (_, i) => id + i));
    const sql = `SELECT max(CAST(task_id AS INTEGER)) FROM ${schema.from("task")} ` +
      `WHERE task_id IN (${ids}) AND likelihood(run_id = ?, 0.9)`;
    const [highest] = one(connection, sql, runId);
    return highest === null ? -1 : Number(highest);
  };
  let low = near(0);
  if (low < 0) return 0;
  let high = low + 1;
  for (; high <= LARGEST_ID; high *= 2) {
    const found = near(high);
    if (found < 0) break;
    low = found;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const found = near(middle);
    if (found < 0) high = middle;
    else low = found;
  }
  // Rows get lost, but not most of them: a single id may lie far beyond all others.
  return low >= 4 * rows + FAR ? Math.ceil(rows) : low + 1;
}

/**
 * The newest time among the last rows of the table, for a run that goes on, and those that follow
 * the last tasks' own, for one that others came after. Only the submit side's clock counts.
 */
function newestStatus(
  connection: Connection,
  schema: Schema,
  runId: string,
  tasks: number | null,
): number | null {
  const table = schema.from("status");
  const name = columnNames("status", "task_status_name").find((n) => schema.hasColumn("status", n));
  const counts = `+run_id = ? AND ${IS_TIME}` + (name ? ` AND ${name} NOT IN (${OF_WORKER})` : "");
  const newest = `SELECT max(timestamp), max(rowid) FROM ${table} WHERE`;
  const between = connection.prepare(`${newest} rowid > ? AND rowid <= ? AND ${counts}`);
  const last = lastRow(connection, schema, "status");
  const [[recent]] = between.rows(last - WINDOW, last, runId);
  if (recent !== null) return timeOf(recent, 0);
  if (tasks === null || !isKeyed(connection, schema, "status")) return null;
  const lastTasks = Array.from({ length: Math.min(LAST_TASKS, tasks) }, (_, i) => tasks - 1 - i);
  const ids = schema.ids("status", "task_id", lastTasks);
  const [text, row] = one(
    connection,
    `${newest} task_id IN (${ids}) AND likelihood(run_id = ?, 0.9) AND ${counts}`,
    runId,
    runId,
  );
  if (row === null) return null;
  let latest = timeOf(text, 0);
  for (let from = Number(row) - WINDOW, i = 0; i < WINDOWS; from += WINDOW, i++) {
    const [[later]] = between.rows(from, from + WINDOW, runId);
    if (later === null && i > 0) break;
    latest = Math.max(latest ?? -Infinity, timeOf(later, 0) ?? -Infinity);
  }
  return latest === -Infinity ? null : latest;
}

const keyed = new WeakMap<Schema, Map<string, boolean>>();

/** Whether rows of a task are found without going through all rows of a table. */
function isKeyed(connection: Connection, schema: Schema, table: string): boolean {
  const tables = keyed.get(schema) ?? new Map<string, boolean>();
  keyed.set(schema, tables);
  const known = tables.get(table);
  if (known !== undefined) return known;
  const plan = all(
    connection,
    `EXPLAIN QUERY PLAN SELECT 1 FROM ${schema.from(table)} WHERE task_id = 1 AND run_id = ''`,
  );
  const found = plan.every((step) => !String(step.at(-1)).startsWith("SCAN"));
  tables.set(table, found);
  return found;
}
