/** The texts of single tasks in packed tables. */
import type { TaskDetail } from "../../model/tasks/try_table.ts";
import { tryRows } from "../../store/readers.ts";
import { detailRows } from "../../store/task_readers.ts";
import { ColumnRow } from "./column_row.ts";

/**
 * One task with its long texts and its tries; null without an id.
 *
 * @param texts rows as `detailRows` reads them, of which it is the one at `row`
 * @param tries rows as `tryRows` reads them, of which its own are `attempts`
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
  const details = detailRows.read(texts);
  if (!details || !tries) return details;
  for (tries.row of attempts) {
    const attempt = tryRows.read(tries);
    if (attempt && wanted.has(attempt.tryId)) details.tries.push(attempt);
  }
  return details;
}
