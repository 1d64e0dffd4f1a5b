/** What an error of SQLite means for a batch: wait and try again, or leave one change out. */
import { WriteDelayed } from "../writer.ts";
import { messageOf } from "../../errors.ts";

/** SQLite's primary result codes. */
const BUSY = 5;
const LOCKED = 6;
const FULL = 13;
const TOO_BIG = 18;
const CONSTRAINT = 19;
const MISMATCH = 20;

interface SqliteError extends Error {
  code?: string;
  errcode?: number;
}

/** Whether another connection is in the way. */
export function isLocked(error: unknown): boolean {
  const code = primaryCode(error);
  if (code !== null) return code === BUSY || code === LOCKED;
  return /database (table )?is locked/.test(messageOf(error));
}

/** Whether the fault is with the values of one change, not with the database. */
export function isRefusal(error: unknown): boolean {
  const { code } = error as SqliteError;
  if (code === "ERR_INVALID_ARG_VALUE" || code === "ERR_INVALID_ARG_TYPE") return true;
  const primary = primaryCode(error);
  return primary === CONSTRAINT || primary === MISMATCH || primary === TOO_BIG;
}

/** An error that holds up the whole batch, as the caller is told of it. */
export function delayOf(error: unknown, path: string): WriteDelayed {
  if (error instanceof WriteDelayed) return error;
  const message = messageOf(error);
  if (isLocked(error)) {
    return new WriteDelayed(
      "locked",
      `${path} is locked by another program; it is tried again until that one is done.`,
    );
  }
  if (primaryCode(error) === FULL || /is full|no space left/i.test(message)) {
    return new WriteDelayed(
      "full",
      `There is no space left for ${path}; free some and writing goes on.`,
    );
  }
  return new WriteDelayed("failing", `${path} cannot be written (SQLite says: ${message}).`);
}

function primaryCode(error: unknown): number | null {
  const errcode = (error as SqliteError).errcode;
  return typeof errcode === "number" ? errcode & 0xff : null;
}
