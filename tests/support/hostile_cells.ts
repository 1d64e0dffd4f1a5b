// A run with one row of each table for every value that can be no value of any column.

import { DatabaseSync } from "node:sqlite";
import { createTable, PARSL_TABLES } from "../../store/sqlite/ddl.ts";

/** What is written into a column, one value a row. The first is none, so that one row is whole. */
export const VALUES = [
  undefined,
  null,
  9007199254740993n,
  -9007199254740993n,
  9223372036854775807n,
  -1n,
  2147483648n,
  1e308,
  -1e308,
  Infinity,
  1.5,
  "NaN",
  "x\0y",
  "\0",
  new Uint8Array([255, 0, 1]),
  "true",
  "",
  "99999999999",
  "0000-00-00 00:00:00",
  "2026-02-31 10:00:00",
  "9999-12-31 23:59:59.999999",
  "0001-01-01 00:00:00",
  "0,9007199254740993,-5,1e9,4294967296,2",
  "constructor",
] as const;

/** The run that has all rows but those of table `workflow`, of which each is a run of its own. */
export const RUN = "hostile";
/** The ids of the runs of which table `workflow` has a row each. */
export const RUNS = VALUES.map((_, i) => `run-${i}`);

/** Tables and columns that there are. */
export const COLUMNS = PARSL_TABLES.flatMap(({ name, columns }) =>
  columns.map((column): [table: string, column: string] => [name, column.split(" ")[0]])
);

function time(seconds: number): string {
  return `2026-01-01 10:${String(Math.floor(seconds / 60)).padStart(2, "0")}:${
    (seconds % 60).toFixed(6).padStart(9, "0")
  }`;
}

function fill(database: DatabaseSync): void {
  const insert = (table: string, ...cells: (string | number | null)[]) =>
    database.prepare(`INSERT INTO ${table} VALUES (${cells.map(() => "?").join()})`).run(...cells);
  insert("workflow", RUN, "w", "1", time(0), null, "h", "u", "/r", 1, 2);
  VALUES.forEach((_, i) => {
    const began = time(i);
    insert("workflow", RUNS[i], "w", "1", time(0), time(60), "h", "u", "/r", 0, 0);
    const ended = i % 5 === 0 ? null : time(i + 9);
    const failed = i % 7 === 3;
    const depends = i === 0 ? "" : String(i - 1);
    insert(
      "task",
      i,
      RUN,
      depends,
      `app${i % 3}`,
      "0",
      "hash",
      "in",
      "out",
      "",
      "/o",
      "/e",
      began,
      ended,
      0,
      0,
    );
    insert(
      "try",
      ...[0, i, RUN, "0", `n${i % 2}`, i % 9 === 4 ? "_parsl_internal" : "htex", time(i + 1)],
      ...[time(i + 2), ended, failed ? "ValueError(1)" : "", i % 9 === 4 ? "0,1" : null],
    );
    const last = failed ? "failed" : i % 9 === 4 ? "joining" : "exec_done";
    for (const [after, state] of ["launched", "running", last].entries()) {
      insert("status", i, state, time(i + 1 + after * 3), RUN, 0);
    }
    for (const cpu of [1, 2]) {
      const figures = [5, 1, 0, cpu, cpu, 3e6, 4e6, 5, 6, "sleeping", "0", 1, 2];
      insert("resource", 0, i, RUN, time(i + 2 + cpu), 1, ...figures);
    }
    insert("node", i + 1, RUN, `n${i}`, `uid${i}`, "0", 4, 8e9, 1, 4, "3.12", time(i), time(i));
    insert("block", RUN, "htex", String(i), `job${i}`, time(i), "RUNNING");
  });
}

/**
 * Makes the database, one column of which has all values.
 *
 * @param types whether columns have Parsl's types; columns without hold whatever they are given
 */
export function hostileDatabase(
  path: string,
  hostile: readonly (readonly [table: string, column: string])[],
  types: boolean,
): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  database.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
  for (const { name, columns } of PARSL_TABLES) {
    const declared = columns.map((column) => {
      const [own, type] = column.split(" ");
      if (name === "node" && own === "id") return "id INTEGER PRIMARY KEY";
      return types ? `${own} ${type}` : own;
    });
    database.exec(createTable({ name, columns: declared, constraints: [] }));
  }
  database.exec("BEGIN");
  fill(database);
  database.exec("COMMIT");
  for (const [table, column] of hostile) {
    const all = database.prepare(`SELECT rowid AS row FROM ${table} ORDER BY rowid`);
    all.setReadBigInts(true);
    const rows = all.all();
    // The row of the run itself stays as it is.
    const own = table === "workflow" ? rows.slice(1) : rows;
    const each = own.length / VALUES.length;
    VALUES.forEach((value, i) => {
      if (value === undefined) return;
      for (let n = 0; n < each; n++) {
        try {
          database.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`)
            .run(value, own[i * each + n].row);
        } catch {
          // A row id can only be a whole number.
        }
      }
    });
  }
  database.close();
}
