/** The texts of single tasks in packed tables. */
import type { TaskDetail } from "../../model/tasks/try_table.ts";
import { toDetails, toTry } from "../../store/row_source.ts";
import { ColumnRow } from "./column_row.ts";

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
    if (attempt && wanted.has(attempt.tryId)) details.tries.push(attempt);
  }
  return details;
}
