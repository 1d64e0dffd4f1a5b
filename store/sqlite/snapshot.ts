/**
 * Consistent reads of an SQLite file that others write, without locks that could stall them.
 *
 * A reader's lock makes Parsl's database manager wait and retry, so reads are optimistic: the file
 * is opened as if it were immutable, which takes no lock and writes nothing, and what was read
 * counts only if nobody wrote meanwhile. A writer in rollback mode makes a journal before it touches
 * the file and raises the change counter before it removes the journal. So: counter, then journal
 * before the read; journal, then counter after it. SQLite writes the journal's magic number only
 * when the journal is safe on disk, which is before any page of the file changes: a journal without
 * it is no hindrance.
 *
 * Closing a file drops all POSIX locks that this process has on it: a database that this process
 * writes is read through `own_reader.ts` instead.
 */
import { copyFile, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseBusy, DatabaseError } from "../database.ts";
import {
  fileState,
  hasSharedMemory,
  isThere,
  journalAge,
  journalIsActive,
  requireFiles,
  walStamp,
} from "./file_state.ts";
import { readingError } from "./read_errors.ts";
import { holdTemporary } from "../temporary.ts";
import { messageOf } from "../../errors.ts";

/** How much work a job may do in one go: less when a writer keeps interrupting. */
export interface Effort {
  /** Give up optimism: a lock is held, so be done within some 20 ms. */
  locked: boolean;
  /** How often the job was already tried in vain. */
  attempt: number;
}

/** A synchronous piece of reading; may be run again. Gets null while the file is still empty. */
export type Job<T> = (connection: DatabaseSync | null, effort: Effort, inode: string) => T;

/** Milliseconds without a lock-free read before a lock is taken; less if it was needed just now. */
const PATIENCE_MS = 2000;
const SHORT_PATIENCE_MS = 150;

type Outcome<T> = { value: T } | { retry: true } | { recover: true };

/** `file:` URI with each character that has a meaning in URIs encoded. */
function uri(path: string, parameters: string): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `file:${encoded}?${parameters}`;
}

/** Reads one database file. */
export interface Reader {
  /** Runs `job` on a consistent state of the database. */
  run<T>(job: Job<T>): Promise<T>;
  close(): void;
  /** Jobs that had to take a lock, reads that were thrown away, and reads of a repaired copy. */
  readonly statistics: { locked: number; retried: number; recovered: number };
}

/** Runs reading jobs on a file that other processes may write. */
export class SnapshotReader implements Reader {
  readonly #path: string;
  #copy: { directory: string; path: string; stamp: string; release(): void } | null = null;
  #patience = PATIENCE_MS;
  readonly statistics = { locked: 0, retried: 0, recovered: 0 };

  constructor(path: string) {
    this.#path = path;
  }

  /** Runs `job` on a consistent state of the database, trying again while writers interfere. */
  async run<T>(job: Job<T>): Promise<T> {
    const began = performance.now();
    for (let attempt = 0;; attempt++) {
      const outcome = this.#optimistic(job, attempt);
      if ("value" in outcome) {
        this.#patience = PATIENCE_MS;
        return outcome.value;
      }
      if ("recover" in outcome) return await this.#onCopy(job);
      this.statistics.retried++;
      const stale = !this.#isWal() && journalIsActive(this.#path) &&
        journalAge(this.#path) > PATIENCE_MS;
      if (stale || performance.now() - began > this.#patience) {
        const last = this.#locked(job, attempt);
        if ("value" in last) {
          this.#patience = SHORT_PATIENCE_MS;
          return last.value;
        }
        if ("recover" in last) return await this.#onCopy(job);
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
    const copy = this.#copy;
    this.#copy = null;
    if (!copy) return;
    Deno.removeSync(copy.directory, { recursive: true });
    copy.release();
  }

  #isWal(): boolean {
    return fileState(this.#path).wal;
  }

  /** A read without locks. */
  #optimistic<T>(job: Job<T>, attempt: number): Outcome<T> {
    const path = this.#path;
    const before = fileState(path);
    const effort: Effort = { locked: false, attempt };
    if (before.header === "other") {
      throw new DatabaseError(
        `${path} is not an SQLite file; give the monitoring.db that Parsl wrote.`,
      );
    }
    const wal = before.wal ? walStamp(path) : "";
    if (before.wal && wal !== "") {
      if (!hasSharedMemory(path)) return { recover: true };
      return this.#withUri(job, "mode=ro&readonly_shm=1", effort, before.inode);
    }
    if (journalIsActive(path)) return { retry: true };
    const unchanged = () => {
      if (journalIsActive(path) || (before.wal && walStamp(path) !== wal)) return false;
      return fileState(path).stamp === before.stamp;
    };
    if (before.header === "empty") {
      const value = job(null, effort, before.inode);
      return unchanged() ? { value } : { retry: true };
    }
    try {
      if (before.claimedSize !== null && before.claimedSize > before.size) {
        if (!unchanged()) return { retry: true };
        throw new DatabaseError(
          `${path} is cut off (${before.size} of ${before.claimedSize} bytes); copy it again from where it was written.`,
        );
      }
      const value = runOn(uri(path, "mode=ro&immutable=1"), job, effort, before.inode);
      return unchanged() ? { value } : { retry: true };
    } catch (error) {
      // An error that a writer caused is no error.
      if (!(error instanceof DatabaseError) && !unchanged()) return { retry: true };
      throw readingError(error, this.#path);
    }
  }

  /** A short read with SQLite's own locks. */
  #locked<T>(job: Job<T>, attempt: number): Outcome<T> {
    const state = fileState(this.#path);
    // SQLite would make the files of the log that are missing.
    if (state.wal && walStamp(this.#path) === "") return { retry: true };
    if (state.wal && !hasSharedMemory(this.#path)) return { recover: true };
    requireFiles(this.#path);
    this.statistics.locked++;
    return this.#withUri(job, "mode=ro", { locked: true, attempt }, state.inode);
  }

  #withUri<T>(job: Job<T>, parameters: string, effort: Effort, inode: string): Outcome<T> {
    try {
      return { value: runOn(uri(this.#path, parameters), job, effort, inode) };
    } catch (error) {
      const message = messageOf(error);
      if (/readonly|read-only/i.test(message)) return { recover: true };
      if (/locked|busy|unable to open/i.test(message)) return { retry: true };
      throw readingError(error, this.#path);
    }
  }

  /** Reads a private copy in which SQLite could repair what a dead writer left behind. */
  async #onCopy<T>(job: Job<T>): Promise<T> {
    const stampNow = () => {
      const state = fileState(this.#path);
      return `${state.stamp} ${walStamp(this.#path)} ${journalIsActive(this.#path)}`;
    };
    for (let attempt = 0; attempt < 5; attempt++) {
      const stamp = stampNow();
      if (this.#copy?.stamp !== stamp) {
        this.close();
        const directory = await mkdtemp(join(tmpdir(), "monitoring-"));
        const path = join(directory, "copy.db");
        this.#copy = { directory, path, stamp, release: holdTemporary(directory) };
        for (const suffix of ["", "-journal", "-wal"]) {
          if (isThere(this.#path + suffix)) {
            await copyFile(this.#path + suffix, path + suffix);
            await Deno.chmod(path + suffix, 0o600);
          }
        }
        if (stampNow() !== stamp) {
          this.close();
          await sleep(50);
          continue;
        }
        this.statistics.recovered++;
      }
      const inode = fileState(this.#path).inode;
      try {
        // Opened for writing: the first read rolls the journal back, or the log forward.
        return runOn(this.#copy.path, job, { locked: false, attempt: 0 }, inode);
      } catch (error) {
        throw readingError(error, this.#path);
      }
    }
    throw new DatabaseBusy(
      `${this.#path} changed while it was copied to be repaired; try again in a moment.`,
    );
  }
}

function runOn<T>(location: string, job: Job<T>, effort: Effort, inode: string): T {
  const connection = new DatabaseSync(location, { readOnly: location.startsWith("file:") });
  try {
    // One transaction: all statements of the job see the same state.
    // To wait for a lock within SQLite, as it does for 5 s by itself, would hold up all that is
    // served. The option `timeout` does nothing for connections that only read.
    connection.exec("PRAGMA busy_timeout = 0; BEGIN");
    return job(connection, effort, inode);
  } finally {
    connection.close();
  }
}
