/** Whether a header says what one has to say. What it says of bytes is looked into when they come. */
import { LEVEL_NAMES } from "../../model/run/levels.ts";
import { type DataHeader, PACKED_KINDS } from "./header.ts";

/** Columns of a table, as SQLite allows. */
const MOST_COLUMNS = 2000;
/** Tables, and sentences about what was left out: a report has a dozen. */
const MOST_TABLES = 500;
const MOST_LEFT = 50;
/** Rows of a table: their numbers are kept in four bytes. */
const MOST_ROWS = 2 ** 31 - 1;

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isInt: Check = (value) => Number.isSafeInteger(value);
const isRows: Check = (value) => isCount(value) && (value as number) <= MOST_ROWS;
const oneOf = (...values: unknown[]): Check => (value) => values.includes(value);
const listOf = (check: Check, most = Infinity): Check => (value) =>
  Array.isArray(value) && value.length <= most && value.every(check);
const either = (...checks: Check[]): Check => (value) => checks.some((check) => check(value));
const maybe = (check: Check): Check => (value) => value === undefined || check(value);

/** An object whose members are as asked; those that are not named may be anything. */
function having(checks: Record<string, Check>): Check {
  const entries = Object.entries(checks);
  return (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) &&
    entries.every(([name, check]) =>
      check(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined)
    );
}

const isPlace: Check = (value) =>
  Array.isArray(value) && value.length === 3 && value.every(isCount);

const isInts = either(
  having({ e: oneOf("same"), v: isNumber }),
  having({
    e: oneOf("varint", "planes"),
    at: isPlace,
    w: maybe((value) => isInt(value) && (value as number) >= 1 && (value as number) <= 8),
    by: maybe(isNumber),
    delta: maybe(oneOf(1)),
    z: maybe(oneOf(1)),
    wide: maybe(oneOf(1)),
  }),
);

const isDigits: Check = (value) => isInt(value) && Math.abs(value as number) <= 308;

const isReals = either(
  having({ e: oneOf("bits"), at: isPlace }),
  having({ e: oneOf("scaled"), digits: isDigits, ints: isInts }),
  having({ e: oneOf("near"), digits: isDigits, ints: isInts, ulps: isInts }),
);

const isWords = having({
  index: isInts,
  words: either(
    having({ e: oneOf("utf8"), n: isRows, lengths: isInts, at: isPlace }),
    having({ e: oneOf("hex"), n: isRows, length: isRows, at: isPlace }),
  ),
});

const isReference = either(
  having({ table: isText, column: isText }),
  having({ after: isText, depends: isText, returned: isText }),
);

const isColumn = having(
  {
    name: isText,
    kinds: isInts,
    int: maybe(isInts),
    real: maybe(isReals),
    text: maybe(isWords),
    time: maybe(having({
      by: maybe(isText),
      groups: listOf(having({ ref: maybe(isReference), n: isRows, ints: isInts })),
    })),
    list: maybe(having({ counts: isInts, firsts: isInts, others: isInts, n: isRows })),
    big: maybe(isWords),
    blob: maybe(isWords),
  } satisfies Record<"name" | "kinds" | Exclude<typeof PACKED_KINDS[number], "null">, Check>,
);

const isTable = having({
  name: isText,
  rows: isRows,
  failed: maybe(having({ n: isRows, rows: isInts })),
  parts: listOf(isText),
  columns: listOf(isColumn, MOST_COLUMNS),
});

/** A number; JSON has null for what is none, such as the first of no times. */
const isMaybe = either(oneOf(null), isNumber);
const isLine = having({ width: isMaybe, first: isMaybe, n: isRows, steps: isReals });

const isSamples = having({
  count: isCount,
  misplaced: isCount,
  peak: isMaybe,
  gaps: isCount,
  base: isMaybe,
  first: isMaybe,
  last: isMaybe,
  parts: listOf(isText),
  tries: isRows,
  taskId: isInts,
  tryId: isInts,
  tryCount: isInts,
  tryPeak: isReals,
  tryBelow: isReals,
  hasCpu: isInts,
  tryCpu: isReals,
  rate: isLine,
  moment: isLine,
  ...Object.fromEntries(LEVEL_NAMES.map((level) => [level, maybe(isLine)])),
});

/** Whether a value is a header of this version that can be read. */
export const isDataHeader = having({
  version: oneOf(1),
  newest: isMaybe,
  left: listOf(having({ what: isText, text: isText }), MOST_LEFT),
  tables: listOf(isTable, MOST_TABLES),
  samples: maybe(isSamples),
}) as (value: unknown) => value is DataHeader;
