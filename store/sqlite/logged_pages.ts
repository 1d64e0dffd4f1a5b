/** Which pages of a database stand in its write-ahead log, as its own frames say. */
import { Buffer } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const SALTS = 16;
const SALT_BYTES = 8;

/**
 * The numbers, from 1, of the pages in the log beside a database; none where there is no log. Frames
 * that an earlier round left behind do not count.
 *
 * @param path of the database
 */
export function loggedPages(path: string): Set<number> {
  const pages = new Set<number>();
  let log: number;
  try {
    log = openSync(`${path}-wal`, "r");
  } catch {
    return pages;
  }
  try {
    const header = Buffer.alloc(LOG_HEADER_BYTES);
    if (readSync(log, header, 0, LOG_HEADER_BYTES, 0) < LOG_HEADER_BYTES) return pages;
    const frameBytes = FRAME_HEADER_BYTES + header.readUInt32BE(8);
    const salts = header.subarray(SALTS, SALTS + SALT_BYTES);
    const frame = Buffer.alloc(FRAME_HEADER_BYTES);
    const { size } = fstatSync(log);
    for (let at = LOG_HEADER_BYTES; at + frameBytes <= size; at += frameBytes) {
      if (readSync(log, frame, 0, FRAME_HEADER_BYTES, at) < FRAME_HEADER_BYTES) break;
      if (!frame.subarray(SALT_BYTES, 2 * SALT_BYTES).equals(salts)) break;
      pages.add(frame.readUInt32BE(0));
    }
    return pages;
  } finally {
    closeSync(log);
  }
}
