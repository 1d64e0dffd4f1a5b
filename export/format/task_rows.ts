/** The texts of single tasks in packed tables, and what our client told of them. */
import type { TaskDetail } from "../../model/tasks/try_table.ts";
import type { TaskRecord } from "../../store/database.ts";
import type { TableName } from "../../parsl/tables.ts";
import { requestRows, totalsRows, tracebackRows } from "../../store/own_readers.ts";
import { tryRows } from "../../store/readers.ts";
import type { RowReader } from "../../store/row_source.ts";
import { detailRows } from "../../store/task_readers.ts";
import { ColumnRow } from "./column_row.ts";

/**
 * One task with its long texts and its tries; null without an id.
 *
 * @param texts rows as `detailRows` reads them, of which it is the one at `row`
 * @param tries rows as `tryRows` reads them, and as `totalsRows` reads them
 * @param places where the rows of the task are in a table
 * @param wanted the numbers of the tries that are given
 */
export function detailsAt(
  texts: ColumnRow,
  row: number,
  { tries, totals }: Record<"tries" | "totals", ColumnRow | undefined>,
  places: (table: TableName) => readonly number[],
  wanted: ReadonlySet<number>,
): TaskDetail | null {
  texts.row = row;
  const details = detailRows.read(texts);
  if (!details || !tries) return details;
  const read = <Row extends { tryId: number }>(
    source: ColumnRow,
    reader: RowReader<Row | null>,
    into: Row[],
  ) => {
    for (source.row of places(reader.table)) {
      const row = reader.read(source);
      if (row && wanted.has(row.tryId)) into.push(row);
    }
  };
  read(tries, tryRows, details.tries);
  if (totals) read(totals, totalsRows, details.totals);
  return details;
}

/** Rows of tries in the order of their numbers. */
export function byTry<Row extends { tryId: number }>(rows: Row[]): Row[] {
  return rows.sort((a, b) => a.tryId - b.tryId);
}

/** What our client told of a task, by what reads all rows of a task. */
export async function ownRows(
  all: <Row>(reader: RowReader<Row | null>) => Promise<Row[]>,
): Promise<Pick<TaskRecord, "totals" | "tracebacks" | "requests">> {
  return {
    totals: byTry(await all(totalsRows)),
    tracebacks: byTry(await all(tracebackRows)),
    requests: byTry(await all(requestRows)),
  };
}
