/** Everything that a file holds of one task. */
import type { DatabaseSync } from "node:sqlite";
import type { TaskRecord } from "../database.ts";
import { toResource, toStatus, toText, toTry } from "../row_source.ts";
import { rowOf } from "../value_row.ts";
import { all } from "./query.ts";
import type { Schema } from "./schema.ts";

/** Tries of one task that are looked for at most. */
const MOST_TRIES = 5000;

/** One task with its long texts, by the keys that Parsl's tables have; null when there is none. */
export function taskRecord(
  connection: DatabaseSync,
  schema: Schema,
  runId: string,
  taskId: number,
): TaskRecord | null {
  if (!schema.has("task")) return null;
  const key = " WHERE task_id = ? AND run_id = ?";
  const found = all(connection, schema.select("text") + key, taskId, runId)[0];
  if (!found) return null;
  const record: TaskRecord = { text: toText(rowOf(found)), tries: [], statuses: [], resources: [] };
  let lastTry = Number(found[6] ?? 0);
  if (schema.has("status")) {
    // The plus keeps SQLite from going through all statuses of the run for the sake of their order.
    const sql = `${schema.select("status")}${key} ORDER BY +rowid`;
    for (const v of all(connection, sql, taskId, runId)) {
      const status = toStatus(rowOf(v));
      if (!status) continue;
      record.statuses.push(status);
      lastTry = Math.max(lastTry, status.tryId);
    }
  }
  // The keys of these two tables begin with the try: naming it spares a scan of the table.
  const ids = Array.from({ length: Math.min(lastTry + 2, MOST_TRIES) }, (_, index) => index);
  const ofTask = (table: "try" | "resource") => {
    if (!schema.has(table)) return [];
    const list = schema.hasColumn(table, "try_id") ? ` AND try_id IN (${ids.join()})` : "";
    const sql = `${schema.select(table)}${key}${list} ORDER BY rowid`;
    return all(connection, sql, taskId, runId);
  };
  record.tries = ofTask("try").map((v) => toTry(rowOf(v))).sort((a, b) => a.tryId - b.tryId);
  record.resources = ofTask("resource").map((v) => toResource(rowOf(v))).filter((row) =>
    row !== null
  );
  return record;
}
