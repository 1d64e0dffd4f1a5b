/** Rows of raw tables, decoded as they come. */
import type { TableBatch } from "../../store/database.ts";
import type { Cell } from "../../parsl/cell.ts";
import type { RowSource, Selection } from "../../store/row_source.ts";
import { rowOf } from "../../store/value_row.ts";

/**
 * The rows of a batch in turn, each good until the next.
 *
 * @param offset of the naive clock to UTC, ms: for times that are seconds since 1970
 */
export function* batchRows(
  batch: TableBatch,
  { columns }: Selection,
  offset = 0,
): Iterable<RowSource> {
  const places = columns.map((names) => {
    const name = names.find((candidate) => batch.columns.includes(candidate));
    return name === undefined ? -1 : batch.columns.indexOf(name);
  });
  const values: Cell[] = places.map(() => null);
  for (const row of batch.rows) {
    for (let i = 0; i < places.length; i++) values[i] = places[i] < 0 ? null : row[places[i]];
    yield rowOf(values, offset);
  }
}
