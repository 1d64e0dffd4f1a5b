import { booleanOf, numberOf, textOf } from "../../store/cell.ts";
import { timeOf } from "../../parsl/naive_time.ts";
import type { ColumnPlace, RowSource } from "../../store/row_source.ts";
import { CODE, kindAt, packedCellAt, type PackedColumn } from "./column.ts";
import { microsToMs } from "./micros.ts";

/** One row after the other of some columns, without an object for each. */
export class ColumnRow implements RowSource {
  row = 0;
  /** How far the naive clock is ahead of UTC, ms: for times that are seconds since 1970. */
  offset = 0;
  readonly #columns: readonly (PackedColumn | null)[];

  /** @param columns in the order of a selection; null for those that the file lacks */
  constructor(columns: readonly (PackedColumn | null)[]) {
    this.#columns = columns;
  }

  text(place: ColumnPlace): string | null {
    const column = this.#columns[place];
    return column ? textAt(column, this.row) : null;
  }

  number(place: ColumnPlace): number | null {
    const column = this.#columns[place];
    return column ? numberAt(column, this.row) : null;
  }

  boolean(place: ColumnPlace): boolean | null {
    const column = this.#columns[place];
    return column ? booleanOf(packedCellAt(column, this.row)) : null;
  }

  time(place: ColumnPlace): number | null {
    const column = this.#columns[place];
    if (!column) return null;
    const kind = kindAt(column, this.row);
    if (kind === CODE.time) return microsToMs(column.values[this.row]);
    return kind === CODE.null ? null : timeOf(packedCellAt(column, this.row), this.offset);
  }
}

/** A cell as text; null for none. */
export function textAt(column: PackedColumn, row: number): string | null {
  if (kindAt(column, row) === CODE.text) return column.words.at(column.values[row]) ?? null;
  return textOf(packedCellAt(column, row));
}

/** A cell as a finite number; null when it is none. */
export function numberAt(column: PackedColumn, row: number): number | null {
  const kind = kindAt(column, row);
  const value = column.values[row];
  if (kind === CODE.int) return value;
  if (kind === CODE.real) return Number.isFinite(value) ? value : null;
  return kind === CODE.null ? null : numberOf(packedCellAt(column, row));
}
