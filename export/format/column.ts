import type { Cell } from "../../parsl/cell.ts";
import { PACKED_KINDS, type PackedKind } from "./header.ts";
import { microsText } from "../../parsl/naive_time.ts";
import type { Words } from "./words.ts";

/** The number that stands for each kind of cell. */
export const CODE = Object.fromEntries(PACKED_KINDS.map((kind, code) => [kind, code])) as Record<
  PackedKind,
  number
>;

/** Lists of integers by row: those of row i are `items[starts[i]]` to before `items[starts[i + 1]]`. */
export interface Lists {
  starts: Int32Array;
  items: Int32Array;
}

/** The cells of a column in the order of the packed table's rows. */
export interface PackedColumn {
  name: string;
  rows: number;
  /** One code for all rows, or one each. */
  kinds: number | Uint8Array;
  /** Integers, floats, µs of times; indexes into `words` of all other cells but lists. */
  values: Int32Array | Float64Array;
  words: Words;
  lists: Lists | null;
}

/** The kind of a cell, as a code. */
export function kindAt({ kinds }: PackedColumn, row: number): number {
  return typeof kinds === "number" ? kinds : kinds[row];
}

/** A cell as the database has it. */
export function packedCellAt(column: PackedColumn, row: number): Cell {
  const value = column.values[row];
  switch (PACKED_KINDS[kindAt(column, row)]) {
    case "int":
      return BigInt(value);
    case "real":
      return value;
    case "text":
      return wordAt(column, value);
    case "time":
      return microsText(value);
    case "list":
      return listAt(column, row).join(",");
    case "big":
      return BigInt(wordAt(column, value));
    case "blob":
      return bytesOf(wordAt(column, value));
    default:
      return null;
  }
}

function wordAt({ name, words }: PackedColumn, index: number): string {
  const word = words.at(index);
  if (word === undefined) throw new Error(`a cell of column ${name} has no text`);
  return word;
}

/** The integers of a cell that is a list; none of any other. */
export function listAt({ lists }: PackedColumn, row: number): Int32Array {
  return lists ? lists.items.subarray(lists.starts[row], lists.starts[row + 1]) : NONE;
}

const NONE = new Int32Array(0);

function bytesOf(digits: string): Uint8Array {
  return Uint8Array.from(
    { length: digits.length / 2 },
    (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}
