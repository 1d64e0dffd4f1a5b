/** Packs one table. */
import type { SomeColumnName } from "../../parsl/tables.ts";
import { packColumn } from "./column_pack.ts";
import type { ColumnHeader, TableHeader } from "./header.ts";
import { packInts } from "./ints_pack.ts";
import type { OrderedTable } from "./ordered_table.ts";
import type { PackContext } from "./pack_context.ts";
import type { Tables } from "./references.ts";

/**
 * Columns that others are predicted from come first. This order is part of how version 1 is packed:
 * parts hold columns in it. Columns that are not named here follow in the order of the table.
 */
const FIRST: readonly string[] = [
  "task_id",
  "try_id",
  "task_status_name",
  "uid",
  "task_executor",
  "task_depends",
  "task_time_invoked",
  "task_time_returned",
  "task_try_time_launched",
  "task_try_time_returned",
  "timestamp",
] satisfies SomeColumnName[];

/** Packs a table, and leaves in `tables` what others are predicted from. */
export async function packTable(
  table: OrderedTable,
  tables: Tables,
  context: PackContext,
): Promise<Omit<TableHeader, "parts">> {
  tables.set(table.name, table);
  const { columns } = table;
  const place = (name: string) => (FIRST.indexOf(name) + 99) % 99;
  const order = [...columns].sort((a, b) => place(a) - place(b));
  const headers = new Map<string, ColumnHeader>();
  for (const name of order) {
    headers.set(name, await packColumn(table.name, table.column(name)!, tables, context));
    if (!FIRST.includes(name) && !name.endsWith("_running")) table.forget(name);
  }
  const failed = table.failed();
  const rows = failed && await packInts(failed, `${table.name}.failed`, context);
  // Nothing is predicted from rows of other tables than these.
  if (table.name !== "task" && table.name !== "try") {
    for (const name of columns) table.forget(name);
  }
  return {
    name: table.name,
    rows: table.rows,
    ...failed && rows ? { failed: { n: failed.length, rows } } : {},
    columns: columns.map((name) => headers.get(name)!),
  };
}
