/** What a database file and its neighbours look like from outside, without SQLite and its locks. */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";

const JOURNAL_MAGIC = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
const SQLITE_MAGIC = "SQLite format 3\0";

/** The parts of a database file's header that tell whether and how it is being written. */
export interface FileState {
  size: number;
  /** Changes when the file was replaced by another. */
  inode: string;
  /** Equal before and after a read: nobody committed in between. */
  stamp: string;
  header: "sqlite" | "empty" | "other";
  wal: boolean;
  /** The size that the header claims, or null when it makes no valid claim. */
  claimedSize: number | null;
}

function sidecar(path: string): { size: number; mtime: bigint } | null {
  const info = statSync(path, { bigint: true, throwIfNoEntry: false });
  return info ? { size: Number(info.size), mtime: info.mtimeNs } : null;
}

/** State of the main file; throws when it cannot be opened. */
export function fileState(path: string): FileState {
  const fd = openSync(path, "r");
  try {
    const bytes = new Uint8Array(100);
    const length = readSync(fd, bytes, 0, 100, 0);
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

/** Whether the index of the write-ahead log lies beside the file. */
export function hasSharedMemory(path: string): boolean {
  return sidecar(`${path}-shm`) !== null;
}

// Kernels keep times in ticks of some milliseconds: a second write in the same tick would not show.
const TICK = 50;

/** By `stat` alone: differs from the last one when somebody may have written. */
export function cheapStamp(path: string): string {
  const parts: string[] = [];
  let newest = 0;
  for (const suffix of ["", "-journal", "-wal"]) {
    const info = statSync(path + suffix, { bigint: true, throwIfNoEntry: false });
    parts.push(info ? `${info.ino}:${info.mtimeNs}:${info.size}` : "-");
    if (info) newest = Math.max(newest, Number(info.mtimeNs / 1_000_000n));
  }
  const now = Date.now();
  if (now - newest < TICK && now >= newest) parts.push(`at ${performance.now()}`);
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
