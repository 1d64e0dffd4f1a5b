/** Reading the rows of a run after a watermark. */
import type { DatabaseSync } from "node:sqlite";
import { emptyRows, type RunRows } from "../../model/rows.ts";
import type { Watermark } from "../database.ts";
import { toBlock, toNode, toSample, toStatus, toTask, toTry, toWorkflow } from "../row_source.ts";
import { rowOf, type Values } from "../value_row.ts";
import { all, prepare, rowsOf } from "./query.ts";
import { type Schema, type TableName, TABLES } from "./schema.ts";

/**
 * Parsl adds a status in one transaction and updates its try in the next, so the updates of the
 * last statuses before the watermark may have been missed: look at so many of them again.
 */
const OVERLAP = 256;

/** What one piece of reading brought. */
export interface Progress {
  watermark: Watermark;
  rows: RunRows;
  /** Status and resource rows without a readable time. */
  skipped: number;
}

/** Reads on from `from`, over at most `window` row ids of all tables together. */
export function advance(
  connection: DatabaseSync,
  schema: Schema,
  runId: string,
  since: Watermark,
  from: Watermark,
  ends: Watermark,
  window: number,
  first: boolean,
): Progress {
  const rows = emptyRows();
  const progress: Progress = { watermark: { ...from }, rows, skipped: 0 };
  if (first && schema.has("workflow")) {
    const found = all(connection, `${schema.select("workflow")} WHERE run_id = ?`, runId)[0];
    rows.workflow = found ? toWorkflow(rowOf(found)) : null;
  }
  // Nothing was given before: nothing can have changed.
  const touched = since.task > 0 || since.try > 0 ? new Touched() : null;
  if (first && touched && since.status > 0 && schema.has("status")) {
    const low = Math.max(0, since.status - OVERLAP);
    for (const v of rowsBetween(connection, schema, "status", low, since.status, runId)) {
      const status = toStatus(rowOf(v));
      if (status) touched.add(status.taskId, status.tryId);
    }
  }
  let budget = window;
  for (const table of TABLES) {
    const low = from[table];
    const high = Math.min(ends[table], low + budget);
    if (high <= low) continue;
    budget -= high - low;
    progress.watermark[table] = high;
    if (schema.has(table)) {
      progress.skipped += collect(
        table,
        rowsBetween(connection, schema, table, low, high, runId),
        rows,
        touched,
      );
    }
    if (budget <= 0) break;
  }
  if (touched) readAgain(connection, schema, runId, since, touched, rows);
  return progress;
}

function rowsBetween(
  connection: DatabaseSync,
  schema: Schema,
  table: TableName,
  low: number,
  high: number,
  runId: string,
): Values[] {
  const selection = table === "resource" ? "sample" : table;
  const sql = `${schema.select(selection)} WHERE rowid > ? AND rowid <= ? AND +run_id = ?` +
    " ORDER BY rowid";
  return all(connection, sql, low, high, runId);
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

/** Decodes values of a table into `rows`; returns how many had no readable time. */
function collect(
  table: TableName,
  values: Values[],
  rows: RunRows,
  touched: Touched | null,
): number {
  let skipped = 0;
  switch (table) {
    case "task":
      for (const v of values) rows.tasks.push(toTask(rowOf(v)));
      break;
    case "try":
      for (const v of values) rows.tries.push(toTry(rowOf(v)));
      break;
    case "status":
      for (const v of values) {
        const status = toStatus(rowOf(v));
        if (status) {
          rows.statuses.push(status);
          touched?.add(status.taskId, status.tryId);
        } else skipped++;
      }
      break;
    case "resource":
      for (const v of values) {
        const sample = toSample(rowOf(v));
        if (sample) rows.resources.push(sample);
        else skipped++;
      }
      break;
    case "node":
      for (const v of values) rows.nodes.push(toNode(rowOf(v)));
      break;
    case "block":
      for (const v of values) rows.blocks.push(toBlock(rowOf(v)));
      break;
  }
  return skipped;
}

/**
 * Reads once more the touched rows that were given before `since`, for Parsl updates them in place.
 * Rows after `since` are read in this pass, after whatever the pass's statuses tell of.
 */
function readAgain(
  connection: DatabaseSync,
  schema: Schema,
  runId: string,
  since: Watermark,
  touched: Touched,
  rows: RunRows,
): void {
  if (touched.tries.size === 0) return;
  if (since.task > 0 && schema.has("task")) {
    const statement = prepare(
      connection,
      `${schema.select("task")} WHERE task_id = ? AND run_id = ? AND +rowid <= ?`,
    );
    for (const taskId of touched.tries.keys()) {
      for (const v of rowsOf(statement, taskId, runId, since.task)) {
        rows.tasks.push(toTask(rowOf(v)));
      }
    }
  }
  if (since.try > 0 && schema.hasColumn("try", "try_id") && schema.has("try")) {
    const statement = prepare(
      connection,
      `${schema.select("try")} WHERE try_id = ? AND task_id = ? AND run_id = ? AND +rowid <= ?`,
    );
    for (const [taskId, tryIds] of touched.tries) {
      for (const tryId of tryIds) {
        for (const v of rowsOf(statement, tryId, taskId, runId, since.try)) {
          rows.tries.push(toTry(rowOf(v)));
        }
      }
    }
  }
}
