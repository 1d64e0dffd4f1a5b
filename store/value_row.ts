/** RowValues of a row, in the order of a selection, to be decoded. */
import { booleanOf, numberOf, textOf } from "./cell.ts";
import type { Cell } from "../parsl/cell.ts";
import { timeOf } from "../parsl/naive_time.ts";
import type { ColumnPlace, RowSource } from "./row_source.ts";

/** A row as cells. */
export type RowValues = Cell[];

/** One row after the other, without an object for each. */
class ValueRow implements RowSource {
  values: RowValues = [];
  /** How far the naive clock is ahead of UTC, ms: for times that are seconds since 1970. */
  offset = 0;

  text(place: ColumnPlace): string | null {
    return textOf(this.values[place]);
  }

  number(place: ColumnPlace): number | null {
    return numberOf(this.values[place]);
  }

  boolean(place: ColumnPlace): boolean | null {
    return booleanOf(this.values[place]);
  }

  time(place: ColumnPlace): number | null {
    return timeOf(this.values[place], this.offset);
  }
}

const current = new ValueRow();

/**
 * The values as a row, until the next call.
 *
 * @param offset of the naive clock to UTC, ms: for times that are seconds since 1970
 */
export function rowOf(values: RowValues, offset = 0): RowSource {
  current.values = values;
  current.offset = offset;
  return current;
}
