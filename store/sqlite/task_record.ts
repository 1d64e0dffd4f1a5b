/** Everything that a file holds of one task. */
import type { DatabaseSync } from "node:sqlite";
import { emptyRows } from "../../model/rows.ts";
import { numberOf } from "../cell.ts";
import type { TaskRecord } from "../database.ts";
import { completeRows } from "../old_rows.ts";
import { isId } from "../readable.ts";
import { toResource, toStatus, toText, toTry } from "../row_source.ts";
import { rowOf } from "../value_row.ts";
import { triesOf } from "./old_rows.ts";
import { all } from "./query.ts";
import type { Schema } from "./schema.ts";

/** Tries of one task that are looked for at most, beside those that statuses name. */
const MOST_TRIES = 5000;

/** One task with its long texts, by the keys that Parsl's tables have; null when there is none. */
export function taskRecord(
  connection: DatabaseSync,
  schema: Schema,
  { runId, taskId, offset }: { runId: string; taskId: number; offset: number },
): TaskRecord | null {
  if (!schema.has("task")) return null;
  const key = (table: string) =>
    ` WHERE task_id IN (${schema.ids(table, "task_id", [taskId])}) AND run_id = ?`;
  const found = all(connection, schema.select("text", true) + key("task"), runId)[0];
  if (!found) return null;
  const record: TaskRecord = { text: toText(rowOf(found)), tries: [], statuses: [], resources: [] };
  const failCount = numberOf(found[6]) ?? 0;
  const ids = new Set<number>();
  if (schema.has("status")) {
    // The plus keeps SQLite from going through all statuses of the run for the sake of their order.
    const sql = `${schema.select("status")}${key("status")} ORDER BY +rowid`;
    for (const v of all(connection, sql, runId)) {
      const status = toStatus(rowOf(v, offset));
      if (!status) continue;
      record.statuses.push(status);
      ids.add(status.tryId);
    }
  }
  const lastTry = Math.max(isId(failCount) ? failCount : 0, ...ids);
  for (let number = 0; number < Math.min(lastTry + 2, MOST_TRIES); number++) ids.add(number);
  // The keys of these two tables begin with the try: naming it spares a scan of the table.
  const ofTask = (table: "try" | "resource") => {
    if (!schema.has(table)) return [];
    const list = schema.hasColumn(table, "try_id")
      ? ` AND try_id IN (${schema.ids(table, "try_id", ids)})`
      : "";
    const sql = `${schema.select(table, table === "try")}${key(table)}${list} ORDER BY rowid`;
    return all(connection, sql, runId);
  };
  record.tries = ofTask("try").map((v) => toTry(rowOf(v, offset))).filter((row) => row !== null);
  record.resources = ofTask("resource").map((v) => toResource(rowOf(v, offset)))
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
