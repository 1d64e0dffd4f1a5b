/**
 * What of a cell can be taken for what its column means. Readers take the rest for unknown, or leave
 * the row out where nothing can be told of it; writers refuse it.
 */
import type { Cell } from "./cell.ts";
import type { CellKind } from "./column.ts";

/** The highest id of a task or a try, and the most that is counted of anything. */
export const LARGEST_ID = 0x7fffffff;
/** The most of bytes, seconds and the like: what a signed integer of 64 bits may say. */
const MOST_AMOUNT = 2 ** 63;
/** The first and the last of the years 1 to 9999, as Python's datetime has them, in naive ms. */
const FIRST_TIME_MS = -62_135_596_800_000;
export const LAST_TIME_MS = 253_402_300_799_999;

/** Whether a number can be the id of a task or a try, or a number of things. */
export function isId(value: number): boolean {
  return (value | 0) === value && value >= 0;
}

/** Whether a number can be an amount: of bytes, of seconds, of a share. */
export function isAmount(value: number): boolean {
  return value >= 0 && value <= MOST_AMOUNT;
}

/** Whether naive milliseconds lie in the years 1 to 9999. */
export function isTime(ms: number): boolean {
  return ms >= FIRST_TIME_MS && ms <= LAST_TIME_MS;
}

/** What a cell of some column has to be, or its reader could not take it for what it is. */
export interface Limit {
  fits(cell: Cell): boolean;
  /** In words, after "where" and before "belongs". */
  wanted: string;
}

const ID: Limit = {
  fits: (cell) => typeof cell !== "string" && cell !== null && isId(Number(cell)),
  wanted: "a whole number from 0 to 2147483647",
};
const AMOUNT: Limit = {
  fits: (cell) => cell === null || typeof cell !== "string" && isAmount(Number(cell)),
  wanted: "a number from 0 to 2^63",
};
const NUMBER: Limit = {
  fits: (cell) => cell === null || typeof cell !== "string" && Number.isFinite(Number(cell)),
  wanted: "a finite number",
};
const TEXT: Limit = {
  fits: (cell) => typeof cell !== "string" || !cell.includes("\0"),
  wanted: "text without a NUL",
};

const LIMITS: Readonly<Record<CellKind, Limit>> = {
  id: ID,
  count: ID,
  tally: ID,
  bytes: AMOUNT,
  seconds: AMOUNT,
  percent: AMOUNT,
  amount: AMOUNT,
  number: NUMBER,
  boolean: TEXT,
  time: TEXT,
  ids: TEXT,
  text: TEXT,
};

/** What the cells of a column that is written have to be, by what its values are. */
export function limitOf(kind: CellKind): Limit {
  return LIMITS[kind];
}
