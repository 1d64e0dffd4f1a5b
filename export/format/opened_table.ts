/** A packed table whose columns are opened when they are wanted. */
import type { PackedColumn } from "./column.ts";
import { ints, openColumn } from "./column_open.ts";
import type { ColumnHeader, TableHeader, TimesHeader } from "./header.ts";
import { type Inflate, PackedParts } from "./packed_parts.ts";
import type { TableLike, Tables } from "./references.ts";

/** One table of a packed run. */
export class OpenedTable implements TableLike {
  readonly name: string;
  readonly rows: number;
  readonly #failed: TableHeader["failed"];
  readonly #headers: Map<string, ColumnHeader>;
  readonly #columns = new Map<string, PackedColumn>();
  readonly #tables: Tables;
  readonly #parts: PackedParts;

  constructor(header: TableHeader, tables: Tables, inflate: Inflate) {
    this.name = header.name;
    this.rows = header.rows;
    this.#failed = header.failed;
    this.#headers = new Map(header.columns.map((column) => [column.name, column]));
    this.#tables = tables;
    this.#parts = new PackedParts(header.parts, inflate);
    tables.set(header.name, this);
  }

  /** Names of all columns. */
  get columns(): string[] {
    return [...this.#headers.keys()];
  }

  has(name: string): boolean {
    return this.#headers.has(name);
  }

  column(name: string): PackedColumn | null {
    return this.#columns.get(name) ?? null;
  }

  /** All rows, those that failed first, as the database had them; null for the order as it is. */
  async order(): Promise<Uint32Array | null> {
    if (!this.#failed) return null;
    const { n, rows } = this.#failed;
    const first = ints(rows, n, await this.#parts.fetch(this.#failed));
    const order = new Uint32Array(this.rows);
    order.set(first);
    const known = new Uint8Array(this.rows);
    for (const row of first) known[row] = 1;
    for (let row = 0, next = n; row < this.rows; row++) if (!known[row]) order[next++] = row;
    return order;
  }

  /** Opens a column, and what it refers to; those that are not there are passed over. */
  async open(name: string): Promise<PackedColumn | null> {
    const header = this.#headers.get(name);
    const known = this.#columns.get(name);
    if (known || !header) return known ?? null;
    for (const [table, column] of this.#needed(header)) {
      const other = this.#tables.get(table);
      if (other instanceof OpenedTable) await other.open(column);
    }
    const fetch = await this.#parts.fetch(header);
    const column = openColumn(this.name, header, this.rows, this.#tables, fetch);
    this.#columns.set(name, column);
    return column;
  }

  #needed(header: ColumnHeader): [table: string, column: string][] {
    const needed: [string, string][] = [];
    if (header.list) needed.push([this.name, "task_id"]);
    if (!header.time) return needed;
    const { by, groups } = header.time;
    if (by) needed.push([this.name, by]);
    for (const { ref } of groups) if (ref) needed.push(...this.#columnsOf(ref));
    return needed;
  }

  #columnsOf(ref: NonNullable<TimesHeader["groups"][number]["ref"]>): [string, string][] {
    const keys: [string, string][] = [[this.name, "task_id"], [this.name, "try_id"]];
    if ("after" in ref) {
      const others = ["task_id", ref.after, ref.depends, ref.returned];
      return [...keys, ...others.map((name): [string, string] => ["task", name])];
    }
    if (ref.table === this.name) return [[this.name, ref.column]];
    const others = ["task_id", "try_id", ref.column];
    return [...keys, ...others.map((name): [string, string] => [ref.table, name])];
  }
}
