/** Which rows of a column are times, and by what group. */
import { CODE, kindAt, type PackedColumn } from "./column.ts";

/**
 * The rows with a time, group by group: rows of the same word of `by` are one, and so are all rows
 * without a word. Groups stand in the order of their first rows.
 */
export function groupsOf(column: PackedColumn, by: PackedColumn | null): Uint32Array[] {
  const numbers = new Map<number, number>();
  const counts: number[] = [];
  const groups = new Uint32Array(by ? column.rows : 0);
  for (let row = 0; row < column.rows; row++) {
    if (kindAt(column, row) !== CODE.time) continue;
    const word = by && kindAt(by, row) === CODE.text ? by.values[row] : -1;
    let group = numbers.get(word);
    if (group === undefined) {
      group = numbers.size;
      numbers.set(word, group);
      counts.push(0);
    }
    if (by) groups[row] = group;
    counts[group]++;
  }
  const rows = counts.map((count) => new Uint32Array(count));
  const used = rows.map(() => 0);
  for (let row = 0; row < column.rows; row++) {
    if (kindAt(column, row) !== CODE.time) continue;
    const group = by ? groups[row] : 0;
    rows[group][used[group]++] = row;
  }
  return rows;
}
