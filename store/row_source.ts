/**
 * Reading rows of Parsl's tables. A reader says which columns it needs, by the names of today, and
 * makes of their values what the model calls a row. A value that cannot be what its column means is
 * unknown; a row of which not even that is known what it is about cannot be read, and is null.
 */
import type { CellKind, NumberKind } from "../parsl/column.ts";
import { isAmount, isId } from "../parsl/readable.ts";
import { type AnyColumnName, columnNames, type KindOf, type TableName } from "../parsl/tables.ts";

declare const KIND: unique symbol;

/** Where a value of some kind stands among those that a {@link Selection} chooses. No other number is one. */
export type ColumnPlace<K extends CellKind = CellKind> = number & { readonly [KIND]: K };

/** A row whose values are asked for by their place in a selection; null is unknown. */
export interface RowSource {
  text(place: ColumnPlace): string | null;
  /** Finite. */
  number(place: ColumnPlace<NumberKind>): number | null;
  boolean(place: ColumnPlace<"boolean">): boolean | null;
  /** Naive ms, of the years 1 to 9999. */
  time(place: ColumnPlace<"time">): number | null;
}

/** A choice of columns of one table. */
export interface Selection {
  table: TableName;
  /** For each value the names that its column has had, newest first. */
  columns: readonly (readonly string[])[];
}

/** A column for each value that is wanted, by the value's name. */
type Wanted<T extends TableName> = Readonly<Record<string, AnyColumnName<T>>>;
type Places<T extends TableName, W extends Wanted<T>> = {
  readonly [Name in keyof W]: ColumnPlace<KindOf<T, W[Name]>>;
};

/** How rows of one kind are read. */
export interface RowReader<Row> extends Selection {
  /** The row that some values say; they are in the order of `columns`. */
  read(row: RowSource): Row;
}

/**
 * Makes a reader.
 *
 * @param wanted the columns by the names of their values
 * @param read makes the row; the place of each value is found at its name
 */
export function reader<T extends TableName, const W extends Wanted<T>, Row>(
  table: T,
  wanted: W,
  read: (row: RowSource, at: Places<T, W>) => Row,
): RowReader<Row> & { at: Places<T, W> } {
  const columns = Object.values(wanted).map((column) => columnNames(table, column));
  const at = Object.fromEntries(
    Object.keys(wanted).map((name, place) => [name, place]),
  ) as unknown as Places<T, W>;
  return { table, columns, at, read: (row) => read(row, at) };
}

/** An id, or a count. */
export function idAt(row: RowSource, place: ColumnPlace<NumberKind>): number | null {
  const value = row.number(place);
  return value !== null && isId(value) ? value : null;
}

/** The number of a try: 0 where there is none, as until 2020. */
export function tryAt(row: RowSource, place: ColumnPlace<"id">): number | null {
  const value = row.number(place);
  if (value === null) return row.text(place) === null ? 0 : null;
  return isId(value) ? value : null;
}

/** An amount of bytes, seconds and the like. */
export function amountAt(row: RowSource, place: ColumnPlace<NumberKind>): number | null {
  const value = row.number(place);
  return value !== null && isAmount(value) ? value : null;
}
