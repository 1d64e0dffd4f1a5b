/** Rows of Parsl's tables as the file has them, all columns. */
import type { Connection } from "./connection.ts";
import type { Cell } from "../../parsl/cell.ts";
import { type TableName, TABLES } from "../../parsl/tables.ts";

import { behindGap, between, lastRow, windowEnd } from "./row_ids.ts";
import { quoted, type Schema, wholeText } from "./schema.ts";

/** The last row id of each of Parsl's tables that the file has, in order. */
export function rawEnds(connection: Connection, schema: Schema): Map<TableName, number> {
  const ends = new Map<TableName, number>();
  for (const table of TABLES) {
    if (schema.has(table)) ends.set(table, lastRow(connection, schema, table));
  }
  return ends;
}

/** The rows of a run in a window of row ids, integers as bigints, and where the window ends. */
export function rawRows(
  connection: Connection,
  schema: Schema,
  table: TableName,
  runId: string,
  { low, window, end }: { low: number; window: number; end: number },
): { columns: string[]; rows: Cell[][]; high: number } {
  const columns = schema.columns(table);
  // Of the one row about the run no text is cut, which would take too long with all rows.
  const names = columns.map(quoted).map((name) => table === "workflow" ? wholeText(name) : name);
  const high = windowEnd(low, window, end);
  const [within, ...bounds] = between(low, high);
  const statement = connection.prepare(
    `SELECT ${names.join(", ")} FROM ${schema.from(table)} WHERE ${within} AND +run_id = ? ` +
      "ORDER BY rowid",
    true,
  );
  const rows = statement.rows(...bounds, runId);
  return {
    columns,
    rows,
    high: rows.length > 0 ? high : behindGap(connection, schema, table, high, end),
  };
}
