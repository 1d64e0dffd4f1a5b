/** Parsl's monitoring database in an SQLite file. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { emptyRows, type RunRows, type WorkflowRow } from "../../model/rows.ts";
import {
  DatabaseError,
  type MonitoringDatabase,
  type Slice,
  type TaskRecord,
  type Watermark,
} from "../database.ts";
import { Rewritten } from "../rewritten.ts";
import {
  toBlock,
  toNode,
  toResource,
  toStatus,
  toTask,
  toText,
  toTry,
  toWorkflow,
  type Values,
} from "./decode.ts";
import { cheapStamp, lastWritten } from "./file_state.ts";
import { readSchema, type Schema, type TableName, TABLES } from "./schema.ts";
import type { Effort, Reader } from "./snapshot.ts";

/** A slice should take about so many milliseconds, and look at so many rows at least and at most. */
const SLICE_TIME = 25;
const LEAST_ROWS = 100;
const FIRST_ROWS = 4000;
const MOST_ROWS = 200_000;
const LOCKED_ROWS = 1000;

/**
 * Parsl adds a status in one transaction and updates its try in the next, so the updates of the
 * last statuses before the watermark may have been missed: look at so many of them again.
 */
const OVERLAP = 256;

interface Progress {
  watermark: Watermark;
  rows: RunRows;
  skipped: number;
}

/** One SQLite file. */
export class ParslDatabase implements MonitoringDatabase {
  readonly name: string;
  readonly path: string;
  readonly #reader: Reader;
  #schema: Schema | null = null;
  #schemaInode = "";
  #inode: string | null = null;
  #closed = false;
  #window = FIRST_ROWS;
  #skipped = 0;

  constructor(name: string, path: string, reader: Reader) {
    this.name = name;
    this.path = path;
    this.#reader = reader;
  }

  /** Status and resource rows that were left out because their time cannot be read. */
  get skippedRows(): number {
    return this.#skipped;
  }

  /** How often reads were repeated, took a lock, or used a repaired copy. */
  get statistics(): Readonly<Reader["statistics"]> {
    return this.#reader.statistics;
  }

  // deno-lint-ignore require-await
  async stamp(): Promise<string> {
    return cheapStamp(this.path);
  }

  // deno-lint-ignore require-await
  async lastWritten(): Promise<number | null> {
    return lastWritten(this.path);
  }

  /** The names of all tables. */
  async tables(): Promise<string[]> {
    return await this.#run((_connection, schema) => [...schema.tables.keys()]) ?? [];
  }

  async workflows(): Promise<WorkflowRow[]> {
    return await this.#run((connection, schema) => {
      if (!schema.has("workflow")) return [];
      return all(connection, `${schema.select("workflow")} ORDER BY rowid`).map(toWorkflow);
    }) ?? [];
  }

  async *read(runId: string, since: Watermark): AsyncIterable<Slice> {
    const ends = await this.#ends(since);
    let watermark = { ...since };
    const total = count(ends) - count(since);
    for (let first = true;; first = false) {
      const began = performance.now();
      let elapsed = 0;
      let window = this.#window;
      const progress = await this.#run((connection, schema, effort) => {
        const jobBegan = performance.now();
        window = effort.locked
          ? LOCKED_ROWS
          : Math.max(LEAST_ROWS, Math.floor(this.#window / 2 ** effort.attempt));
        const result = advance(connection, schema, runId, since, watermark, ends, window, first);
        elapsed = performance.now() - jobBegan;
        return result;
      });
      if (!progress) {
        // The file was emptied after its end was looked up.
        if (count(since) > 0) throw new Rewritten(this.path);
        yield { rows: emptyRows(), watermark, done: 0, total: 0 };
        return;
      }
      const used = count(progress.watermark) - count(watermark);
      this.#adapt(window, used, elapsed, performance.now() - began);
      this.#skipped += progress.skipped;
      watermark = progress.watermark;
      const done = count(watermark) - count(since);
      yield { rows: progress.rows, watermark: { ...watermark }, done, total };
      if (done >= total) return;
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  async task(runId: string, taskId: number): Promise<TaskRecord | null> {
    return await this.#run((connection, schema) => {
      if (!schema.has("task")) return null;
      const key = " WHERE task_id = ? AND run_id = ?";
      const found = all(connection, schema.select("text") + key, taskId, runId)[0];
      if (!found) return null;
      const record: TaskRecord = { text: toText(found), tries: [], statuses: [], resources: [] };
      let lastTry = Number(found[6] ?? 0);
      if (schema.has("status")) {
        for (
          const v of all(
            connection,
            `${schema.select("status")}${key} ORDER BY rowid`,
            taskId,
            runId,
          )
        ) {
          const status = toStatus(v);
          if (!status) continue;
          record.statuses.push(status);
          lastTry = Math.max(lastTry, status.tryId);
        }
      }
      // The keys of these two tables begin with the try: naming it spares a scan of the table.
      const ids = Array.from({ length: Math.min(lastTry + 2, 5000) }, (_, index) => index);
      const ofTask = (table: "try" | "resource") => {
        if (!schema.has(table)) return [];
        const list = schema.hasColumn(table, "try_id") ? ` AND try_id IN (${ids.join()})` : "";
        const sql = `${schema.select(table)}${key}${list} ORDER BY rowid`;
        return all(connection, sql, taskId, runId);
      };
      record.tries = ofTask("try").map(toTry).sort((a, b) => a.tryId - b.tryId);
      record.resources = ofTask("resource").map(toResource).filter((row) => row !== null);
      return record;
    });
  }

  close(): void {
    this.#closed = true;
    this.#reader.close();
  }

  /** Runs a job with the schema at hand; null while the file is empty. */
  #run<T>(
    job: (connection: DatabaseSync, schema: Schema, effort: Effort) => T,
  ): Promise<T | null> {
    if (this.#closed) throw new DatabaseError(`${this.name} is closed; open it again to read it.`);
    return this.#reader.run<T | null>((connection, effort, inode) => {
      if (!connection) return null;
      const known = inode === this.#schemaInode ? this.#schema : null;
      const schema = readSchema(connection, known);
      const value = job(connection, schema, effort);
      this.#schema = schema;
      this.#schemaInode = inode;
      return value;
    });
  }

  /** The last row ids now; never before those of `since`. */
  async #ends(since: Watermark): Promise<Watermark> {
    const found = await this.#run((connection, schema) => {
      const ends: Watermark = { task: 0, try: 0, status: 0, resource: 0, node: 0, block: 0 };
      for (const table of TABLES) {
        if (!schema.has(table)) continue;
        const sql = `SELECT coalesce(max(rowid), 0) FROM "${table}"`;
        ends[table] = Number(all(connection, sql)[0][0]);
      }
      return ends;
    });
    const ends = found ?? { task: 0, try: 0, status: 0, resource: 0, node: 0, block: 0 };
    const replaced = this.#inode !== null && this.#schemaInode !== "" &&
      this.#inode !== this.#schemaInode;
    this.#inode = this.#schemaInode || null;
    const shrunk = TABLES.some((table) => ends[table] < since[table]);
    if (shrunk || (replaced && count(since) > 0)) throw new Rewritten(this.path);
    return ends;
  }

  #adapt(window: number, used: number, elapsed: number, waited: number): void {
    if (waited > 2 * elapsed + 10) {
      // A writer interfered: stay with the size that went through, grow again when it is quiet.
      this.#window = Math.max(LEAST_ROWS, window);
    } else if (elapsed > 2 * SLICE_TIME) {
      this.#window = Math.max(LEAST_ROWS, Math.floor(window / 2));
    } else if (used >= window && elapsed < SLICE_TIME / 2) {
      this.#window = Math.min(MOST_ROWS, window * 2);
    }
  }
}

function count(watermark: Watermark): number {
  return TABLES.reduce((sum, table) => sum + watermark[table], 0);
}

function prepare(connection: DatabaseSync, sql: string): StatementSync {
  const statement = connection.prepare(sql);
  // Deno's types do not know this method of node:sqlite yet.
  (statement as StatementSync & { setReturnArrays(enabled: boolean): void }).setReturnArrays(true);
  return statement;
}

function rowsOf(statement: StatementSync, ...parameters: SQLInputValue[]): Values[] {
  // With setReturnArrays each row is an array, which the type of `all` does not know.
  return statement.all(...parameters) as unknown as Values[];
}

function all(connection: DatabaseSync, sql: string, ...parameters: SQLInputValue[]): Values[] {
  return rowsOf(prepare(connection, sql), ...parameters);
}

/** Reads on from `from`, over at most `window` row ids of all tables together. */
function advance(
  connection: DatabaseSync,
  schema: Schema,
  runId: string,
  since: Watermark,
  from: Watermark,
  ends: Watermark,
  window: number,
  first: boolean,
): Progress {
  const rows = emptyRows();
  const progress: Progress = { watermark: { ...from }, rows, skipped: 0 };
  if (first && schema.has("workflow")) {
    const found = all(connection, `${schema.select("workflow")} WHERE run_id = ?`, runId)[0];
    rows.workflow = found ? toWorkflow(found) : null;
  }
  const touched = new Touched();
  if (first && since.status > 0 && schema.has("status")) {
    const low = Math.max(0, since.status - OVERLAP);
    for (const v of rowsBetween(connection, schema, "status", low, since.status, runId)) {
      const status = toStatus(v);
      if (status) touched.add(status.taskId, status.tryId);
    }
  }
  let budget = window;
  for (const table of TABLES) {
    const low = from[table];
    const high = Math.min(ends[table], low + budget);
    if (high <= low) continue;
    budget -= high - low;
    progress.watermark[table] = high;
    if (schema.has(table)) {
      progress.skipped += collect(
        table,
        rowsBetween(connection, schema, table, low, high, runId),
        rows,
        touched,
      );
    }
    if (budget <= 0) break;
  }
  readAgain(connection, schema, runId, since, touched, rows);
  return progress;
}

function rowsBetween(
  connection: DatabaseSync,
  schema: Schema,
  table: TableName,
  low: number,
  high: number,
  runId: string,
): Values[] {
  const sql = `${schema.select(table)} WHERE rowid > ? AND rowid <= ? AND +run_id = ?` +
    " ORDER BY rowid";
  return all(connection, sql, low, high, runId);
}

/** The tasks and tries that statuses name. */
class Touched {
  readonly tries = new Map<number, Set<number>>();

  add(taskId: number, tryId: number): void {
    const known = this.tries.get(taskId);
    if (known) known.add(tryId);
    else this.tries.set(taskId, new Set([tryId]));
  }
}

/** Decodes values of a table into `rows`; returns how many had no readable time. */
function collect(table: TableName, values: Values[], rows: RunRows, touched: Touched): number {
  let skipped = 0;
  switch (table) {
    case "task":
      for (const v of values) rows.tasks.push(toTask(v));
      break;
    case "try":
      for (const v of values) rows.tries.push(toTry(v));
      break;
    case "status":
      for (const v of values) {
        const status = toStatus(v);
        if (status) {
          rows.statuses.push(status);
          touched.add(status.taskId, status.tryId);
        } else skipped++;
      }
      break;
    case "resource":
      for (const v of values) {
        const resource = toResource(v);
        if (resource) rows.resources.push(resource);
        else skipped++;
      }
      break;
    case "node":
      for (const v of values) rows.nodes.push(toNode(v));
      break;
    case "block":
      for (const v of values) rows.blocks.push(toBlock(v));
      break;
  }
  return skipped;
}

/**
 * Reads once more the touched rows that were given before `since`, for Parsl updates them in place.
 * Rows after `since` are read in this pass, after whatever the pass's statuses tell of.
 */
function readAgain(
  connection: DatabaseSync,
  schema: Schema,
  runId: string,
  since: Watermark,
  touched: Touched,
  rows: RunRows,
): void {
  if (touched.tries.size === 0) return;
  if (since.task > 0 && schema.has("task")) {
    const statement = prepare(
      connection,
      `${schema.select("task")} WHERE task_id = ? AND run_id = ? AND +rowid <= ?`,
    );
    for (const taskId of touched.tries.keys()) {
      for (const v of rowsOf(statement, taskId, runId, since.task)) rows.tasks.push(toTask(v));
    }
  }
  if (since.try > 0 && schema.hasColumn("try", "try_id") && schema.has("try")) {
    const statement = prepare(
      connection,
      `${schema.select("try")} WHERE try_id = ? AND task_id = ? AND run_id = ? AND +rowid <= ?`,
    );
    for (const [taskId, tryIds] of touched.tries) {
      for (const tryId of tryIds) {
        for (const v of rowsOf(statement, tryId, taskId, runId, since.try)) {
          rows.tries.push(toTry(v));
        }
      }
    }
  }
}
