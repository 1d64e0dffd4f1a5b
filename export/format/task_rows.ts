/** The rows of single tasks in packed tables. */
import { IdIndex } from "../../model/id_index.ts";
import type { TaskDetail } from "../../model/try_table.ts";
import { toDetails, toTry } from "../../store/row_source.ts";
import { CODE, type Column } from "./column.ts";
import { ColumnRow } from "./column_row.ts";
import type { OpenedTable } from "./opened_table.ts";

/** Where tasks stand, by the column with their ids: tasks are in the order in which they came. */
const indexes = new WeakMap<Column, IdIndex>();

/** The rows of a task in a table whose ids are open: of tasks the first. */
export function rowsOfTask(table: OpenedTable, taskId: number): number[] {
  const ids = table.column("task_id");
  if (!ids) return [];
  if (table.name === "task") {
    const row = indexOf(ids).get(taskId);
    return row === undefined ? [] : [row];
  }
  const found: number[] = [];
  if (ids.kinds !== CODE.int) {
    const source = new ColumnRow([ids]);
    for (source.row = 0; source.row < table.rows; source.row++) {
      if (source.number(0) === taskId) found.push(source.row);
    }
    return found;
  }
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

function indexOf(ids: Column): IdIndex {
  const known = indexes.get(ids);
  if (known) return known;
  const index = new IdIndex();
  const source = new ColumnRow([ids]);
  for (source.row = 0; source.row < ids.rows; source.row++) {
    const id = source.number(0);
    if (id !== null && index.get(id) === undefined) index.set(id, source.row);
  }
  indexes.set(ids, index);
  return index;
}

/**
 * One task with its long texts and its tries; null without an id.
 *
 * @param texts rows of the selection `text`, of which it is the one at `row`
 * @param tries rows of the selection `try`, of which its own are `attempts`
 * @param wanted the numbers of the tries that are given
 */
export function detailsAt(
  texts: ColumnRow,
  row: number,
  tries: ColumnRow | undefined,
  attempts: readonly number[],
  wanted: ReadonlySet<number>,
): TaskDetail | null {
  texts.row = row;
  const details = toDetails(texts);
  if (!details || !tries) return details;
  for (tries.row of attempts) {
    const attempt = toTry(tries);
    if (wanted.has(attempt.tryId)) details.tries.push(attempt);
  }
  return details;
}
