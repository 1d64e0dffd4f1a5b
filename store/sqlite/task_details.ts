/** The long texts of some tasks and their tries. */
import type { Connection } from "./connection.ts";
import type { TaskDetail } from "../../model/tasks/try_table.ts";
import { totalsRows } from "../own_readers.ts";
import { tryRows } from "../readers.ts";
import { detailRows } from "../task_readers.ts";
import { rowOf } from "../value_row.ts";
import { triesOf } from "./old_rows.ts";
import { ownRows } from "./own_table_rows.ts";
import { all } from "./query.ts";
import type { Schema } from "./schema.ts";

/** Some tasks and tries of a run, by their numbers, and its zone's offset in ms. */
export interface DetailsAsked {
  runId: string;
  taskIds: readonly number[];
  tryIds: readonly number[];
  offset: number;
}

/**
 * Some tasks with their tries, by the keys that Parsl's tables have; those that there are not are
 * left out.
 */
export function taskDetails(
  connection: Connection,
  schema: Schema,
  { runId, taskIds, tryIds, offset }: DetailsAsked,
): TaskDetail[] {
  if (!schema.has("task") || taskIds.length === 0) return [];
  const ofTasks = (table: string) => `task_id IN (${schema.ids(table, "task_id", taskIds)})`;
  const tasks = new Map<number, TaskDetail>();
  const sql = `${schema.select(detailRows, true)} WHERE run_id = ? AND ${ofTasks("task")}`;
  for (const values of all(connection, sql, runId)) {
    const details = detailRows.read(rowOf(values));
    if (details) tasks.set(details.taskId, details);
  }
  if (schema.has("try")) {
    // The key begins with the try: naming it spares a scan of the table.
    const conditions = schema.hasColumn("try", "try_id")
      ? tryIds.map((id) => ` AND try_id IN (${schema.ids("try", "try_id", [id])})`)
      : [""];
    for (const condition of conditions) {
      const tries = `${schema.select(tryRows, true)} WHERE run_id = ?${condition} AND ${
        ofTasks("try")
      }`;
      for (const values of all(connection, tries, runId)) {
        const row = tryRows.read(rowOf(values, offset));
        if (row) tasks.get(row.taskId)?.tries.push(row);
      }
    }
  } else if (!schema.numbersTries) {
    const known = triesOf(connection, schema, runId, offset, [...tasks.keys()]);
    for (const [taskId, old] of known) tasks.get(taskId)?.tries.push(...old.tries);
  }
  for (const totals of ownRows(connection, schema, totalsRows, { runId, taskIds, offset })) {
    if (tryIds.includes(totals.tryId)) tasks.get(totals.taskId)?.totals.push(totals);
  }
  return [...tasks.values()];
}
