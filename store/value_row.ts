/** Values of a row, in the order of `COLUMNS`, to be decoded. */
import { booleanOf, numberOf, textOf } from "./cell.ts";
import type { Cell } from "./database.ts";
import { parseNaiveTime } from "./naive_time.ts";
import type { RowSource } from "./row_source.ts";

/** A row as cells. */
export type Values = Cell[];

/** One row after the other, without an object for each. */
class ValueRow implements RowSource {
  values: Values = [];

  text(place: number): string | null {
    return textOf(this.values[place]);
  }

  number(place: number): number | null {
    return numberOf(this.values[place]);
  }

  boolean(place: number): boolean | null {
    return booleanOf(this.values[place]);
  }

  time(place: number): number | null {
    const value = this.values[place];
    return parseNaiveTime(typeof value === "bigint" ? Number(value) : value);
  }
}

const current = new ValueRow();

/** The values as a row, until the next call. */
export function rowOf(values: Values): RowSource {
  current.values = values;
  return current;
}
