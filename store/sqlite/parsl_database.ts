/** Parsl's monitoring database in an SQLite file. */
import type { Connection } from "./connection.ts";
import { emptyRows, type WorkflowRow } from "../../model/run/rows.ts";
import type { TextWord } from "../../model/tasks/texts.ts";
import type { TaskDetail } from "../../model/tasks/try_table.ts";
import {
  DatabaseError,
  type Glance,
  type MonitoringDatabase,
  type Slice,
  START,
  type TableBatch,
  type TaskRecord,
  type TextSlice,
  type Watermark,
} from "../database.ts";
import { Rewritten } from "../rewritten.ts";
import { textOf } from "../cell.ts";
import { isEpoch } from "../../parsl/naive_time.ts";
import { isId } from "../../parsl/readable.ts";
import { byRunTable, isOurs, RUN_TABLES } from "../../parsl/tables.ts";
import { workflowRows } from "../readers.ts";
import { rowOf, type RowValues } from "../value_row.ts";
import { cheapStamp, lastWritten } from "./file_state.ts";
import { glance } from "./glance.ts";
import { offsetOf } from "./old_rows.ts";
import { LEAST_ROWS, LOCKED_ROWS, nextWindow, turnOfOthers } from "./pace.ts";
import { all, one } from "./query.ts";
import { rawEnds, rawRows } from "./raw_rows.ts";
import { lastRow } from "./row_ids.ts";
import { advance } from "./row_reading.ts";
import { readSchema, requireParsls, type Schema } from "./schema.ts";
import type { Effort, Reader } from "./snapshot.ts";
import { taskDetails } from "./task_details.ts";
import { taskRecord } from "./task_record.ts";
import { searchTexts } from "./text_search.ts";

/** Rows that are copied, not looked at, come in bigger batches: each opens the file anew. */
const RAW_TIME = 18;
/** So many rows are looked at in one slice at first. */
const FIRST_ROWS = 2000;
const FIRST_LATER_ROWS = 1000;

/** One SQLite file. */
export class ParslDatabase implements MonitoringDatabase {
  readonly name: string;
  readonly path: string;
  readonly taken = null;
  readonly lacking = {};
  readonly #reader: Reader;
  #schema: Schema | null = null;
  #schemaInode = "";
  #inode: string | null = null;
  #closed = false;
  /** Whether the file held workflows when they were last asked for. */
  #hadWorkflows = false;
  /** Rows of a slice: of a first reading, and of later ones, which look up rows by their keys. */
  readonly #windows = { first: FIRST_ROWS, later: FIRST_LATER_ROWS, raw: FIRST_ROWS };
  #skipped = 0;
  #skippedWorkflows = 0;
  /** By file and run: how far the naive clock is ahead of UTC. */
  readonly #offsets = new Map<string, number>();

  constructor(name: string, path: string, reader: Reader) {
    this.name = name;
    this.path = path;
    this.#reader = reader;
  }

  /** Rows of runs that were left out because they cannot be read. */
  get skippedRows(): number {
    return this.#skipped;
  }

  /** Workflows that are in the file, but have no id by which anything could be found of them. */
  get skippedWorkflows(): number {
    return this.#skippedWorkflows;
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

  async workflows(): Promise<WorkflowRow[]> {
    const workflows = await this.#run((connection, schema) => {
      if (!schema.has("workflow")) {
        requireParsls(this.path, schema);
        return [];
      }
      const isNamed = "typeof(run_id) = 'text'";
      const sql = `SELECT count(*) FROM ${schema.from("workflow")} WHERE NOT (${isNamed})`;
      const [nameless] = one(connection, sql);
      this.#skippedWorkflows = Number(nameless);
      const found = all(
        connection,
        `${schema.select(workflowRows, true)} WHERE ${isNamed} ORDER BY rowid`,
      );
      return found.map((v) => {
        const offset = this.#offset(connection, schema, textOf(v[workflowRows.at.runId])!, v);
        return workflowRows.read(rowOf(v, offset));
      }).filter((workflow) => workflow !== null);
    }) ?? [];
    this.#hadWorkflows = workflows.length > 0;
    return workflows;
  }

  async *read(runId: string, since: Watermark): AsyncIterable<Slice> {
    const { ends, offset } = await this.#ends(runId, since);
    const wanted = { runId, since, ends, offset };
    let watermark = { ...since };
    const total = count(ends) - count(since);
    const kind = count(since) > 0 ? "later" : "first";
    for (let first = true;; first = false) {
      const began = performance.now();
      let elapsed = 0;
      let window = this.#windows[kind];
      const progress = await this.#run((connection, schema, effort) => {
        const jobBegan = performance.now();
        window = effort.locked
          ? LOCKED_ROWS
          : Math.max(LEAST_ROWS, Math.floor(this.#windows[kind] / 2 ** effort.attempt));
        const result = advance(connection, schema, wanted, watermark, window, first);
        elapsed = performance.now() - jobBegan;
        return result;
      });
      if (!progress) {
        // The file was emptied after its end was looked up.
        if (count(since) > 0) throw new Rewritten(this.path);
        yield { rows: emptyRows(), watermark, done: 0, total: 0, skipped: 0 };
        return;
      }
      const used = count(progress.watermark) - count(watermark);
      const waited = performance.now() - began;
      const { skipped } = progress;
      this.#skipped += skipped;
      watermark = progress.watermark;
      const done = count(watermark) - count(since);
      const given = performance.now();
      yield { rows: progress.rows, watermark: { ...watermark }, done, total, skipped };
      const folded = performance.now() - given;
      this.#windows[kind] = nextWindow(window, used, elapsed, waited, folded) ??
        this.#windows[kind];
      if (RUN_TABLES.every((table) => watermark[table] >= ends[table])) return;
      await turnOfOthers();
    }
  }

  async task(
    runId: string,
    taskId: number,
    tries: readonly number[] = [],
  ): Promise<TaskRecord | null> {
    if (!isId(taskId)) return null;
    return await this.#run((connection, schema) => {
      const offset = this.#offset(connection, schema, runId);
      return taskRecord(connection, schema, { runId, taskId, offset, tries });
    });
  }

  searchTexts(
    runId: string,
    word: TextWord,
    since: Watermark,
    until: Watermark,
  ): AsyncIterable<TextSlice> {
    return searchTexts((job) => this.#run(job), { runId, word, since, until });
  }

  async details(
    runId: string,
    taskIds: readonly number[],
    tryIds: readonly number[],
  ): Promise<TaskDetail[]> {
    return await this.#run((connection, schema) => {
      const offset = this.#offset(connection, schema, runId);
      return taskDetails(connection, schema, { runId, taskIds, tryIds, offset });
    }) ?? [];
  }

  async *tables(runId: string): AsyncIterable<TableBatch> {
    const ends = await this.#run((connection, schema) => rawEnds(connection, schema));
    if (!ends) return;
    const total = [...ends.values()].reduce((sum, end) => sum + end, 0);
    let before = 0;
    for (const [table, end] of ends) {
      let low = 0;
      do {
        const began = performance.now();
        let window = 0;
        const found = await this.#run((connection, schema, effort) => {
          window = effort.locked
            ? LOCKED_ROWS
            : Math.max(LEAST_ROWS, Math.floor(this.#windows.raw / 2 ** effort.attempt));
          return rawRows(connection, schema, table, runId, { low, window, end });
        });
        if (!found) return;
        const used = found.high - low;
        const read = performance.now() - began;
        low = found.high;
        const given = performance.now();
        // A run that our tables tell nothing of is as if they were not there.
        if (!isOurs(table) || found.rows.length > 0) {
          yield { table, columns: found.columns, rows: found.rows, done: before + low, total };
        }
        const next = nextWindow(window, used, read, read, performance.now() - given, RAW_TIME);
        this.#windows.raw = next ?? this.#windows.raw;
        await turnOfOthers();
      } while (low < end);
      before += end;
    }
  }

  async glance(runIds: string[]): Promise<Glance[]> {
    const found = await this.#run((connection, schema) =>
      runIds.map((runId) => glance(connection, schema, runId))
    );
    return found ?? runIds.map(() => ({ tasks: 0, newest: null }));
  }

  /**
   * How far a run's naive clock is ahead of UTC, in ms: 0 unless the run has times that are UTC.
   *
   * @param workflow the values of the run's row; they are looked up when they are not given
   */
  #offset(connection: Connection, schema: Schema, runId: string, workflow?: RowValues): number {
    const key = `${this.#schemaInode} ${runId}`;
    const known = this.#offsets.get(key);
    if (known !== undefined || !schema.has("workflow")) return known ?? 0;
    const sql = `${schema.select(workflowRows)} WHERE run_id = ?`;
    const values = workflow ?? all(connection, sql, runId).at(0);
    if (!values) return 0;
    const { began, completed } = workflowRows.at;
    const isUtc = isEpoch(values[began]) || isEpoch(values[completed]);
    const offset = isUtc ? offsetOf(connection, schema, runId) : 0;
    if (offset !== null) this.#offsets.set(key, offset);
    return offset ?? 0;
  }

  close(): void {
    this.#closed = true;
    this.#reader.close();
  }

  /** Runs a job with the schema at hand; null while the file is empty. */
  #run<T>(
    job: (connection: Connection, schema: Schema, effort: Effort) => T,
  ): Promise<T | null> {
    if (this.#closed) throw new DatabaseError(`${this.name} is closed; open it again to read it.`);
    return this.#reader.run<T | null>((connection, effort, inode) => {
      if (!connection) {
        if (!this.#hadWorkflows) return null;
        throw new DatabaseError(
          `${this.path} was emptied; put back what was in it, or wait until the next run fills it.`,
        );
      }
      const known = inode === this.#schemaInode ? this.#schema : null;
      const schema = readSchema(connection, known);
      const value = job(connection, schema, effort);
      this.#schema = schema;
      this.#schemaInode = inode;
      return value;
    });
  }

  /** The last row ids now, never before those of `since`; and how far the run's clock is ahead of UTC. */
  async #ends(runId: string, since: Watermark): Promise<{ ends: Watermark; offset: number }> {
    const found = await this.#run((connection, schema) => {
      const ends: Watermark = byRunTable((table) =>
        schema.has(table) ? lastRow(connection, schema, table) : 0
      );
      return { ends, offset: this.#offset(connection, schema, runId) };
    });
    const { ends, offset } = found ?? { ends: { ...START }, offset: 0 };
    const replaced = this.#inode !== null && this.#schemaInode !== "" &&
      this.#inode !== this.#schemaInode;
    this.#inode = this.#schemaInode || null;
    const shrunk = RUN_TABLES.some((table) => ends[table] < since[table]);
    if (shrunk || (replaced && count(since) > 0)) throw new Rewritten(this.path);
    return { ends, offset };
  }
}

function count(watermark: Watermark): number {
  return RUN_TABLES.reduce((sum, table) => sum + watermark[table], 0);
}
