import { booleanOf, numberOf, textOf } from "../../store/cell.ts";
import { timeOf } from "../../parsl/naive_time.ts";
import type { RowSource } from "../../store/row_source.ts";
import { cellAt, CODE, type Column, kindAt } from "./column.ts";
import { microsToMs } from "./micros.ts";

/** One row after the other of some columns, without an object for each. */
export class ColumnRow implements RowSource {
  row = 0;
  /** How far the naive clock is ahead of UTC, ms: for times that are seconds since 1970. */
  offset = 0;
  readonly #columns: readonly (Column | null)[];

  /** @param columns in the order of `COLUMNS`; null for those that the file lacks */
  constructor(columns: readonly (Column | null)[]) {
    this.#columns = columns;
  }

  text(place: number): string | null {
    const column = this.#columns[place];
    if (!column) return null;
    if (kindAt(column, this.row) === CODE.text) {
      return column.words.at(column.values[this.row]) ?? null;
    }
    return textOf(cellAt(column, this.row));
  }

  number(place: number): number | null {
    const column = this.#columns[place];
    if (!column) return null;
    const kind = kindAt(column, this.row);
    const value = column.values[this.row];
    if (kind === CODE.int) return value;
    if (kind === CODE.real) return Number.isFinite(value) ? value : null;
    return kind === CODE.null ? null : numberOf(cellAt(column, this.row));
  }

  boolean(place: number): boolean | null {
    const column = this.#columns[place];
    return column ? booleanOf(cellAt(column, this.row)) : null;
  }

  time(place: number): number | null {
    const column = this.#columns[place];
    if (!column) return null;
    const kind = kindAt(column, this.row);
    if (kind === CODE.time) return microsToMs(column.values[this.row]);
    return kind === CODE.null ? null : timeOf(cellAt(column, this.row), this.offset);
  }
}
