/** Reading the rows of a run after a watermark. */
import type { Connection } from "./connection.ts";
import { emptyRows, type RunRows } from "../../model/run/rows.ts";
import { RUN_TABLES, type RunTable } from "../../parsl/tables.ts";
import type { Watermark } from "../database.ts";
import { foldedTotals } from "../own_readers.ts";
import { FOLDED, statusRows, taskRows, tryRows, workflowRows } from "../readers.ts";
import { rowOf, type RowValues } from "../value_row.ts";
import { numberRows } from "./old_rows.ts";
import { all } from "./query.ts";
import { behindGap, between, windowEnd } from "./row_ids.ts";
import type { Schema } from "./schema.ts";

/**
 * Parsl adds a status in one transaction and updates its try in the next, so the updates of the
 * last statuses before the watermark may have been missed: look at this many of them again.
 */
const OVERLAP = 256;

/** What one piece of reading brought. */
export interface ReadProgress {
  watermark: Watermark;
  rows: RunRows;
  /** Rows that cannot be read and were left out. */
  skipped: number;
}

/** The rows that are wanted. */
export interface Wanted {
  runId: string;
  /** How far the run's naive clock is ahead of UTC, ms: for times that are seconds since 1970. */
  offset: number;
  /** What was given before this reading. */
  since: Watermark;
  /** Where this reading ends. */
  ends: Watermark;
}

/** Reads on from `from`, over at most `window` row ids of all tables together. */
export function advance(
  connection: Connection,
  schema: Schema,
  wanted: Wanted,
  from: Watermark,
  window: number,
  first: boolean,
): ReadProgress {
  const { runId, offset, since, ends } = wanted;
  const rows = emptyRows();
  const progress: ReadProgress = { watermark: { ...from }, rows, skipped: 0 };
  if (first && schema.has("workflow")) {
    const sql = `${schema.select(workflowRows, true)} WHERE run_id = ?`;
    const [found] = all(connection, sql, runId);
    rows.workflow = found ? workflowRows.read(rowOf(found, offset)) : null;
  }
  // Nothing was given before: nothing can have changed.
  const touched = since.task > 0 || since.try > 0 ? new Touched() : null;
  if (first && touched && since.status > 0 && schema.has("status")) {
    const low = Math.max(0, since.status - OVERLAP);
    for (const v of rowsBetween(connection, schema, "status", low, since.status, runId)) {
      const status = statusRows.read(rowOf(v, offset));
      if (status) touched.add(status.taskId, status.tryId);
    }
  }
  let budget = window;
  for (const table of RUN_TABLES) {
    const low = from[table];
    if (low >= ends[table]) continue;
    let high = windowEnd(low, budget, ends[table]);
    if (schema.has(table)) {
      const found = rowsBetween(connection, schema, table, low, high, runId);
      progress.skipped += collect(table, found, offset, rows, touched);
      if (found.length === 0) high = behindGap(connection, schema, table, high, ends[table]);
    }
    budget -= Math.min(budget, high - low);
    progress.watermark[table] = high;
    if (budget <= 0) break;
  }
  if (touched) readAgain(connection, schema, wanted, touched, rows);
  if (!schema.numbersTries) numberRows(connection, schema, runId, offset, rows);
  return progress;
}

function rowsBetween(
  connection: Connection,
  schema: Schema,
  table: RunTable,
  low: number,
  high: number,
  runId: string,
): RowValues[] {
  const [within, ...bounds] = between(low, high);
  const sql = `${schema.select(FOLDED[table])} WHERE ${within} AND +run_id = ? ORDER BY rowid`;
  return all(connection, sql, ...bounds, runId);
}

/** The tasks and tries that statuses name. */
class Touched {
  readonly tries = new Map<number, Set<number>>();

  add(taskId: number, tryId: number): void {
    const known = this.tries.get(taskId);
    if (known) known.add(tryId);
    else this.tries.set(taskId, new Set([tryId]));
  }
}

/** Decodes values of a table into `rows`; returns how many could not be read. */
function collect(
  table: RunTable,
  values: RowValues[],
  offset: number,
  rows: RunRows,
  touched: Touched | null,
): number {
  const { read, listIn } = FOLDED[table];
  const list = listIn(rows);
  let skipped = 0;
  for (const v of values) {
    const row = read(rowOf(v, offset));
    if (row !== null) list.push(row);
    else skipped++;
  }
  if (table === "status" && touched) {
    for (const { taskId, tryId } of rows.statuses) touched.add(taskId, tryId);
  }
  return skipped;
}

/**
 * Reads once more the touched rows that were given before `since`, for Parsl updates them in place.
 * Rows after `since` are read in this pass, after whatever the pass's statuses tell of.
 */
function readAgain(
  connection: Connection,
  schema: Schema,
  wanted: Wanted,
  touched: Touched,
  rows: RunRows,
): void {
  const { runId, offset, since } = wanted;
  if (touched.tries.size === 0) return;
  readTotalsAgain(connection, schema, wanted, touched, rows);
  if (since.task > 0 && schema.has("task")) {
    const statement = connection.prepare(
      `${schema.select(taskRows)} WHERE task_id = ? AND run_id = ? AND +rowid <= ?`,
    );
    for (const taskId of touched.tries.keys()) {
      // As a bigint, an id is also found in a column of texts.
      for (const v of statement.rows(BigInt(taskId), runId, since.task)) {
        const row = taskRows.read(rowOf(v, offset));
        if (row) rows.tasks.push(row);
      }
    }
  }
  if (since.try > 0 && schema.hasColumn("try", "try_id") && schema.has("try")) {
    const statement = connection.prepare(
      `${schema.select(tryRows)} WHERE try_id = ? AND task_id = ? AND run_id = ? AND +rowid <= ?`,
    );
    for (const [taskId, tryIds] of touched.tries) {
      for (const tryId of tryIds) {
        for (const v of statement.rows(BigInt(tryId), BigInt(taskId), runId, since.try)) {
          const row = tryRows.read(rowOf(v, offset));
          if (row) rows.tries.push(row);
        }
      }
    }
  }
}

/** The same of what our client tells of tries: a row of where one runs, filled in at its end. */
function readTotalsAgain(
  connection: Connection,
  schema: Schema,
  { runId, offset, since }: Wanted,
  touched: Touched,
  rows: RunRows,
): void {
  const { table } = foldedTotals;
  if (since.parsloscope_try_totals === 0 || !schema.has(table)) return;
  const statement = connection.prepare(
    `${schema.select(foldedTotals)} WHERE run_id = ? AND task_id = ? AND try_id = ? ` +
      "AND +rowid <= ?",
  );
  for (const [taskId, tryIds] of touched.tries) {
    for (const tryId of tryIds) {
      const found = statement.rows(runId, taskId, tryId, since.parsloscope_try_totals);
      for (const values of found) {
        const row = foldedTotals.read(rowOf(values, offset));
        if (row) rows.totals.push(row);
      }
    }
  }
}
