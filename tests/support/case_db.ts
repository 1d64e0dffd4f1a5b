// Databases of cases that were found in the wild: rows as SQL, loaded into Parsl's schema.

import { DatabaseSync } from "node:sqlite";
import { ROOT } from "./server.ts";

const CASES = `${ROOT}tests/fixtures/cases/`;

/** Makes the database of a case; more SQL may follow its rows. */
export function caseDatabase(name: string, path: string, more = ""): string {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA synchronous = OFF");
    for (const file of ["schema.sql", `${name}/rows.sql`]) {
      database.exec(Deno.readTextFileSync(CASES + file));
    }
    database.exec(more);
  } finally {
    database.close();
  }
  return path;
}
