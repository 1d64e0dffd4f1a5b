/** Everything that a file holds of one task. */
import type { Connection } from "./connection.ts";
import { emptyRows } from "../../model/run/rows.ts";
import type { TaskRecord } from "../database.ts";
import { completeRows } from "../old_rows.ts";
import { isId } from "../../parsl/readable.ts";
import { requestRows, totalsRows, tracebackRows } from "../own_readers.ts";
import { resourceRows, statusRows, tryRows } from "../readers.ts";
import type { RowReader, Selection } from "../row_source.ts";
import { textRows } from "../task_readers.ts";
import { rowOf, type RowValues } from "../value_row.ts";
import { triesOf } from "./old_rows.ts";
import { ownRows } from "./own_table_rows.ts";
import { all } from "./query.ts";
import type { Schema } from "./schema.ts";

/** Tries that are looked for though nothing names them: up to the count of failures, at most this many. */
const GUESSED = 5000;
/** Tries that are looked for in one query. */
const AT_ONCE = 5000;

/**
 * One task with its long texts, by the keys that Parsl's tables have; null when there is none.
 *
 * @param known numbers of tries that it has, as far as known
 */
export function taskRecord(
  connection: Connection,
  schema: Schema,
  { runId, taskId, offset, tries: known = [] }: {
    runId: string;
    taskId: number;
    offset: number;
    tries?: readonly number[];
  },
): TaskRecord | null {
  if (!schema.has("task")) return null;
  const key = (table: string) =>
    ` WHERE task_id IN (${schema.ids(table, "task_id", [taskId])}) AND run_id = ?`;
  const [found] = all(connection, schema.select(textRows, true) + key("task"), runId);
  if (!found) return null;
  const { text, failCount } = textRows.read(rowOf(found));
  const told = <Row>(rows: RowReader<Row | null>) =>
    ownRows(connection, schema, rows, { runId, taskIds: [taskId], offset });
  const record: TaskRecord = {
    ...{ text, tries: [], statuses: [], resources: [] },
    totals: told(totalsRows),
    tracebacks: told(tracebackRows),
    requests: told(requestRows),
  };
  const numbers = new Set(known);
  let lastTry = failCount ?? 0;
  if (schema.has("status")) {
    // The plus keeps SQLite from going through all statuses of the run for the sake of their order.
    const sql = `${schema.select(statusRows)}${key("status")} ORDER BY +rowid`;
    for (const v of all(connection, sql, runId)) {
      const status = statusRows.read(rowOf(v, offset));
      if (!status) continue;
      record.statuses.push(status);
      lastTry = Math.max(lastTry, status.tryId);
      numbers.add(status.tryId);
    }
  }
  for (let number = 0; number < Math.min(lastTry + 2, GUESSED); number++) numbers.add(number);
  const ids = [...numbers].filter(isId);
  // The keys of these two tables begin with the try: naming it spares a scan of the table.
  const ofTask = (selection: Selection, whole: boolean) => {
    const { table } = selection;
    if (!schema.has(table)) return [];
    const sql = (list: string) =>
      `${schema.select(selection, whole)}${key(table)}${list} ORDER BY rowid`;
    if (!schema.hasColumn(table, "try_id")) return all(connection, sql(""), runId);
    const rows: RowValues[] = [];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const list = schema.ids(table, "try_id", ids.slice(at, at + AT_ONCE));
      for (const row of all(connection, sql(` AND try_id IN (${list})`), runId)) rows.push(row);
    }
    return rows;
  };
  record.tries = ofTask(tryRows, true).map((v) => tryRows.read(rowOf(v, offset)))
    .filter((row) => row !== null);
  record.resources = ofTask(resourceRows, false).map((v) => resourceRows.read(rowOf(v, offset)))
    .filter((row) => row !== null);
  if (!schema.numbersTries) {
    const tries = triesOf(connection, schema, runId, offset, [taskId]);
    const rows = { ...emptyRows(), ...record };
    completeRows(rows, (other) => tries.get(other) ?? null, false);
    if (record.statuses.length === 0) record.tries.push(...tries.get(taskId)!.tries);
  }
  record.tries.sort((a, b) => a.tryId - b.tryId);
  return record;
}
