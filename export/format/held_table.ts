import type { TableBatch } from "../../store/database.ts";
import { CellColumn } from "./cell_column.ts";

/** The rows of a table as they come. */
export class HeldTable {
  readonly name: string;
  rows = 0;
  readonly columns: CellColumn[];

  constructor(name: string, columns: readonly string[]) {
    this.name = name;
    this.columns = columns.map((column) => new CellColumn(column));
  }

  /** Takes rows in. */
  add(batch: TableBatch): void {
    for (const row of batch.rows) {
      for (let i = 0; i < this.columns.length; i++) this.columns[i].add(row[i] ?? null);
    }
    this.rows += batch.rows.length;
  }
}
