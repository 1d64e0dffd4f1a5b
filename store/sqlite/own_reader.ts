/**
 * Reads of a database that this very process writes.
 *
 * Closing a file drops all POSIX locks that the process has on it, those of its own writer too. So
 * the file is opened by SQLite alone, which knows of the other connections of its process and takes
 * care. The writer is ours and keeps a write-ahead log: readers do not hold it up.
 */
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { requireFiles } from "./file_state.ts";
import { NativeConnection } from "./connection.ts";
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
    const { dev, ino } = statSync(this.#path, { bigint: true });
    const inode = `${dev}:${ino}`;
    // The writer makes a new file when the old one is taken away.
    if (inode !== this.#inode) this.close();
    this.#inode = inode;
    if (this.#connection === null) requireFiles(this.#path);
    const connection = this.#connection ??= new DatabaseSync(this.#path, {
      readOnly: true,
      timeout: 5000,
    });
    connection.exec("BEGIN");
    try {
      return job(new NativeConnection(connection), { locked: false, attempt: 0 }, inode);
    } finally {
      connection.exec("COMMIT");
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }
}
