/** Where rows of a table lie by their row ids, which most often are 1, 2, 3 … without gaps. */
import type { Connection } from "./connection.ts";
import { one } from "./query.ts";
import type { Schema } from "./schema.ts";

const FIRST_POSSIBLE = -(2n ** 63n);
/** Stands for the end of a table some of whose row ids are too large for a number. */
const BEYOND = 2 ** 63;

/** Up to where rows are there: 0 for a table without rows. */
export function lastRow(connection: Connection, schema: Schema, table: string): number {
  const [last] = one(connection, `SELECT max(rowid) FROM ${schema.from(table)}`);
  if (last === null) return 0;
  const row = Number(last);
  if (!Number.isSafeInteger(row)) return row > 0 ? BEYOND : 0.5;
  // More than nothing, and less than the first of those that may follow.
  return Math.max(row, 0.5);
}

/** The condition that a row lies behind `low`, where 0 is before all, and not behind `high`. */
export function between(low: number, high: number): [sql: string, low: number | bigint, number] {
  return ["rowid > ? AND rowid <= ?", low === 0 ? FIRST_POSSIBLE : low, high];
}

/** Where a window of so many row ids ends that begins behind `low`. */
export function windowEnd(low: number, window: number, end: number): number {
  const high = Math.floor(low) + window;
  return high < end && Number.isSafeInteger(high) ? high : end;
}

/** From where on to look for rows when there are none between some row id and `from`. */
export function behindGap(
  connection: Connection,
  schema: Schema,
  table: string,
  from: number,
  end: number,
): number {
  if (from >= end) return end;
  const sql = `SELECT min(rowid) FROM ${schema.from(table)} WHERE rowid > ?`;
  const [next] = one(connection, sql, from);
  if (next === null) return end;
  const row = Number(next) - 1;
  return Number.isSafeInteger(row) ? Math.max(from, Math.min(row, end)) : Number.MAX_SAFE_INTEGER;
}
