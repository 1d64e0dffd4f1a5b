/** The one connection that writes a database. */
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseError } from "../database.ts";
import { requireFiles } from "./file_state.ts";
import { messageOf } from "../../errors.ts";
import { isLocked } from "./writer_errors.ts";
import { installSchema } from "./writer_schema.ts";

/** How a database is written. */
export interface WriterOptions {
  /** "wal" lets others read while the hub writes; "delete" is for network file systems. */
  journalMode?: "wal" | "delete";
  /** "full" survives loss of power, "normal" may lose the last commits then. */
  synchronous?: "full" | "normal";
  /** Milliseconds to wait at the opening for another program that holds the database. */
  patience?: number;
  /**
   * Whether the file keeps Parsloscope's own tables, by which a hub goes on after a restart: yes,
   * unless told. Without them the file is as Parsl makes it.
   */
  ownTables?: boolean;
}

/**
 * Bytes to which the log shrinks once all of it is in the database. While a reader stays in one
 * transaction the log cannot begin anew and grows by what is written meanwhile; the first commit
 * after that reader is done starts it again from its beginning and cuts it.
 */
const LOG_LIMIT_BYTES = 16 << 20;

/**
 * Opens the file, makes sure that it has Parsl's tables and Parsloscope's own, and sets the
 * connection up. A file that cannot be used is left as it was.
 *
 * @throws {DatabaseError} that says why the file cannot be written.
 */
export async function openConnection(
  path: string,
  options: WriterOptions = {},
): Promise<DatabaseSync> {
  const until = performance.now() + (options.patience ?? 5000);
  let connection: DatabaseSync;
  try {
    requireFiles(path);
    connection = new DatabaseSync(path, { enableForeignKeyConstraints: false, timeout: 0 });
  } catch (error) {
    throw explain(error, path);
  }
  try {
    // First of all: it would drop temporary tables that are there.
    connection.exec("PRAGMA temp_store = memory; PRAGMA cache_size = -32768");
    await whenUnlocked(() => installSchema(connection, path, options.ownTables ?? true), until);
    const journal = options.journalMode ?? "wal";
    // A reader in the way leaves the journal as it is, which costs speed and nothing else.
    await whenUnlocked(() => connection.exec(`PRAGMA journal_mode = ${journal}`), until)
      .catch((error) => {
        if (!isLocked(error)) throw error;
      });
    connection.exec(`PRAGMA synchronous = ${options.synchronous ?? "full"}`);
    connection.exec(`PRAGMA journal_size_limit = ${LOG_LIMIT_BYTES}`);
    return connection;
  } catch (error) {
    connection.close();
    throw explain(error, path);
  }
}

async function whenUnlocked(action: () => void, until: number): Promise<void> {
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isLocked(error) || performance.now() > until) throw error;
      await sleep(50);
    }
  }
}

function explain(error: unknown, path: string): unknown {
  if (error instanceof DatabaseError) return error;
  const message = messageOf(error);
  if (isLocked(error)) {
    return new DatabaseError(
      `${path} is locked by another program; end that one, or name another database.`,
    );
  }
  if (/not a database|encrypted/i.test(message)) {
    return new DatabaseError(`${path} is not an SQLite file; name another one.`);
  }
  if (/malformed|corrupt/i.test(message)) {
    return new DatabaseError(
      `${path} is damaged (SQLite says: ${message}); salvage it with sqlite3's .recover, or name another one.`,
    );
  }
  if (/readonly|read-only|unable to open/i.test(message)) {
    return new DatabaseError(
      `${path} cannot be written; check that you may write it and its directory.`,
    );
  }
  return new DatabaseError(`${path} cannot be opened for writing (SQLite says: ${message}).`);
}
