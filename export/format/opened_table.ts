/** A packed table whose columns are opened when they are wanted. */
import type { PackedColumn } from "./column.ts";
import { openColumn } from "./column_open.ts";
import type { ColumnHeader, TableHeader, TimesHeader } from "./header.ts";
import { ints } from "./opening.ts";
import { type Inflate, PackedParts, placesOf } from "./packed_parts.ts";
import type { TableLike, Tables } from "./references.ts";
import { Room } from "./room.ts";

/** So many rows may be the same in all columns, which takes no bytes. */
const EQUAL_ROWS = 2000;

/** One table of a packed run. */
export class OpenedTable implements TableLike {
  readonly name: string;
  readonly rows: number;
  readonly #failed: TableHeader["failed"];
  readonly #headers: Map<string, ColumnHeader>;
  readonly #columns = new Map<string, PackedColumn>();
  readonly #tables: Tables;
  readonly #parts: PackedParts;
  readonly #room: Room;

  /** @throws {Error} when it claims rows that its bytes cannot hold */
  constructor(header: TableHeader, tables: Tables, inflate: Inflate, room: Room = new Room()) {
    requireBytes(header);
    this.name = header.name;
    this.rows = header.rows;
    this.#failed = header.failed;
    this.#headers = new Map(header.columns.map((column) => [column.name, column]));
    this.#tables = tables;
    this.#parts = new PackedParts(header, inflate, room);
    this.#room = room;
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
    const opening = { fetch: await this.#parts.fetch(this.#failed), room: this.#room };
    const first = ints(rows, n, opening);
    this.#room.take(this.rows * 5);
    const known = new Uint8Array(this.rows);
    for (const row of first) {
      if (known[row] !== 0) throw new Error(`the failed rows of ${this.name} are not its own`);
      known[row] = 1;
    }
    const order = new Uint32Array(this.rows);
    order.set(first);
    for (let row = 0, next = n; row < this.rows; row++) if (!known[row]) order[next++] = row;
    return order;
  }

  /** Opens a column, and what it refers to; those that are not there are passed over. */
  open(name: string): Promise<PackedColumn | null> {
    return this.#open(name, new Set());
  }

  /** @param before the headers of the columns that it is opened for */
  async #open(name: string, before: ReadonlySet<ColumnHeader>): Promise<PackedColumn | null> {
    const header = this.#headers.get(name);
    const known = this.#columns.get(name);
    if (known || !header) return known ?? null;
    if (before.has(header)) throw new Error(`column ${name} of ${this.name} refers to itself`);
    const chain = new Set(before).add(header);
    for (const [table, column] of this.#needed(header)) {
      const other = this.#tables.get(table);
      if (other instanceof OpenedTable) await other.#open(column, chain);
    }
    const opening = { fetch: await this.#parts.fetch(header), room: this.#room };
    const column = openColumn(this.name, header, this.rows, this.#tables, opening);
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

/** Rows that differ take a byte each at least, in one column at least. */
function requireBytes({ name, rows, columns }: TableHeader): void {
  if (rows <= EQUAL_ROWS) return;
  const bytes = Math.max(
    0,
    ...columns.map((column) => placesOf(column).reduce((sum, [, , length]) => sum + length, 0)),
  );
  if (rows > EQUAL_ROWS + bytes) {
    throw new Error(`table ${name} claims ${rows} rows, and has bytes for ${bytes} at most`);
  }
}

/** Some columns of a table, one after the other; null for none. */
export async function openAll(
  table: OpenedTable,
  names: readonly (string | undefined)[],
): Promise<(PackedColumn | null)[]> {
  const opened: (PackedColumn | null)[] = [];
  for (const name of names) opened.push(name === undefined ? null : await table.open(name));
  return opened;
}
