import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Cell } from "../../parsl/cell.ts";
import { keeps } from "./affinity.ts";
import { columnNamed } from "../../parsl/tables.ts";
import { createTable, PARSL_TABLES, TOLD_TABLES } from "./ddl.ts";
import { isRefusal } from "./writer_errors.ts";

interface Column {
  /** As it stands in a statement. */
  name: string;
  type: string;
  required: boolean;
}

/** The name of a table while it takes the place of another. */
const MAKING = "parsloscope_making";
const KEY = /^PRIMARY KEY \((.*)\)$/;
/** SQLite's extended result code of a null where there must be none. */
const NOT_NULL = 1299;

/**
 * A table of a database that is being made, which takes rows as they are. It is declared as Parsl, or
 * a hub, declares it, with those columns that the rows have; where that would refuse or change a value, what
 * is in the way is dropped from the declaration.
 */
export class CopiedTable {
  /** Rows in the table. */
  rows = 0;
  readonly #connection: DatabaseSync;
  readonly #name: string;
  #columns: Column[];
  #constraints: string[];
  /** Columns of a key that had to go: they get an index that does the same for who reads. */
  #lostKey: string | null = null;
  #insert: StatementSync;

  /** Creates the table. */
  constructor(connection: DatabaseSync, name: string, columns: readonly string[]) {
    const table = [...PARSL_TABLES, ...TOLD_TABLES].find((known) => known.name === name);
    this.#connection = connection;
    this.#name = table ? name : quoted(name);
    this.#columns = columns.map((column) => declared(name, column));
    this.#constraints = (table?.constraints ?? []).filter((constraint) =>
      constraint.match(/\((.*?)\)/)![1].split(", ").every((column) => columns.includes(column))
    );
    this.#create(this.#name);
    this.#insert = this.#inserting();
  }

  /** Adds rows whose cells are in the order of the columns, in one transaction. */
  add(rows: readonly Cell[][]): void {
    this.#connection.exec("BEGIN");
    for (const row of rows) {
      this.#keepTypes(row);
      this.#put(row);
    }
    this.#connection.exec("COMMIT");
    this.rows += rows.length;
  }

  /** To be called when all rows are in. */
  finish(): void {
    if (this.#lostKey === null) return;
    const name = quoted(`parsloscope_key_${this.#name}`);
    this.#connection.exec(`CREATE INDEX ${name} ON ${this.#name} (${this.#lostKey})`);
  }

  #put(row: Cell[]): void {
    for (;;) {
      try {
        this.#insert.run(...row);
        return;
      } catch (error) {
        if (!isRefusal(error) || !this.#loosen(error)) throw error;
      }
    }
  }

  /** Takes types away from columns that would change a value of the row. */
  #keepTypes(row: Cell[]): void {
    if (row.every((cell, i) => keeps(this.#columns[i].type, cell))) return;
    this.#columns = this.#columns.map((column, i) =>
      keeps(column.type, row[i]) ? column : { ...column, type: "" }
    );
    this.#remake();
  }

  /** Takes away what made SQLite refuse a row; false when there is nothing to take away. */
  #loosen(error: unknown): boolean {
    const key = this.#constraints.find((constraint) => KEY.test(constraint));
    if ((error as { errcode?: number }).errcode === NOT_NULL) {
      if (!this.#columns.some(({ required }) => required)) return false;
      this.#columns = this.#columns.map((column) => ({ ...column, required: false }));
    } else {
      if (key === undefined) return false;
      this.#constraints = this.#constraints.filter((constraint) => constraint !== key);
      this.#lostKey = key.match(KEY)![1];
    }
    this.#remake();
    return true;
  }

  #remake(): void {
    this.#create(MAKING);
    this.#connection.exec(`INSERT INTO ${MAKING} SELECT * FROM ${this.#name}`);
    this.#connection.exec(`DROP TABLE ${this.#name}`);
    this.#connection.exec(`ALTER TABLE ${MAKING} RENAME TO ${this.#name}`);
    this.#insert = this.#inserting();
  }

  #create(name: string): void {
    const columns = this.#columns.map(({ name, type, required }) =>
      [name, ...type === "" ? [] : [type], ...required ? ["NOT NULL"] : []].join(" ")
    );
    this.#connection.exec(createTable({ name, columns, constraints: this.#constraints }));
  }

  #inserting(): StatementSync {
    const marks = this.#columns.map(() => "?").join(", ");
    return this.#connection.prepare(`INSERT INTO ${this.#name} VALUES (${marks})`);
  }
}

/** A column as Parsl declares it; one that Parsl does not have gets no type. */
function declared(table: string, name: string): Column {
  const known = columnNamed(table, name);
  if (!known) return { name: quoted(name), type: "", required: false };
  return { name, type: known.sql, required: known.required ?? false };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
