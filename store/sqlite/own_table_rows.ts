/** Rows of our own tables about some tasks. */
import type { RowReader } from "../row_source.ts";
import { rowOf } from "../value_row.ts";
import type { Connection } from "./connection.ts";
import { all } from "./query.ts";
import type { Schema } from "./schema.ts";

/** What a table of ours has of some tasks, by its key; nothing where the file has no such table. */
export function ownRows<Row>(
  connection: Connection,
  schema: Schema,
  rows: RowReader<Row | null>,
  { runId, taskIds, offset }: { runId: string; taskIds: readonly number[]; offset: number },
): Row[] {
  const { table } = rows;
  if (!schema.has(table) || !schema.hasColumn(table, "task_id")) return [];
  const ids = schema.ids(table, "task_id", taskIds);
  const order = schema.hasColumn(table, "try_id") ? " ORDER BY +try_id" : "";
  const sql = `${schema.select(rows)} WHERE run_id = ? AND task_id IN (${ids})${order}`;
  return all(connection, sql, runId).map((values) => rows.read(rowOf(values, offset)))
    .filter((row) => row !== null);
}
