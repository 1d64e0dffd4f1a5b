/** Parsl's tables through all generations of its schema. */
import type { Connection } from "./connection.ts";
import { hasTriesInTasks, lacksInvoked, numbersTries } from "../../parsl/generations.ts";
import { tableNamed, TABLES } from "../../parsl/tables.ts";
import { DatabaseError } from "../database.ts";
import type { Selection } from "../row_source.ts";
import { all, one } from "./query.ts";
import { someOf } from "../some_of.ts";
import { affinityOf } from "./affinity.ts";

const NONE: ReadonlyMap<string, string> = new Map();

/** The tables and columns that one file really has. Tables go by today's names. */
export class Schema {
  readonly version: number;
  /** Whether statuses say of which try they are. */
  readonly numbersTries: boolean;
  /** Whether table `task` has what others have in table `try`. */
  readonly hasTriesInTasks: boolean;
  /** Whether tasks tell when they were submitted, and not when they were invoked. */
  readonly lacksInvoked: boolean;
  readonly #tables: ReadonlyMap<string, ReadonlyMap<string, string>>;

  /** @param tables the declared types of their columns */
  constructor(version: number, tables: ReadonlyMap<string, ReadonlyMap<string, string>>) {
    this.version = version;
    this.#tables = tables;
    const has = (table: string, column: string) => this.hasColumn(table, column);
    this.numbersTries = numbersTries(has);
    this.hasTriesInTasks = hasTriesInTasks(has);
    this.lacksInvoked = lacksInvoked(has);
  }

  /** The names of all tables, those of Parsl as they are today. */
  get tables(): string[] {
    return [...this.#tables.keys()].map((name) =>
      TABLES.find((today) => tableNamed(today)?.before === name && !this.#tables.has(today)) ?? name
    );
  }

  /** Whether rows of the table can be told apart by run. */
  has(table: string): boolean {
    return this.hasColumn(table, "run_id");
  }

  /** The columns of a table; none when there is no such table. */
  columns(table: string): string[] {
    return [...this.#types(table).keys()];
  }

  hasColumn(table: string, column: string): boolean {
    return this.#types(table).has(column);
  }

  /**
   * Some ids as SQL lists them, to be found in a column of integers or of texts. A column without a
   * type, as imports of reports may have, may hold either.
   */
  ids(table: string, column: string, ids: Iterable<number>): string {
    const plain = affinityOf(this.#types(table).get(column) ?? "") !== "none";
    return Array.from(ids, (id) => plain ? `${id}` : `${id},'${id}'`).join();
  }

  /** The table as SQL names it. */
  from(table: string): string {
    return quoted(this.#nameOf(table));
  }

  /**
   * `SELECT … FROM …` of the wanted values; NULL for those the file lacks.
   *
   * @param whole a text with a NUL in it comes as bytes, whole: node:sqlite cuts such texts. This
   *   takes a third longer, and is for some rows only.
   */
  select({ table, columns }: Selection, whole = false): string {
    const terms = columns.map((names) => {
      const name = names.find((candidate) => this.hasColumn(table, candidate));
      if (!name) return "NULL";
      return whole ? wholeText(quoted(name)) : quoted(name);
    });
    return `SELECT ${terms.join(", ")} FROM ${this.from(table)}`;
  }

  #types(table: string): ReadonlyMap<string, string> {
    return this.#tables.get(this.#nameOf(table)) ?? NONE;
  }

  #nameOf(table: string): string {
    return this.#tables.has(table) ? table : tableNamed(table)?.before ?? table;
  }
}

/** Looks at the file's tables, unless `known` is still right. */
export function readSchema(connection: Connection, known: Schema | null): Schema {
  const [version] = one(connection, "PRAGMA schema_version").map(Number);
  if (known?.version === version) return known;
  const tables = new Map<string, Map<string, string>>();
  const names = all(
    connection,
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  );
  for (const [name] of names) {
    const columns = all(
      connection,
      "SELECT name, type FROM pragma_table_info(?) ORDER BY cid",
      String(name),
    );
    tables.set(
      String(name),
      new Map(columns.map(([column, type]) => [String(column), String(type)])),
    );
  }
  return new Schema(version, tables);
}

/** A name as SQL has it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A column whose texts are not cut where they have a NUL. */
export function wholeText(column: string): string {
  return `iif(typeof(${column}) = 'text' AND instr(${column}, char(0)) > 0, ` +
    `CAST(${column} AS BLOB), ${column})`;
}

/**
 * Tells apart a file that Parsl is about to fill from one of another program.
 *
 * @throws {DatabaseError} when it is of another
 */
export function requireParsls(path: string, { tables }: Schema): void {
  if (tables.length === 0 || tables.includes("workflow")) return;
  const shown = someOf(tables);
  throw new DatabaseError(
    `${path} is not a Parsl monitoring database (it has no table workflow, only ${shown}); give the monitoring.db that Parsl wrote.`,
  );
}
