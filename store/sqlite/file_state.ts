/** What a database file and its neighbours look like from outside, without SQLite and its locks. */
import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { DatabaseError } from "../database.ts";
import { otherThanFileIn } from "../file_kind.ts";

const JOURNAL_MAGIC = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
const LOG_HEAD_BYTES = 32;
const SQLITE_MAGIC = "SQLite format 3\0";

/** The parts of a database file's header that tell whether and how it is being written. */
export interface FileState {
  size: number;
  /** Changes when the file was replaced by another. */
  inode: string;
  /** Equal before and after a read: nobody committed in between. */
  stamp: string;
  /** When it was last written, in epoch milliseconds. */
  written: number;
  header: "sqlite" | "empty" | "other";
  wal: boolean;
  /** The size that the header claims, or null when it makes no valid claim. */
  claimedSize: number | null;
}

/** A file beside the database; what is no file holds no pages, and is as if it were not there. */
function sidecar(path: string): { size: number; mtime: bigint } | null {
  const info = statSync(path, { bigint: true, throwIfNoEntry: false });
  return info?.isFile() ? { size: Number(info.size), mtime: info.mtimeNs } : null;
}

/** What is at a path in the place of a file, in words; null for a file, and for nothing. */
function inPlaceOfFile(path: string): string | null {
  const info: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  return info === undefined ? null : otherThanFileIn(info);
}

/**
 * Makes sure that SQLite finds nothing but files where it opens the database and what belongs to it:
 * it would wait for ever at a pipe.
 *
 * @throws {DatabaseError} that says what is there.
 */
export function requireFiles(path: string): void {
  for (const suffix of ["", "-journal", "-wal", "-shm"]) {
    const other = inPlaceOfFile(path + suffix);
    if (other === null) continue;
    throw new DatabaseError(
      suffix === ""
        ? `${path} is ${other} and cannot be opened as a database; name a file.`
        : `${path}${suffix} is ${other}, where SQLite keeps a file of its own; take it away.`,
    );
  }
}

/** Opens the main file; throws a DatabaseError that says why it cannot be. */
function openMain(path: string): number {
  try {
    const other = inPlaceOfFile(path);
    if (other === null) return openSync(path, "r");
    throw new DatabaseError(`${path} is ${other}; give the monitoring.db that Parsl wrote.`);
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    const { code, message } = error as Error & { code?: string };
    if (code === "ENOENT") {
      throw new DatabaseError(`${path} is not there any more; it was moved or deleted.`);
    }
    if (code === "EACCES" || code === "EPERM") {
      throw new DatabaseError(`${path} may not be read; ask its owner for permission to read it.`);
    }
    throw new DatabaseError(`${path} cannot be opened (${message}); check the path.`);
  }
}

/** State of the main file; throws a DatabaseError when it cannot be opened. */
export function fileState(path: string): FileState {
  const fd = openMain(path);
  try {
    const bytes = new Uint8Array(100);
    // Some files of the system have no length, and let who reads them wait.
    const length = fstatSync(fd).size === 0 ? 0 : readSync(fd, bytes, 0, 100, 0);
    const info = fstatSync(fd, { bigint: true });
    const size = Number(info.size);
    const view = new DataView(bytes.buffer);
    const magic = String.fromCharCode(...bytes.subarray(0, 16));
    const valid = length === 100 && magic === SQLITE_MAGIC;
    const pageSize = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
    const counter = view.getUint32(24);
    return {
      size,
      inode: `${info.dev}:${info.ino}`,
      stamp: `${info.dev}:${info.ino}:${info.mtimeNs}:${size}:${counter}`,
      written: Number(info.mtimeNs / 1_000_000n),
      header: size === 0 ? "empty" : valid ? "sqlite" : "other",
      wal: valid && bytes[18] === 2,
      claimedSize: valid && counter === view.getUint32(92) ? pageSize * view.getUint32(28) : null,
    };
  } finally {
    closeSync(fd);
  }
}

/** Whether a rollback journal holds pages: a transaction is under way, or one was cut off. */
export function journalIsActive(path: string): boolean {
  const journal = `${path}-journal`;
  const info = sidecar(journal);
  if (!info || info.size === 0) return false;
  let fd: number;
  try {
    fd = openSync(journal, "r");
  } catch {
    return sidecar(journal) !== null;
  }
  try {
    const bytes = new Uint8Array(8);
    readSync(fd, bytes, 0, 8, 0);
    return JOURNAL_MAGIC.every((byte, index) => bytes[index] === byte);
  } finally {
    closeSync(fd);
  }
}

/** Milliseconds since the rollback journal was last written. */
export function journalAge(path: string): number {
  const info = sidecar(`${path}-journal`);
  return info ? Date.now() - Number(info.mtime / 1_000_000n) : 0;
}

/** The write-ahead log's size and time as text, or "" when it holds nothing. */
export function walStamp(path: string): string {
  const info = sidecar(`${path}-wal`);
  return info && info.size > 0 ? `${info.size}:${info.mtime}` : "";
}

/** The head of the write-ahead log, which is another one each time that the log begins anew. */
export function logHead(path: string): string {
  const log = `${path}-wal`;
  if (!sidecar(log)) return "";
  let fd: number;
  try {
    fd = openSync(log, "r");
  } catch {
    return "";
  }
  try {
    const bytes = new Uint8Array(LOG_HEAD_BYTES);
    const length = readSync(fd, bytes, 0, LOG_HEAD_BYTES, 0);
    return bytes.subarray(0, length).toHex();
  } finally {
    closeSync(fd);
  }
}

/** Whether the index of the write-ahead log lies beside the file. */
export function hasSharedMemory(path: string): boolean {
  return sidecar(`${path}-shm`) !== null;
}

// Kernels keep times in ticks of some milliseconds: a second write in the same tick would not show.
const TICK_MS = 50;

/** By `stat` alone: differs from the last one when somebody may have written. */
export function cheapStamp(path: string): string {
  const parts: string[] = [];
  let newest = 0;
  for (const suffix of ["", "-journal", "-wal"]) {
    const info = statSync(path + suffix, { bigint: true, throwIfNoEntry: false });
    // The time of change as well: who may read the file is no part of its content.
    parts.push(info ? `${info.ino}:${info.mtimeNs}:${info.ctimeNs}:${info.size}` : "-");
    if (info) newest = Math.max(newest, Number(info.mtimeNs / 1_000_000n));
  }
  const now = Date.now();
  if (now - newest < TICK_MS && now >= newest) parts.push(`at ${performance.now()}`);
  return parts.join(" ");
}

/** When the database or its write-ahead log was last written, in epoch milliseconds. */
export function lastWritten(path: string): number | null {
  let newest: number | null = null;
  for (const suffix of ["", "-wal"]) {
    const info = sidecar(path + suffix);
    // An empty log is made by opening the database, not by writing to it.
    if (!info || (suffix === "-wal" && info.size === 0)) continue;
    newest = Math.max(newest ?? 0, Number(info.mtime / 1000n) / 1000);
  }
  return newest;
}
