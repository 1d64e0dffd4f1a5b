// Databases of old releases, each case complete by itself: tables and rows as SQL.

import { DatabaseSync } from "node:sqlite";
import { ROOT } from "./server.ts";

/** Makes the database of a case at a path; more SQL may follow. */
export function caseFile(name: string, path: string, more = ""): string {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA synchronous = OFF");
    database.exec(Deno.readTextFileSync(`${ROOT}tests/fixtures/cases/${name}/case.sql`) + more);
  } finally {
    database.close();
  }
  return path;
}
