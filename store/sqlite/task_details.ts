/** The long texts of some tasks and their tries. */
import type { DatabaseSync } from "node:sqlite";
import type { TaskDetail } from "../../model/try_table.ts";
import { toDetails, toTry } from "../row_source.ts";
import { rowOf } from "../value_row.ts";
import { all } from "./query.ts";
import type { Schema } from "./schema.ts";

/**
 * Some tasks with their tries, by the keys that Parsl's tables have; those that there are not are
 * left out.
 *
 * @param tryIds the numbers of the tries that are given
 */
export function taskDetails(
  connection: DatabaseSync,
  schema: Schema,
  runId: string,
  taskIds: readonly number[],
  tryIds: readonly number[],
): TaskDetail[] {
  if (!schema.has("task") || taskIds.length === 0) return [];
  const ids = `task_id IN (${taskIds.map(Math.trunc).join()})`;
  const tasks = new Map<number, TaskDetail>();
  const sql = `${schema.select("text")} WHERE run_id = ? AND ${ids}`;
  for (const values of all(connection, sql, runId)) {
    const details = toDetails(rowOf(values));
    if (details) tasks.set(details.taskId, details);
  }
  if (schema.has("try")) {
    // The key begins with the try: naming it spares a scan of the table.
    const conditions = schema.hasColumn("try", "try_id")
      ? tryIds.map((id) => ` AND try_id = ${Math.trunc(id)}`)
      : [""];
    for (const condition of conditions) {
      const tries = `${schema.select("try")} WHERE run_id = ?${condition} AND ${ids}`;
      for (const values of all(connection, tries, runId)) {
        const row = toTry(rowOf(values));
        tasks.get(row.taskId)?.tries.push(row);
      }
    }
  }
  return [...tasks.values()];
}
