/** Makes a file ready to be written: Parsl's tables, missing columns, and what is our own. */
import type { DatabaseSync } from "node:sqlite";
import { columnNamed, columnOf, columnsOf, type TableName } from "../../parsl/tables.ts";
import { DatabaseError } from "../database.ts";
import { someOf } from "../some_of.ts";
import {
  createTable,
  OWN_INDEXES,
  OWN_TABLES,
  PARSL_INDEX,
  PARSL_TABLES,
  type TableDdl,
} from "./ddl.ts";
import { messageOf } from "../../errors.ts";
import { isLocked, isRefusal } from "./writer_errors.ts";
import { prepareStatements } from "./writer_statements.ts";

interface ColumnInfo {
  name: string;
  required: boolean;
}

/**
 * Creates what is not there. All of it happens in one transaction, which is undone when the file
 * turns out to be of no use.
 *
 * @param lasting whether our own tables stay in the file, or are gone with the connection
 * @throws {DatabaseError} when the tables are not Parsl's, or of a release too old to be written.
 */
export function installSchema(connection: DatabaseSync, path: string, lasting: boolean): void {
  connection.exec("BEGIN IMMEDIATE");
  try {
    install(connection, path, lasting);
    try {
      prepareStatements(connection);
    } catch (error) {
      throw unusable(path, messageOf(error));
    }
    connection.exec("COMMIT");
  } catch (error) {
    if (connection.isTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}

function install(connection: DatabaseSync, path: string, lasting: boolean): void {
  const tables = names(connection, "table");
  if (tables.size > 0 && !tables.has("workflow")) {
    const shown = someOf([...tables]);
    throw new DatabaseError(
      `${path} is not a Parsl monitoring database (it has no table workflow, only ${shown}); name another file, or one that is not there yet.`,
    );
  }
  for (const table of PARSL_TABLES) {
    if (tables.has(table.name)) complete(connection, path, table.name);
    else connection.exec(createTable(table));
  }
  if (!names(connection, "index").has(PARSL_INDEX.name)) connection.exec(PARSL_INDEX.sql);
  for (const table of OWN_TABLES) {
    if (!lasting) connection.exec(createTable(table, true));
    else if (!tables.has(table.name)) connection.exec(createTable(table));
    else upgrade(connection, table);
  }
  for (const sql of OWN_INDEXES) {
    try {
      connection.exec(sql);
    } catch (error) {
      if (isLocked(error) || isRefusal(error)) throw error;
      throw unusable(path, messageOf(error));
    }
  }
}

/** Brings a table of our own, which an earlier release made, to today's form. */
function upgrade(connection: DatabaseSync, { name, columns }: TableDdl): void {
  const present = new Set(columnsIn(connection, name).map((column) => column.name));
  for (const column of columns) {
    if (present.has(column.split(" ")[0])) continue;
    connection.exec(`ALTER TABLE ${name} ADD COLUMN ${column.replace(" NOT NULL", "")}`);
  }
  if (present.has("run_id")) return;
  // That release had SQLite keep statistics in the file, which have no run either.
  for (const statistics of ["sqlite_stat1", "sqlite_stat4"]) {
    connection.exec(`DROP TABLE IF EXISTS ${statistics}`);
  }
}

/** Adds the columns that a table of an older release lacks. */
function complete(connection: DatabaseSync, path: string, table: TableName): void {
  const present = columnsIn(connection, table);
  const known = columnsOf(table);
  for (const name of known) {
    if (present.some((other) => other.name === name)) continue;
    connection.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${columnOf(table, name).sql}`);
  }
  const foreign = present.find(({ name, required }) => required && !columnNamed(table, name));
  if (foreign) throw unusable(path, `table ${table} wants ${foreign.name} in each row`);
}

function columnsIn(connection: DatabaseSync, table: string): ColumnInfo[] {
  return connection.prepare(`PRAGMA table_info(${table})`).all().map((row) => ({
    name: String(row.name),
    required: row.notnull === 1 && row.dflt_value === null,
  }));
}

function names(connection: DatabaseSync, type: "table" | "index"): Set<string> {
  const rows = connection.prepare(
    "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  ).all(type);
  return new Set(rows.map((row) => String(row.name)));
}

function unusable(path: string, detail: string): DatabaseError {
  return new DatabaseError(
    `${path} was made by a release of Parsl whose tables cannot be written any more (${detail}); name a database that is not there yet.`,
  );
}
