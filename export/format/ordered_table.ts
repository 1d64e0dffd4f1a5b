import { stateRank } from "../../parsl/states.ts";
import type { ColumnName, TableName } from "../../parsl/tables.ts";
import { CODE, kindAt, type PackedColumn } from "./column.ts";
import { gathered } from "./gather_column.ts";
import type { HeldTable } from "./held_table.ts";
import type { Pace } from "./pace.ts";
import type { TableLike } from "./references.ts";
import { orderBy } from "./row_order.ts";

/**
 * Tables whose rows are put in order, and the integer columns that they are put in order by. This is
 * how version 1 is packed; rows of other tables stay as they came.
 */
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  try: ["task_id", "try_id"],
  status: ["task_id", "try_id"],
  resource: ["task_id", "try_id"],
  parsloscope_try_totals: ["task_id", "try_id"],
  parsloscope_traceback: ["task_id", "try_id"],
  parsloscope_request: ["task_id", "try_id"],
} satisfies { [T in TableName]?: readonly ColumnName<T>[] };

/** A held table with its rows in order; columns are made when they are asked for. */
export class OrderedTable implements TableLike {
  readonly name: string;
  readonly rows: number;
  readonly #held: HeldTable;
  readonly #order: Uint32Array | null;
  readonly #unit: number;
  readonly #columns = new Map<string, PackedColumn>();

  private constructor(held: HeldTable, order: Uint32Array | null, unit: number) {
    this.name = held.name;
    this.rows = order?.length ?? held.rows;
    this.#unit = unit;
    this.#held = held;
    this.#order = order;
  }

  /**
   * @param unit µs to whose multiples times are rounded up
   * @param chosen the rows to take, in their order; all unless given
   */
  static async of(
    held: HeldTable,
    pace: Pace,
    unit = 1,
    chosen: Uint32Array | null = null,
  ): Promise<OrderedTable> {
    const plain = new OrderedTable(held, chosen, unit);
    if (chosen) return plain;
    // Until 2020 tries had no numbers.
    const keys = (ORDERS[held.name] ?? []).filter((name) => plain.columns.includes(name))
      .map((name) => plain.column(name));
    if (keys.length === 0 || keys.some((key) => key?.kinds !== CODE.int)) return plain;
    const state = held.name === "status" ? plain.column("task_status_name") : null;
    const ranks = held.columns.find(({ name }) => name === "task_status_name")?.words.map(
      stateRank,
    );
    const numbers: ArrayLike<number>[] = keys.map((key) => key!.values);
    if (state && ranks && state.kinds === CODE.text) {
      const { values } = state;
      const rankOf = new Uint8Array(values.length);
      for (let row = 0; row < values.length; row++) rankOf[row] = ranks[values[row]];
      numbers.push(rankOf);
    }
    const time = held.name === "resource" ? plain.column("timestamp") : null;
    if (time?.kinds === CODE.time) numbers.push(time.values);
    return new OrderedTable(held, await orderBy(numbers, held.rows, pace), unit);
  }

  get columns(): string[] {
    return this.#held.columns.map(({ name }) => name);
  }

  /** Rows with a fail history, in the order in which they came; null when all rows are in it. */
  failed(): Int32Array | null {
    const order = this.#order;
    const history = order && this.column("task_fail_history");
    if (!order || !history || this.name !== "try") return null;
    const rows: number[] = [];
    for (let row = 0; row < this.rows; row++) {
      if (kindAt(history, row) === CODE.text && history.words.at(history.values[row]) !== "") {
        rows.push(row);
      }
    }
    return Int32Array.from(rows.sort((a, b) => order[a] - order[b]));
  }

  column(name: string): PackedColumn | null {
    const known = this.#columns.get(name);
    if (known) return known;
    const held = this.#held.columns.find((column) => column.name === name);
    if (!held) return null;
    const column = gathered(held, this.#order, this.#unit);
    this.#columns.set(name, column);
    return column;
  }

  /** Gives back the memory of a column. */
  forget(name: string): void {
    this.#columns.delete(name);
  }
}
