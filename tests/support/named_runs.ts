// Databases whose runs and apps have names that a test chooses.

import { DatabaseSync } from "node:sqlite";
import { ROOT } from "./server.ts";

const CASES = `${ROOT}tests/fixtures/cases/`;
const AT = "2025-11-05 10:00:00.000000";
const LATER = "2025-11-05 10:01:00.000000";

/** Makes a database of a case: Parsl's tables, and the rows of a file. */
export async function caseDatabase(path: string, rows: string): Promise<void> {
  const database = new DatabaseSync(path);
  database.exec(await Deno.readTextFile(`${CASES}schema.sql`));
  database.exec(await Deno.readTextFile(`${CASES}${rows}`));
  database.close();
}

/** Makes a database with runs of these ids; each has a task of each app, numbered from 0. */
export async function namedRuns(
  path: string,
  runs: { id: string; name?: string | null; apps?: string[] }[],
): Promise<void> {
  const database = new DatabaseSync(path);
  database.exec(await Deno.readTextFile(`${CASES}schema.sql`));
  const put = (table: string, values: (string | number | null)[]) =>
    database.prepare(`INSERT INTO ${table} VALUES (${values.map(() => "?").join(", ")})`)
      .run(...values);
  database.exec("BEGIN");
  for (const { id, name = "named", apps = ["f"] } of runs) {
    put("workflow", [id, name, "1", AT, LATER, "login", "someone", "/r", 0, apps.length]);
    apps.forEach((app, task) => {
      put("task", [
        ...[task, id, task === 0 ? "" : String(task - 1), app, "0", null, "[]", "[]"],
        ...[null, null, null, AT, LATER, 0, 0],
      ]);
      put("try", [0, task, id, "0", "n1", "htex", AT, AT, LATER, "", null]);
      put("status", [task, "exec_done", LATER, id, 0]);
    });
  }
  database.exec("COMMIT");
  database.close();
}
