/** Makes a column of gathered cells. */
import type { CellColumn } from "./cell_column.ts";
import { CODE, kindAt, type Lists, type PackedColumn } from "./column.ts";
import type { IntLists } from "./lists.ts";

/** The cells of a column in an order. */
export function gathered(held: CellColumn, order: Uint32Array | null, unit: number): PackedColumn {
  const rows = held.length;
  const values = held.isNarrow ? new Int32Array(rows) : new Float64Array(rows);
  const kinds = held.kind === null ? new Uint8Array(rows) : held.kind;
  for (const chunk of held.chunks()) {
    values.set(chunk.values, chunk.from);
    if (typeof kinds === "number") continue;
    if (typeof chunk.kinds === "number") {
      kinds.fill(chunk.kinds, chunk.from, chunk.from + chunk.values.length);
    } else kinds.set(chunk.kinds, chunk.from);
  }
  const taken = order ? pick(values, order) : values;
  const takenKinds = order && typeof kinds !== "number" ? pick(kinds, order) : kinds;
  if (unit > 1 && !held.isNarrow) {
    for (let i = 0; i < taken.length; i++) {
      const kind = typeof takenKinds === "number" ? takenKinds : takenKinds[i];
      if (kind === CODE.time) taken[i] = Math.ceil(taken[i] / unit) * unit;
    }
  }
  const column: PackedColumn = {
    name: held.name,
    rows: taken.length,
    kinds: takenKinds,
    values: taken,
    words: held.words,
    lists: null,
  };
  if (held.lists && held.lists.length > 0) column.lists = listsOf(column, held.lists);
  return column;
}

function listsOf(column: PackedColumn, { items, starts }: IntLists): Lists {
  const ends = new Int32Array(column.rows + 1);
  const taken = new Int32Array(items.length);
  let used = 0;
  for (let row = 0; row < column.rows; row++) {
    if (kindAt(column, row) === CODE.list) {
      const list = column.values[row];
      const own = items.data.subarray(starts.data[list], starts.data[list + 1]);
      taken.set(own, used);
      used += own.length;
    }
    ends[row + 1] = used;
  }
  return { starts: ends, items: taken.subarray(0, used) };
}

function pick<T extends Int32Array | Float64Array | Uint8Array>(values: T, order: Uint32Array): T {
  const out = values.slice(0, order.length) as T;
  for (let i = 0; i < order.length; i++) out[i] = values[order[i]];
  return out;
}
