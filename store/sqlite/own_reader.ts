/**
 * Reads of a database that this very process writes.
 *
 * Closing a file drops all POSIX locks that the process has on it, those of its own writer too. So
 * the file is opened by SQLite alone, which knows of the other connections of its process and takes
 * care. The writer is ours and keeps a write-ahead log: readers do not hold it up.
 */
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { DatabaseError } from "../database.ts";
import { requireFiles } from "./file_state.ts";
import { NativeConnection } from "./connection.ts";
import { readingError } from "./read_errors.ts";
import type { Job, Reader } from "./snapshot.ts";

/** Runs reading jobs on one connection, each in a transaction of its own. */
export class OwnReader implements Reader {
  readonly #path: string;
  #connection: DatabaseSync | null = null;
  #inode = "";
  readonly statistics = { locked: 0, retried: 0, repaired: 0 };

  constructor(path: string) {
    this.#path = path;
  }

  // deno-lint-ignore require-await
  async run<T>(job: Job<T>): Promise<T> {
    const info = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    if (info === undefined) {
      throw new DatabaseError(`${this.#path} is not there any more; it was moved or deleted.`);
    }
    const inode = `${info.dev}:${info.ino}`;
    // The writer makes a new file when the old one is taken away.
    if (inode !== this.#inode) this.close();
    this.#inode = inode;
    if (this.#connection === null) requireFiles(this.#path);
    try {
      return this.#read(job, inode);
    } catch (error) {
      // What the connection remembers of a file that was spoiled is of no use.
      this.close();
      throw readingError(error, this.#path);
    }
  }

  #read<T>(job: Job<T>, inode: string): T {
    const connection = this.#connection ??= new DatabaseSync(this.#path, {
      readOnly: true,
      timeout: 5000,
    });
    connection.exec("BEGIN");
    try {
      return job(new NativeConnection(connection), { locked: false, attempt: 0 }, inode);
    } finally {
      if (connection.isTransaction) connection.exec("COMMIT");
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }
}
