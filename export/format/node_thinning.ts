import { Fleet } from "../../model/run/fleet.ts";
import type { NodeRow } from "../../model/run/rows.ts";
import type { TableBatch } from "../../store/database.ts";
import { nodeRows } from "../../store/readers.ts";
import { batchRows } from "./batch_rows.ts";

/** Which reports of managers a run keeps: not those between two that say the same. */
export class NodeThinning {
  readonly #fleet = new Fleet();
  readonly #places = new WeakMap<NodeRow, number>();
  readonly #unreadable: number[] = [];
  #rows = 0;

  /** Takes rows of the table `node` in. */
  add(batch: TableBatch): void {
    for (const source of batchRows(batch, nodeRows)) {
      const row = nodeRows.read(source);
      const place = this.#rows++;
      if (!row) {
        this.#unreadable.push(place);
        continue;
      }
      this.#places.set(row, place);
      this.#fleet.addNode(row);
    }
  }

  /** Places of the rows to keep, in the order in which a run has them. */
  kept(): Uint32Array {
    const read = this.#fleet.nodes.map((row) => this.#places.get(row)!);
    return Uint32Array.from([...read, ...this.#unreadable]);
  }
}
