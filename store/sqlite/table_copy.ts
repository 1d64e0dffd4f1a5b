/** A new database that takes the rows of another's tables. */
import { DatabaseSync } from "node:sqlite";
import { setImmediate as turn } from "node:timers/promises";
import type { TableBatch } from "../database.ts";
import { CopiedTable } from "./copied_table.ts";
import { createTable, OWN_INDEXES, PARSL_INDEX, PARSL_TABLES } from "./ddl.ts";
import { messageOf } from "../../errors.ts";

/** The database while its tables are filled. */
export class TableCopy {
  readonly #connection: DatabaseSync;
  readonly #tables = new Map<string, CopiedTable>();

  /** @param path of a file that is not there; it is of use when {@link finish} was called. */
  constructor(path: string) {
    this.#connection = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    this.#connection.exec("PRAGMA journal_mode = memory; PRAGMA synchronous = off");
    this.#connection.exec("PRAGMA cache_size = -32768");
  }

  /** Rows by table. */
  get rows(): Map<string, number> {
    return new Map([...this.#tables].map(([name, { rows }]) => [name, rows]));
  }

  add({ table, columns, rows }: TableBatch): void {
    let copied = this.#tables.get(table);
    if (!copied) {
      copied = new CopiedTable(this.#connection, table, columns);
      this.#tables.set(table, copied);
    }
    copied.add(rows);
  }

  /** Adds the tables of Parsl that had no rows, and indexes, and sees to it that all is on the disk. */
  async finish(): Promise<void> {
    this.#connection.exec("PRAGMA synchronous = full; BEGIN");
    for (const table of PARSL_TABLES) {
      if (!this.#tables.has(table.name)) this.#connection.exec(createTable(table));
    }
    for (const table of this.#tables.values()) table.finish();
    for (const sql of [PARSL_INDEX.sql, ...OWN_INDEXES]) {
      this.#addIndex(sql);
      // Signals come in between: an index takes seconds.
      await turn();
    }
    this.#connection.exec("COMMIT");
  }

  close(): void {
    this.#connection.close();
  }

  /** Tables of older releases of Parsl lack columns that indexes are on. */
  #addIndex(sql: string): void {
    try {
      this.#connection.exec(sql);
    } catch (error) {
      if (!/no such column|has no column/.test(messageOf(error))) throw error;
    }
  }
}
