/**
 * Consistent reads of an SQLite file that others write, without locks that could stall them.
 *
 * A reader's lock makes Parsl's database manager wait and retry, so reads are optimistic: SQLite
 * reads the file through file systems of ours (`flat/`), which take no lock and write nothing, and
 * what was read counts only if nobody wrote meanwhile. A writer in rollback mode makes a journal
 * before it touches the file and raises the change counter before it removes the journal. So:
 * counter, then journal before the read; journal, then counter after it. SQLite writes the journal's
 * magic number only when the journal is safe on disk, which is before any page of the file changes:
 * a journal without it is no hindrance. A writer in WAL mode only appends to its log; what must not
 * happen meanwhile is that the log begins anew, or goes into the file.
 *
 * Closing a file drops all POSIX locks that this process has on it: a database that this process
 * writes is read through `own_reader.ts` instead.
 */
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseBusy, DatabaseError } from "../database.ts";
import { type Connection, NativeConnection } from "./connection.ts";
import {
  type FileState,
  fileState,
  hasSharedMemory,
  journalAge,
  journalIsActive,
  logHead,
  requireFiles,
  walStamp,
} from "./file_state.ts";
import type { SqliteApi } from "./flat/api.ts";
import { FlatConnection } from "./flat/flat_connection.ts";
import type { View } from "./flat/file_system.ts";
import { sqlite } from "./flat/sqlite.ts";
import { readingError } from "./read_errors.ts";
import { messageOf } from "../../errors.ts";

/** How much work a job may do in one go: less when a writer keeps interrupting. */
export interface Effort {
  /** Give up optimism: a lock is held, so be done within some 20 ms. */
  locked: boolean;
  /** How often the job was already tried in vain. */
  attempt: number;
}

/** A synchronous piece of reading; may be run again. Gets null while the file is still empty. */
export type Job<T> = (connection: Connection | null, effort: Effort, inode: string) => T;

/** Milliseconds without a lock-free read before a lock is taken; less if it was needed just now. */
const PATIENCE_MS = 2000;
const SHORT_PATIENCE_MS = 150;
/** Kernels keep times in ticks: a second write within this time might not show. */
const TICK_MS = 50;
/** Milliseconds for which a connection that nobody uses stays open. */
const KEPT_MS = 5000;

type Outcome<T> = { value: T } | { retry: true } | { repair: true };

/** Reads one database file. */
export interface Reader {
  /** Runs `job` on a consistent state of the database. */
  run<T>(job: Job<T>): Promise<T>;
  close(): void;
  /** Jobs that had to take a lock, reads that were thrown away, and reads past a dead writer. */
  readonly statistics: { locked: number; retried: number; repaired: number };
}

/** Runs reading jobs on a file that other processes may write. */
export class SnapshotReader implements Reader {
  readonly #path: string;
  #patience = PATIENCE_MS;
  /** A connection that goes on while nobody writes. */
  #kept: { connection: FlatConnection; key: string; timer: ReturnType<typeof setTimeout> } | null =
    null;
  /** The state that was last read past a dead writer. */
  #repairedAt = "";
  readonly statistics = { locked: 0, retried: 0, repaired: 0 };

  constructor(path: string) {
    this.#path = path;
  }

  /** Runs `job` on a consistent state of the database, trying again while writers interfere. */
  async run<T>(job: Job<T>): Promise<T> {
    const api = await sqlite();
    const began = performance.now();
    for (let attempt = 0;; attempt++) {
      const outcome = this.#optimistic(api, job, attempt);
      if ("value" in outcome) {
        this.#patience = PATIENCE_MS;
        return outcome.value;
      }
      this.statistics.retried++;
      const stale = journalIsActive(this.#path) && journalAge(this.#path) > PATIENCE_MS;
      if (stale || performance.now() - began > this.#patience) {
        const last = this.#locked(job, attempt);
        if ("value" in last) {
          this.#patience = SHORT_PATIENCE_MS;
          return last.value;
        }
        if ("repair" in last) {
          const repaired = this.#repaired(api, job, attempt);
          if ("value" in repaired) return repaired.value;
        }
        if (performance.now() - began > 5 * PATIENCE_MS) {
          throw new DatabaseBusy(
            `${this.#path} is being written without a pause; try again when the run is quieter.`,
          );
        }
      }
      await sleep(attempt < 2 ? 0 : Math.min(20, attempt) * Math.random());
    }
  }

  close(): void {
    if (!this.#kept) return;
    clearTimeout(this.#kept.timer);
    this.#kept.connection.close();
    this.#kept = null;
  }

  /** A read without locks. */
  #optimistic<T>(api: SqliteApi, job: Job<T>, attempt: number): Outcome<T> {
    const path = this.#path;
    const before = fileState(path);
    const { inode } = before;
    const effort: Effort = { locked: false, attempt };
    if (before.header === "other") {
      throw new DatabaseError(
        `${path} is not an SQLite file; give the monitoring.db that Parsl wrote.`,
      );
    }
    const log = before.wal ? walStamp(path) : "";
    const head = log === "" ? "" : logHead(path);
    if (log === "" && journalIsActive(path)) return { retry: true };
    const isSettled = Math.abs(Date.now() - before.written) > TICK_MS;
    const unchanged = () => {
      // More may have come to the log: the read ends where the log ended when it began.
      if (log !== "") {
        return isSettled && logHead(path) === head && fileState(path).stamp === before.stamp;
      }
      if (journalIsActive(path) || (before.wal && walStamp(path) !== "")) return false;
      return fileState(path).stamp === before.stamp;
    };
    if (before.header === "empty") {
      const value = job(null, effort, inode);
      return unchanged() ? { value } : { retry: true };
    }
    try {
      if (isCutOff(before) && log === "") {
        if (!unchanged()) return { retry: true };
        throw new DatabaseError(
          `${path} is cut off (${before.size} of ${before.claimedSize} bytes); copy it again from where it was written.`,
        );
      }
      const view = log === "" ? "still" : "log";
      const key = isSettled ? `${view} ${before.stamp} ${log}` : "";
      const value = this.#runKept(api, view, key, (connection) => job(connection, effort, inode));
      return unchanged() ? { value } : { retry: true };
    } catch (error) {
      this.close();
      // An error that a writer caused is no error.
      if (!(error instanceof DatabaseError) && !unchanged()) return { retry: true };
      throw readingError(error, this.#path);
    }
  }

  /** Runs a job on the connection that was left open at this state of the file, or on a new one. */
  #runKept<T>(api: SqliteApi, view: View, key: string, job: (connection: Connection) => T): T {
    const known = this.#kept;
    if (known && known.key === key) {
      clearTimeout(known.timer);
      known.timer = this.#closeLater();
      return job(known.connection);
    }
    this.close();
    const connection = new FlatConnection(api, this.#path, view);
    // Within a transaction all statements of a job see the same state.
    connection.prepare("BEGIN").rows();
    if (key !== "") {
      this.#kept = { connection, key, timer: this.#closeLater() };
      return job(connection);
    }
    try {
      return job(connection);
    } finally {
      connection.close();
    }
  }

  #closeLater(): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => this.close(), KEPT_MS);
    Deno.unrefTimer(Number(timer));
    return timer;
  }

  /** A short read with SQLite's own locks. */
  #locked<T>(job: Job<T>, attempt: number): Outcome<T> {
    const state = fileState(this.#path);
    // SQLite would make the files of the log that are missing.
    if (state.wal && (walStamp(this.#path) === "" || !hasSharedMemory(this.#path))) {
      return { retry: true };
    }
    requireFiles(this.#path);
    this.statistics.locked++;
    try {
      const database = new DatabaseSync(this.#path, { readOnly: true });
      try {
        // To wait for a lock within SQLite, as it does for 5 s by itself, would hold up all that is
        // served. The option `timeout` does nothing for connections that only read.
        database.exec("PRAGMA busy_timeout = 0; BEGIN");
        const connection = new NativeConnection(database);
        return { value: job(connection, { locked: true, attempt }, state.inode) };
      } finally {
        database.close();
      }
    } catch (error) {
      const message = messageOf(error);
      if (/readonly|read-only/i.test(message)) return { repair: true };
      if (/locked|busy|unable to open/i.test(message)) return { retry: true };
      throw readingError(error, this.#path);
    }
  }

  /** Reads as if SQLite had rolled back what a dead writer left in its journal. */
  #repaired<T>(api: SqliteApi, job: Job<T>, attempt: number): Outcome<T> {
    const stampNow = () => `${fileState(this.#path).stamp} ${journalAge(this.#path) > PATIENCE_MS}`;
    const before = stampNow();
    const { inode } = fileState(this.#path);
    try {
      const connection = new FlatConnection(api, this.#path, "repair");
      try {
        connection.prepare("BEGIN").rows();
        const value = job(connection, { locked: false, attempt }, inode);
        if (stampNow() !== before) return { retry: true };
        if (this.#repairedAt !== before) this.statistics.repaired++;
        this.#repairedAt = before;
        return { value };
      } finally {
        connection.close();
      }
    } catch (error) {
      if (stampNow() !== before) return { retry: true };
      throw readingError(error, this.#path);
    }
  }
}

function isCutOff({ claimedSize, size }: FileState): boolean {
  return claimedSize !== null && claimedSize > size;
}
