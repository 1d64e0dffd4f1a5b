/** Makes the file: Parsl's tables, and rows put in many at a time. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { createTable, PARSL_INDEX, PARSL_TABLES } from "../../store/sqlite/ddl.ts";
import type { WrittenCell } from "../../store/writer.ts";

const ROWS_PER_STATEMENT = 64;
const ROWS_PER_TRANSACTION = 50_000;

/** A table that rows are appended to. */
class Table {
  readonly #name: string;
  readonly #width: number;
  readonly #many: StatementSync;
  readonly #database: DatabaseSync;
  #cells: WrittenCell[] = [];

  constructor(database: DatabaseSync, name: string, width: number) {
    this.#name = name;
    this.#width = width;
    this.#database = database;
    this.#many = this.#insert(ROWS_PER_STATEMENT);
  }

  /** Appends a row; it may be written later. */
  add(row: readonly WrittenCell[]): void {
    if (row.length !== this.#width) {
      throw new Error(`a row of ${this.#name} has ${row.length} cells`);
    }
    for (let n = 0; n < row.length; n++) this.#cells.push(row[n]);
    if (this.#cells.length < ROWS_PER_STATEMENT * this.#width) return;
    this.#many.run(...this.#cells);
    this.#cells.length = 0;
  }

  flush(): void {
    if (this.#cells.length === 0) return;
    this.#insert(this.#cells.length / this.#width).run(...this.#cells);
    this.#cells.length = 0;
  }

  #insert(rows: number): StatementSync {
    const row = `(${Array(this.#width).fill("?").join(",")})`;
    const values = Array(rows).fill(row).join(",");
    return this.#database.prepare(`INSERT INTO ${this.#name} VALUES ${values}`);
  }
}

/** A new monitoring database as Parsl makes it, filled in the order of time. */
export class NewDatabase {
  readonly #connection: DatabaseSync;
  readonly #tables = new Map<string, Table>();
  readonly #counts = new Map<string, number>();
  #uncommitted = 0;

  /** @throws {Error} when the file is there already */
  constructor(path: string) {
    Deno.openSync(path, { write: true, createNew: true }).close();
    const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    this.#connection = database;
    // A file that is not finished is of no use: nothing has to survive a crash.
    database.exec("PRAGMA journal_mode = off; PRAGMA synchronous = off");
    database.exec("PRAGMA locking_mode = exclusive; PRAGMA cache_size = -400000; BEGIN");
    for (const table of PARSL_TABLES) {
      database.exec(createTable(table));
      this.#tables.set(table.name, new Table(database, table.name, table.columns.length));
      this.#counts.set(table.name, 0);
    }
    database.exec(PARSL_INDEX.sql);
  }

  /**
   * Appends a row, its cells in the order of Parsl's columns.
   *
   * @throws {RangeError} when Parsl has no such table
   */
  add(table: string, row: readonly WrittenCell[]): void {
    const target = this.#tables.get(table);
    if (target === undefined) throw new RangeError(`there is no table ${table}`);
    target.add(row);
    this.#counts.set(table, this.count(table) + 1);
    if (++this.#uncommitted >= ROWS_PER_TRANSACTION) {
      this.#connection.exec("COMMIT; BEGIN");
      this.#uncommitted = 0;
    }
  }

  /** Rows of a table so far. */
  count(table: string): number {
    return this.#counts.get(table) ?? 0;
  }

  close(): void {
    for (const table of this.#tables.values()) table.flush();
    this.#connection.exec("COMMIT");
    this.#connection.close();
  }
}
