/** Looking for a word in the long texts of a run's rows. */
import type { Connection } from "./connection.ts";
import type { TextWord } from "../../model/tasks/texts.ts";
import { numberOf, textOf } from "../cell.ts";
import type { TextSlice, Watermark } from "../database.ts";
import type { Cell } from "../../parsl/cell.ts";
import { SEARCHED, type SearchedColumns } from "../../parsl/searched.ts";
import { nextWindow, SLICE_TIME_MS, turnOfOthers } from "./pace.ts";
import { all, one } from "./query.ts";
import type { Schema } from "./schema.ts";
import type { Effort } from "./snapshot.ts";

/** So many rows are looked at in one slice at first: their texts may be long. */
const FIRST_ROWS = 500;
const LOCKED_ROWS = 200;
/** A try may change after the status that tells of it: this many are looked at once more. */
const OVERLAP = 256;

/** Runs a job on a consistent state of the file; null while the file is empty. */
export type RunJob = <T>(
  job: (connection: Connection, schema: Schema, effort: Effort) => T,
) => Promise<T | null>;

/** What is looked for, and in which rows. */
export interface TextSearch {
  runId: string;
  word: TextWord;
  since: Watermark;
  until: Watermark;
}

/** The slices of a search; see `MonitoringDatabase.searchTexts`. */
export async function* searchTexts(run: RunJob, search: TextSearch): AsyncIterable<TextSlice> {
  let from = { ...search.since };
  let window = FIRST_ROWS;
  for (let first = true;; first = false) {
    const began = performance.now();
    let size = 0;
    let read = 0;
    const step = await run((connection, schema, effort) => {
      const jobBegan = performance.now();
      size = effort.locked
        ? Math.min(window, LOCKED_ROWS)
        : Math.max(1, Math.floor(window / 2 ** effort.attempt));
      const result = advance(connection, schema, search, from, size, first);
      read = performance.now() - jobBegan;
      return result;
    });
    // The file was emptied meanwhile.
    if (!step) return;
    const waited = performance.now() - began;
    from = step.slice.watermark;
    const given = performance.now();
    yield step.slice;
    if (step.ended) return;
    const used = performance.now() - given;
    window = nextWindow(size, size, read, waited, used, SLICE_TIME_MS, 1) ?? window;
    await turnOfOthers();
  }
}

/** Looks on from `from`, at about `window` row ids. */
function advance(
  connection: Connection,
  schema: Schema,
  search: TextSearch,
  from: Watermark,
  window: number,
  first: boolean,
): { slice: TextSlice; ended: boolean } {
  const { word, since, until } = search;
  const watermark = { ...from };
  const slice: TextSlice = { found: [], lost: [], watermark, done: 0, total: 0 };
  const parts = partsOf(schema, word);
  // Nothing was looked at before: nothing can have changed since.
  const begins = since.task + since.try + since.status === 0;
  if (first) watermark.status = begins ? until.status : Math.max(0, since.status - OVERLAP);
  let budget = window;
  for (const { table, columns } of parts) {
    const low = watermark[table];
    if (low >= until[table] || budget <= 0) continue;
    const { high, rows } = nextRows(connection, table, low, until[table], budget);
    scan(connection, search, table, columns, low, high, slice.found);
    watermark[table] = high;
    budget -= rows;
  }
  if (budget > 0 && watermark.status < until.status && schema.has("status")) {
    const low = watermark.status;
    const { high } = nextRows(connection, "status", low, until.status, budget);
    lookAgain(connection, schema, search, parts, low, high, slice);
    watermark.status = high;
  }
  if (!schema.has("status")) watermark.status = until.status;
  const tables = [...parts.map(({ table }) => table), "status" as const];
  const left = tables.reduce((sum, table) => sum + Math.max(0, until[table] - watermark[table]), 0);
  const known = begins ? { ...since, status: until.status } : since;
  slice.total = tables.reduce((sum, table) => sum + Math.max(0, until[table] - known[table]), 0);
  slice.done = Math.max(0, slice.total - left);
  const ended = left === 0;
  if (ended) slice.watermark = { ...until };
  return { slice, ended };
}

/** The searched columns that the file has. */
function partsOf(schema: Schema, { field }: TextWord): SearchedColumns[] {
  return SEARCHED[field]
    .map(({ table, columns }) => ({
      table,
      columns: columns.filter((column) => schema.hasColumn(table, column)),
    }))
    .filter(({ table, columns }) => schema.has(table) && columns.length > 0);
}

/** Where the next `count` rows behind `low` end, for row ids may have gaps; `end` for the last ones. */
function nextRows(
  connection: Connection,
  table: string,
  low: number,
  end: number,
  count: number,
): { high: number; rows: number } {
  const [last, rows] = one(
    connection,
    `SELECT max(rowid), count(*) FROM (SELECT rowid FROM "${table}"` +
      " WHERE rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?)",
    low,
    end,
    count,
  );
  const found = Number(rows);
  const high = Number(last);
  const isLast = found < count || !Number.isSafeInteger(high) || high <= low;
  return { high: isLast ? end : high, rows: found };
}

function scan(
  connection: Connection,
  { runId, word }: TextSearch,
  table: string,
  columns: readonly string[],
  low: number,
  high: number,
  found: number[],
): void {
  const like = columns.map((column) => `"${column}" LIKE ? ESCAPE '\\'`).join(" OR ");
  // SQLite knows the other case of A to Z only: what may have another is looked at here.
  const plain = isAscii(word.text);
  const sql = `SELECT ${["task_id", ...plain ? [] : columns].join(", ")} FROM "${table}"` +
    ` WHERE rowid > ? AND rowid <= ? AND +run_id = ? AND (${like}) ORDER BY rowid`;
  const pattern = columns.map(() => patternOf(word.text));
  for (const [id, ...texts] of all(connection, sql, low, high, runId, ...pattern)) {
    if (plain || texts.some((text) => holds(text, word))) take(found, id);
  }
}

/** Looks at the rows that statuses name, for Parsl updates them in place. */
function lookAgain(
  connection: Connection,
  schema: Schema,
  { runId, word }: TextSearch,
  parts: readonly SearchedColumns[],
  low: number,
  high: number,
  slice: TextSlice,
): void {
  const byTry = schema.hasColumn("status", "try_id") && schema.hasColumn("try", "try_id");
  const statuses = all(
    connection,
    `SELECT DISTINCT task_id${byTry ? ", try_id" : ""} FROM status` +
      " WHERE rowid > ? AND rowid <= ? AND +run_id = ?",
    low,
    high,
    runId,
  );
  for (const { table, columns } of parts) {
    const ofTry = table === "try" && byTry;
    const key = `WHERE task_id = ? AND run_id = ?${ofTry ? " AND try_id = ?" : ""}`;
    const statement = connection.prepare(`SELECT ${columns.join(", ")} FROM "${table}" ${key}`);
    for (const [taskId, tryId] of statuses) {
      const rows = statement.rows(taskId, runId, ...ofTry ? [tryId] : []);
      if (rows.some((texts) => texts.some((text) => holds(text, word)))) {
        take(slice.found, taskId);
      } else if (word.field !== "error") {
        // A failure stays in the history of its task.
        take(slice.lost, taskId);
      }
    }
  }
}

function take(ids: number[], cell: Cell): void {
  const id = numberOf(cell);
  if (id !== null) ids.push(id);
}

function holds(cell: Cell, { text }: TextWord): boolean {
  return textOf(cell)?.toLowerCase().includes(text) ?? false;
}

function isAscii(text: string): boolean {
  return [...text].every((character) => character < "\x80");
}

/** A pattern of LIKE that every text with the word fits. */
function patternOf(word: string): string {
  const parts = Array.from(word, (character) => {
    if (character >= "\x80") return "%";
    return "\\%_".includes(character) ? `\\${character}` : character;
  });
  return `%${parts.join("")}%`;
}
