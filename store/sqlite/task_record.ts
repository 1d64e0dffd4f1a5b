/** Everything that a file holds of one task. */
import type { DatabaseSync } from "node:sqlite";
import type { TaskRecord } from "../database.ts";
import { toResource, toStatus, toText, toTry } from "../row_source.ts";
import { rowOf, type Values } from "../value_row.ts";
import { all } from "./query.ts";
import type { Schema } from "./schema.ts";

/** Tries that are looked for though nothing names them: up to the count of failures, at most so many. */
const GUESSED = 5000;
/** Tries that are looked for in one query. */
const AT_ONCE = 5000;

/**
 * One task with its long texts, by the keys that Parsl's tables have; null when there is none.
 *
 * @param known numbers of tries that it has, as far as known
 */
export function taskRecord(
  connection: DatabaseSync,
  schema: Schema,
  runId: string,
  taskId: number,
  known: readonly number[] = [],
): TaskRecord | null {
  if (!schema.has("task")) return null;
  const key = " WHERE task_id = ? AND run_id = ?";
  const found = all(connection, schema.select("text") + key, taskId, runId)[0];
  if (!found) return null;
  const record: TaskRecord = { text: toText(rowOf(found)), tries: [], statuses: [], resources: [] };
  const tries = new Set(known);
  let lastTry = Number(found[6] ?? 0) || 0;
  if (schema.has("status")) {
    // The plus keeps SQLite from going through all statuses of the run for the sake of their order.
    const sql = `${schema.select("status")}${key} ORDER BY +rowid`;
    for (const v of all(connection, sql, taskId, runId)) {
      const status = toStatus(rowOf(v));
      if (!status) continue;
      record.statuses.push(status);
      lastTry = Math.max(lastTry, status.tryId);
      tries.add(status.tryId);
    }
  }
  for (let id = 0; id < Math.min(lastTry + 2, GUESSED); id++) tries.add(id);
  const ids = [...tries].filter(Number.isSafeInteger);
  // The keys of these two tables begin with the try: naming it spares a scan of the table.
  const ofTask = (table: "try" | "resource") => {
    if (!schema.has(table)) return [];
    const sql = (list: string) => `${schema.select(table)}${key}${list} ORDER BY rowid`;
    if (!schema.hasColumn(table, "try_id")) return all(connection, sql(""), taskId, runId);
    const rows: Values[] = [];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const list = ` AND try_id IN (${ids.slice(at, at + AT_ONCE).join()})`;
      for (const row of all(connection, sql(list), taskId, runId)) rows.push(row);
    }
    return rows;
  };
  record.tries = ofTask("try").map((v) => toTry(rowOf(v))).sort((a, b) => a.tryId - b.tryId);
  record.resources = ofTask("resource").map((v) => toResource(rowOf(v))).filter((row) =>
    row !== null
  );
  return record;
}
