/** Where the rows about a task are in the tables of a packed run. */
import { IdIndex } from "../../model/run/id_index.ts";
import { CODE, type PackedColumn } from "./column.ts";
import { numberAt } from "./column_row.ts";
import type { OpenedTable } from "./opened_table.ts";

/** Where tasks stand, by the column with their ids: tasks are in the order in which they came. */
const indexes = new WeakMap<PackedColumn, IdIndex>();
/** By column of ids: whether rows stand in their order. */
const sorted = new WeakMap<PackedColumn, boolean>();

/**
 * The rows of a task in a table whose ids are open; of table `task` the first. Tables other than that
 * are mostly in the order of the ids.
 */
export function rowsOfTask(
  tables: ReadonlyMap<string, OpenedTable>,
  name: string,
  taskId: number,
): number[] {
  const table = tables.get(name);
  const ids = table?.column("task_id");
  if (!table || !ids) return [];
  if (name === "task") {
    const row = indexOf(ids).get(taskId);
    return row === undefined ? [] : [row];
  }
  if (ids.kinds !== CODE.int) return looked(ids, taskId);
  if (!isSorted(ids)) return looked(ids, taskId);
  const found: number[] = [];
  let low = 0;
  let high = table.rows;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ids.values[middle] < taskId) low = middle + 1;
    else high = middle;
  }
  for (; low < table.rows && ids.values[low] === taskId; low++) found.push(low);
  return found;
}

function indexOf(ids: PackedColumn): IdIndex {
  const known = indexes.get(ids);
  if (known) return known;
  const index = new IdIndex();
  for (let row = 0; row < ids.rows; row++) {
    const id = numberAt(ids, row);
    if (id !== null && index.get(id) === undefined) index.set(id, row);
  }
  indexes.set(ids, index);
  return index;
}

/** The same by going through all rows. */
function looked(ids: PackedColumn, taskId: number): number[] {
  const found: number[] = [];
  for (let row = 0; row < ids.rows; row++) if (numberAt(ids, row) === taskId) found.push(row);
  return found;
}

function isSorted(ids: PackedColumn): boolean {
  let known = sorted.get(ids);
  if (known === undefined) {
    known = ids.values.every((id, row) => row === 0 || ids.values[row - 1] <= id);
    sorted.set(ids, known);
  }
  return known;
}
