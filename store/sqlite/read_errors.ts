/** What an error of SQLite means for who reads a database. */
import { DatabaseError } from "../database.ts";
import { messageOf } from "../../errors.ts";

/** Whether SQLite said it. */
export function isSqliteError(error: unknown): boolean {
  return error instanceof Error && (error as Error & { code?: unknown }).code ===
      "ERR_SQLITE_ERROR";
}

/** The error as a sentence that says what to do; what is none of SQLite's, or unknown, as it is. */
export function readingError(error: unknown, path: string): unknown {
  if (!isSqliteError(error)) return error;
  const message = messageOf(error);
  if (/malformed|corrupt|disk I\/O|unsupported file format/i.test(message)) {
    return new DatabaseError(
      `${path} is damaged (SQLite says: ${message}); copy it again, or salvage it with sqlite3's .recover.`,
    );
  }
  if (/not a database|encrypted/i.test(message)) {
    return new DatabaseError(
      `${path} is not an SQLite file; give the monitoring.db that Parsl wrote.`,
    );
  }
  if (/unable to open/i.test(message)) {
    return new DatabaseError(
      `${path} cannot be opened; check that it exists and that you may read it.`,
    );
  }
  if (/no such (?:module|collation|function|vfs)|unknown (?:tokenizer|database)/i.test(message)) {
    return new DatabaseError(
      `${path} cannot be read (SQLite says: ${message}); give the monitoring.db that Parsl wrote.`,
    );
  }
  return error;
}
