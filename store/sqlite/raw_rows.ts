/** Rows of Parsl's tables as the file has them, all columns. */
import type { DatabaseSync } from "node:sqlite";
import type { Cell } from "../database.ts";
import { all, prepare, rowsOf } from "./query.ts";
import type { Schema } from "./schema.ts";

/** Parsl's tables in the order in which they are given: what others refer to comes first. */
const RAW_TABLES = ["workflow", "task", "try", "status", "resource", "node", "block"];

/** The last row id of each of Parsl's tables that the file has, in order. */
export function rawEnds(connection: DatabaseSync, schema: Schema): Map<string, number> {
  const ends = new Map<string, number>();
  for (const table of RAW_TABLES) {
    if (!schema.has(table)) continue;
    const [row] = all(connection, `SELECT coalesce(max(rowid), 0) FROM "${table}"`);
    ends.set(table, Number(row[0]));
  }
  return ends;
}

/** The rows of a run between two row ids, integers as bigints. */
export function rawRows(
  connection: DatabaseSync,
  schema: Schema,
  table: string,
  runId: string,
  low: number,
  high: number,
): { columns: string[]; rows: Cell[][] } {
  const columns = [...schema.tables.get(table) ?? []];
  const names = columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(", ");
  const statement = prepare(
    connection,
    `SELECT ${names} FROM "${table}" WHERE rowid > ? AND rowid <= ? AND +run_id = ? ORDER BY rowid`,
  );
  statement.setReadBigInts(true);
  return { columns, rows: rowsOf(statement, low, high, runId) };
}
