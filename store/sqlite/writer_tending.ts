/** What keeps a database small while it grows. */
import type { DatabaseSync } from "node:sqlite";
import { isLocked } from "./writer_errors.ts";

/** Pages of the log beyond which it is emptied by force, where steady readers keep it from that. */
const LOG_PAGES = 16_384;

/**
 * Shortens a long log; does nothing while others are in the way. Statistics for SQLite's planner are
 * not made: they are tables without a run, and the indexes say enough.
 */
export function tendDatabase(connection: DatabaseSync): void {
  try {
    const pages = Number(connection.prepare("PRAGMA wal_checkpoint(PASSIVE)").get()?.log);
    if (pages > LOG_PAGES) connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (error) {
    if (!isLocked(error)) throw error;
  }
}
