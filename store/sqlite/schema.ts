/** Parsl's tables through all generations of its schema. */
import type { DatabaseSync } from "node:sqlite";
import { COLUMNS, type SelectionName, tableOf } from "../parsl_columns.ts";

/** The tables that are read by row id, in the order in which the model wants them. */
export const TABLES = ["task", "try", "status", "resource", "node", "block"] as const;
export type TableName = (typeof TABLES)[number];

/** The columns that one file really has. */
export class Schema {
  readonly version: number;
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(version: number, tables: ReadonlyMap<string, ReadonlySet<string>>) {
    this.version = version;
    this.tables = tables;
  }

  /** Whether rows of the table can be told apart by run. */
  has(table: string): boolean {
    return this.tables.get(table)?.has("run_id") ?? false;
  }

  hasColumn(table: string, column: string): boolean {
    return this.tables.get(table)?.has(column) ?? false;
  }

  /** `SELECT … FROM …` of the wanted values; NULL for those the file lacks. */
  select(selection: SelectionName): string {
    const table = tableOf(selection);
    const wanted: readonly (readonly string[])[] = COLUMNS[selection];
    const terms = wanted.map((names) => {
      const name = names.find((candidate) => this.hasColumn(table, candidate));
      return name ? `"${name}"` : "NULL";
    });
    return `SELECT ${terms.join(", ")} FROM "${table}"`;
  }
}

/** Looks at the file's tables, unless `known` is still right. */
export function readSchema(connection: DatabaseSync, known: Schema | null): Schema {
  const version = Number(connection.prepare("PRAGMA schema_version").get()?.schema_version);
  if (known?.version === version) return known;
  const tables = new Map<string, Set<string>>();
  const names = connection.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  ).all();
  for (const { name } of names) {
    const columns = connection.prepare(`PRAGMA table_info("${String(name).replaceAll('"', '""')}")`)
      .all();
    tables.set(String(name), new Set(columns.map((column) => String(column.name))));
  }
  return new Schema(version, tables);
}
