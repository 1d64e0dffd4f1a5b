/** The names of the tables and columns, and what the schema says of them. */
import type { CellKind, ColumnSpec, OldColumn, TableSpec } from "./column.ts";
import { SCHEMA } from "./schema.ts";

type Schema = typeof SCHEMA;

export type TableName = keyof Schema;
/** The columns that a table has today. */
export type ColumnName<T extends TableName> = keyof Schema[T]["columns"] & string;
/** Those that it had in older releases only. */
export type OldColumnName<T extends TableName> = Schema[T] extends { old: infer Old }
  ? keyof Old & string
  : never;
/** Those that it has or had. */
export type AnyColumnName<T extends TableName> = ColumnName<T> | OldColumnName<T>;
/** A name of a column of any table. */
export type SomeColumnName = { [T in TableName]: AnyColumnName<T> }[TableName];
/** What the values of a column are. */
export type KindOf<T extends TableName, C extends AnyColumnName<T>> = C extends ColumnName<T>
  ? KindIn<Schema[T]["columns"][C]>
  : Schema[T] extends { old: infer Old } ? C extends keyof Old ? KindIn<Old[C]> : never
  : never;
type KindIn<C> = C extends { kind: infer K extends CellKind } ? K : never;

/** All tables. What others refer to comes first: they are read, copied and exported in this order. */
export const TABLES = Object.keys(SCHEMA) as readonly TableName[];

type ApartTable = {
  [T in TableName]: Schema[T] extends { apart: true } ? T : never;
}[TableName];
/**
 * A table with many rows about each run, of which a run is folded. They are read in the order of their
 * row ids, as they come.
 */
export type RunTable = Exclude<TableName, "workflow" | ApartTable>;
export const RUN_TABLES = TABLES.filter((table) =>
  table !== "workflow" && !(SCHEMA[table] as TableSpec).apart
) as readonly RunTable[];

/** An object with a value for each of these tables. */
export function byRunTable<Value>(value: (table: RunTable) => Value): Record<RunTable, Value> {
  return Object.fromEntries(RUN_TABLES.map((table) => [table, value(table)])) as Record<
    RunTable,
    Value
  >;
}

/** What the schema says of a table; undefined when it has none of that name. */
export function tableNamed(name: string): TableSpec | undefined {
  return Object.hasOwn(SCHEMA, name) ? SCHEMA[name as TableName] : undefined;
}

/** What the schema says of a column, where there is such a table with such a column today. */
export function columnNamed(table: string, column: string): ColumnSpec | undefined {
  const columns = tableNamed(table)?.columns ?? {};
  return Object.hasOwn(columns, column) ? columns[column] : undefined;
}

/** What the schema says of a column that a table has today. */
export function columnOf<T extends TableName>(table: T, column: ColumnName<T>): ColumnSpec {
  const { columns }: TableSpec = SCHEMA[table];
  return columns[column];
}

/** Whether a table is one of ours, which Parsl has not. */
export function isOurs(table: TableName): boolean {
  return (SCHEMA[table] as TableSpec).ours ?? false;
}

/** The names of the columns that a table has today, in the order of their declaration. */
export function columnsOf<T extends TableName>(table: T): readonly ColumnName<T>[] {
  return Object.keys(SCHEMA[table].columns) as ColumnName<T>[];
}

/** The names that a column has had, newest first. */
export function columnNames<T extends TableName>(
  table: T,
  column: AnyColumnName<T>,
): readonly string[] {
  const { columns }: TableSpec = SCHEMA[table];
  return [column, ...columns[column]?.before ?? []];
}

/** Calls `visit` for each name that a column of a table has or had. */
export function eachName(
  visit: (table: TableName, name: string, column: ColumnSpec | OldColumn) => void,
): void {
  for (const name of TABLES) {
    const { columns, old = {} }: TableSpec = SCHEMA[name];
    for (const [today, column] of Object.entries(columns)) {
      for (const each of [today, ...column.before ?? []]) visit(name, each, column);
    }
    for (const [each, column] of Object.entries(old)) visit(name, each, column);
  }
}
