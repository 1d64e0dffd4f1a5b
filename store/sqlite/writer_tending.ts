/** What keeps a database fast while it grows. */
import type { DatabaseSync } from "node:sqlite";
import { isLocked } from "./writer_errors.ts";

/** Rows from which SQLite's planner is told what is in the tables. */
const FIRST_ROWS = 1000;
/** It is told again when there are so many times as many. */
const GROWTH = 4;
/** Rows of an index that are looked at, so that it takes milliseconds in a file of any size. */
const SAMPLE = 1000;
/** Pages of the log beyond which it is emptied by force, where steady readers keep it from that. */
const LOG_PAGES = 16_384;

/**
 * Brings the planner's statistics up to date when the tables have grown, and shortens a long log.
 * Does nothing while others are in the way. Returns the rows at the last look at the statistics.
 */
export function tendDatabase(connection: DatabaseSync, rows: number, analyzed: number): number {
  const due = rows >= Math.max(FIRST_ROWS, analyzed * GROWTH);
  try {
    if (due) connection.exec(`PRAGMA analysis_limit = ${SAMPLE}; ANALYZE`);
    const pages = Number(connection.prepare("PRAGMA wal_checkpoint(PASSIVE)").get()?.log);
    if (pages > LOG_PAGES) connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (error) {
    if (!isLocked(error)) throw error;
    return analyzed;
  }
  return due ? rows : analyzed;
}
