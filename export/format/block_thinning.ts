import type { BlockRow } from "../../model/run/rows.ts";
import type { TableBatch } from "../../store/database.ts";
import { blockRows } from "../../store/readers.ts";
import { batchRows } from "./batch_rows.ts";

/**
 * Which rows about blocks a run keeps: of rows in a row that say the same of a block, the first and
 * the last. A run folds these to the same blocks as all of them; where rows came out of order, it
 * might not, so then all are kept.
 */
export class BlockThinning {
  /** Per block: the last row, where its place stands, and whether the one before said the same. */
  readonly #last = new Map<string, { row: BlockRow; at: number; repeats: boolean }>();
  readonly #places: number[] = [];
  #rows = 0;
  #inOrder = true;

  /** Takes rows of the table `block` in. */
  add(batch: TableBatch): void {
    for (const source of batchRows(batch, blockRows)) {
      const row = blockRows.read(source);
      const place = this.#rows++;
      const key = JSON.stringify([row.executor, row.blockId]);
      const last = this.#last.get(key);
      if (last && !(Number(row.time) >= Number(last.row.time))) this.#inOrder = false;
      if (!last || !saysTheSame(last.row, row)) {
        this.#last.set(key, { row, at: this.#places.push(place) - 1, repeats: false });
      } else if (last.repeats) {
        last.row = row;
        this.#places[last.at] = place;
      } else {
        this.#last.set(key, { row, at: this.#places.push(place) - 1, repeats: true });
      }
    }
  }

  /** How many rows there were. */
  get rows(): number {
    return this.#rows;
  }

  /** Places of the rows to keep, in the order in which the table has them. */
  kept(): Uint32Array {
    if (!this.#inOrder) return Uint32Array.from({ length: this.#rows }, (_, place) => place);
    return Uint32Array.from(this.#places).sort();
  }
}

/** Whether a row repeats the one before it of its block, later. */
function saysTheSame(a: BlockRow, b: BlockRow): boolean {
  return a.time !== null && b.time !== null && a.status === b.status && a.jobId === b.jobId;
}
