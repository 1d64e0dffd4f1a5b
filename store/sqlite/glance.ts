/**
 * What can be told of a run by a few looks into the indexes of Parsl's own keys. The plus signs keep
 * SQLite from an index by run, which a hub's files have and which would lead through all of the run.
 */
import type { DatabaseSync } from "node:sqlite";
import { parseNaiveTime } from "../naive_time.ts";
import type { Glance } from "../database.ts";
import { prepare, rowsOf } from "./query.ts";
import type { Schema } from "./schema.ts";

/** Ids that may be missing in a row, for rows get lost. */
const HOLE = 64;
/** Task ids above this are not Parsl's. */
const MOST_TASKS = 2 ** 31;
/** The last tasks whose statuses are looked at. */
const LAST_TASKS = 32;
/** Status rows that are looked at in one go, and how often at most. */
const WINDOW = 2000;
const WINDOWS = 10;

/** The size of a run and its newest time. */
export function glance(connection: DatabaseSync, schema: Schema, runId: string): Glance {
  const tasks = schema.has("task") ? countTasks(connection, runId) : 0;
  const newest = tasks > 0 && schema.hasColumn("status", "timestamp") && schema.has("status")
    ? newestStatus(connection, runId, tasks)
    : null;
  return { tasks, newest };
}

/** One more than the highest task id: doubles the guess, then halves the interval. */
function countTasks(connection: DatabaseSync, runId: string): number {
  const statement = prepare(
    connection,
    "SELECT max(task_id) FROM task WHERE task_id BETWEEN ? AND ? AND +run_id = ?",
  );
  /** The highest id among some from `id` on; -1 when there is none. */
  const near = (id: number): number => {
    const highest = rowsOf(statement, id, id + HOLE - 1, runId)[0][0];
    return highest === null ? -1 : Number(highest);
  };
  let low = near(0);
  if (low < 0) return 0;
  let high = low + 1;
  for (; high < MOST_TASKS; high *= 2) {
    const found = near(high);
    if (found < 0) break;
    low = found;
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const found = near(middle);
    if (found < 0) high = middle;
    else low = found;
  }
  return low + 1;
}

/**
 * The newest time among the last rows of the table, for a run that goes on, and those that follow
 * the last tasks' own, for one that others came after.
 */
function newestStatus(connection: DatabaseSync, runId: string, tasks: number): number | null {
  const between = prepare(
    connection,
    "SELECT max(timestamp), max(rowid) FROM status " +
      "WHERE rowid > ? AND rowid <= ? AND +run_id = ?",
  );
  const last = Number(
    rowsOf(prepare(connection, "SELECT coalesce(max(rowid), 0) FROM status"))[0][0],
  );
  const [recent] = rowsOf(between, last - WINDOW, last, runId)[0];
  if (recent !== null) return parseNaiveTime(recent);
  const [text, row] = rowsOf(
    prepare(
      connection,
      "SELECT max(timestamp), max(rowid) FROM status " +
        "WHERE task_id BETWEEN ? AND ? AND +run_id = ?",
    ),
    tasks - LAST_TASKS,
    tasks - 1,
    runId,
  )[0];
  if (row === null) return null;
  let newest = parseNaiveTime(text);
  for (let from = Number(row) - WINDOW, i = 0; i < WINDOWS; from += WINDOW, i++) {
    const [later] = rowsOf(between, from, from + WINDOW, runId)[0];
    if (later === null && i > 0) break;
    newest = Math.max(newest ?? -Infinity, parseNaiveTime(later) ?? -Infinity);
  }
  return newest;
}
