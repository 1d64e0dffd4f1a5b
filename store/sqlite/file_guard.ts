/**
 * Watches over the file that is written: SQLite does not notice when another program cuts it off or
 * writes over it, and goes on with what it remembers of it.
 */
import { DatabaseSync } from "node:sqlite";
import { DatabaseMoved, DatabaseSpoiled } from "../writer.ts";
import { messageOf } from "../../errors.ts";
import { loggedPages } from "./logged_pages.ts";

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
/** SQLite's own check goes through all of a file; it is made of files up to this, so often at most. */
const CHECKED_BYTES = 256 * 2 ** 20;
const CHECK_EVERY_MS = 60_000;

/** What is seen of the file from outside. */
interface Seen {
  size: number;
  mtime: number;
}

/**
 * The file at a path, which one connection of this process writes. It is held open: to close it would
 * drop the locks that the connection has.
 */
export class FileGuard {
  readonly #path: string;
  readonly #file: Deno.FsFile | null;
  readonly #inode: string;
  readonly #isOurs: boolean;
  #seen: Seen;
  #checked = -Infinity;

  /** @param connection the one that writes the file at the path */
  constructor(path: string, connection: DatabaseSync) {
    this.#path = path;
    this.#isOurs = isOurs(connection);
    const info = statOf(path);
    this.#inode = inodeOf(info);
    this.#seen = seenOf(info);
    this.#file = openFile(path);
  }

  /**
   * To be called before each batch.
   *
   * @throws {DatabaseMoved} when another file is at the path, or none
   * @throws {DatabaseSpoiled} when another program spoiled the file
   */
  before(): void {
    const info = this.#stat();
    const seen = seenOf(info);
    if (seen.size === this.#seen.size && seen.mtime === this.#seen.mtime) return;
    if (this.#examine(seen)) this.#seen = seen;
  }

  /**
   * To be called when a batch was committed, before anybody is told.
   *
   * @throws {DatabaseMoved} when it may have gone to a file that is no longer there
   * @throws {DatabaseSpoiled} when it may have gone to a file that was spoiled meanwhile
   */
  after(): void {
    const seen = seenOf(this.#stat());
    if (seen.size < this.#seen.size) this.#examine(seen);
    this.#seen = seen;
  }

  close(): void {
    this.#file?.close();
  }

  #stat(): Deno.FileInfo | null {
    const info = statOf(this.#path);
    if (inodeOf(info) !== this.#inode) throw new DatabaseMoved(this.#path);
    return info;
  }

  /**
   * Another program has written: most often a database still, by SQLite.
   *
   * @returns whether it could be judged: not while a transaction is half written
   */
  #examine(seen: Seen): boolean {
    const header = new Uint8Array(HEADER_BYTES);
    const view = new DataView(header.buffer);
    this.#file?.seekSync(0, Deno.SeekMode.Start);
    const length = this.#file?.readSync(header) ?? 0;
    const magic = String.fromCharCode(...header.subarray(0, MAGIC.length));
    if (length < HEADER_BYTES) throw this.#spoiled(`${seen.size} bytes are left of it`);
    if (magic !== MAGIC) throw this.#spoiled("it is no database any more");
    const pageSize = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
    const claimed = view.getUint32(24) === view.getUint32(92) ? pageSize * view.getUint32(28) : 0;
    if (claimed > seen.size) {
      // The page that tells the size is the first that is written: the others may be on their way
      // from a log, as long as there is no room for them, or stand for a journal to take back.
      if (sizeOf(`${this.#path}-journal`) > 0) return false;
      const logged = loggedPages(this.#path);
      const pages = claimed / pageSize;
      for (let page = Math.floor(seen.size / pageSize) + 1; page <= pages; page++) {
        if (!logged.has(page)) {
          throw this.#spoiled(`${seen.size} of its ${claimed} bytes are left`);
        }
      }
    }
    const now = performance.now();
    const isDue = now - this.#checked > CHECK_EVERY_MS || seen.size < this.#seen.size;
    if (seen.size > CHECKED_BYTES || !isDue) return true;
    const { found, ours } = checkOf(this.#path);
    if (found !== "ok") throw this.#spoiled(found);
    // A whole database in the place of ours: it is opened like any other.
    if (this.#isOurs && !ours) throw new DatabaseMoved(this.#path);
    this.#checked = now;
    return true;
  }

  #spoiled(how: string): DatabaseSpoiled {
    return new DatabaseSpoiled(this.#path, how);
  }
}

/** What SQLite's own check finds first, and whose it is; by a connection that remembers nothing. */
function checkOf(path: string): { found: string; ours: boolean } {
  let connection: DatabaseSync | null = null;
  try {
    connection = new DatabaseSync(path, { readOnly: true });
    const row = connection.prepare("PRAGMA quick_check(1)").get();
    const found = String(Object.values(row ?? {})[0] ?? "ok");
    return { found: found.split("\n").at(-1)!, ours: isOurs(connection) };
  } catch (error) {
    const message = messageOf(error);
    // Who holds it knows it for a database.
    const isHeld = /locked|busy/i.test(message);
    return { found: isHeld ? "ok" : message, ours: isHeld };
  } finally {
    connection?.close();
  }
}

/** Whether the file has the table by which a hub goes on. */
function isOurs(connection: DatabaseSync): boolean {
  const sql = "SELECT count(*) AS n FROM main.sqlite_schema WHERE name = 'parsloscope_client'";
  return connection.prepare(sql).get()?.n === 1;
}

function statOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch {
    return null;
  }
}

function sizeOf(path: string): number {
  return statOf(path)?.size ?? 0;
}

function openFile(path: string): Deno.FsFile | null {
  try {
    return Deno.openSync(path);
  } catch {
    return null;
  }
}

function inodeOf(info: Deno.FileInfo | null): string {
  return info === null ? "none" : `${info.dev}:${info.ino}`;
}

function seenOf(info: Deno.FileInfo | null): Seen {
  return { size: info?.size ?? 0, mtime: info?.mtime?.getTime() ?? 0 };
}
