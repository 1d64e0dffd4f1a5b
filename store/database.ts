import { UserError } from "../errors.ts";
import type { Cell } from "../parsl/cell.ts";
import { byRunTable, type RunTable } from "../parsl/tables.ts";
import type { RunRows, StatusRow, TaskText, TryRow, WorkflowRow } from "../model/run/rows.ts";
import type { RequestRow, TracebackRow, TryTotals } from "../model/run/own_rows.ts";
import type { ResourceRow } from "../model/run/resource_row.ts";
import type { TextWord } from "../model/tasks/texts.ts";
import type { TextField } from "../parsl/text_field.ts";
import type { TaskDetail } from "../model/tasks/try_table.ts";

/** How far each append-only table has been read. Opaque to callers: hand back what you were given. */
export type Watermark = Record<RunTable, number>;

/** Nothing has been read yet. */
export const START: Readonly<Watermark> = Object.freeze(byRunTable(() => 0));

/** Some new rows of a run, and how far they reach. */
export interface Slice {
  rows: RunRows;
  watermark: Watermark;
  /** Rows of the tables scanned so far and in all, for progress. */
  done: number;
  total: number;
  /**
   * Rows of the run that were left out of these, for nothing can be told of what they are about: an id
   * or a time that can be none.
   */
  skipped: number;
}

/** Everything the database holds of one task, long texts included. */
export interface TaskRecord {
  text: TaskText;
  tries: TryRow[];
  statuses: StatusRow[];
  resources: ResourceRow[];
  /** What our client told of its tries; none where nothing did. */
  totals: TryTotals[];
  tracebacks: TracebackRow[];
  requests: RequestRow[];
}

/** Some of what a search of texts found, and how far it has come. */
export interface TextSlice {
  /** Ids of tasks whose texts hold the word, and of those whose texts do not hold it any more. */
  found: number[];
  lost: number[];
  watermark: Watermark;
  /** Rows looked at since the search began and in all, for progress. */
  done: number;
  total: number;
}

/** What can be told of a run without reading it. */
export interface Glance {
  /** Tasks so far, taking their ids as dense, as Parsl gives them; null when it is not quickly told. */
  tasks: number | null;
  /** Naive ms of the newest status found near the run's last tasks; null without any. */
  newest: number | null;
}

/** Some rows of one of Parsl's tables, with all columns that the table has. */
export interface TableBatch {
  table: string;
  columns: readonly string[];
  /** Maybe none: a table without rows of the run still tells its columns. */
  rows: Cell[][];
  /** Rows of all tables looked at so far and in all, for progress. */
  done?: number;
  total?: number;
}

/** A monitoring database that can be read while others write it. Speaks of rows, never of SQL. */
export interface MonitoringDatabase {
  /** What the user gave, for messages and the workflow list. */
  readonly name: string;
  /** The submit host's naive clock when a snapshot was taken, in ms; null if the database may change. */
  readonly taken: number | null;
  /** Texts that were taken out of the database before it was handed over: a sentence for each kind. */
  readonly lacking: Readonly<Partial<Record<TextField, string>>>;
  /** Changes when somebody may have written to the database; equal stamps mean nothing to read. */
  stamp(): Promise<string>;
  /** When the database was last written, in epoch milliseconds of this machine; null if unknown. */
  lastWritten(): Promise<number | null>;
  /** All workflows, in the order in which they were recorded. */
  workflows(): Promise<WorkflowRow[]>;
  /**
   * The rows of a run after `since`, of resources only what a run is folded from, in slices small enough not to hold up a server; task and try
   * rows that changed since then come again. Ends when everything now in the database was given.
   */
  read(runId: string, since: Watermark): AsyncIterable<Slice>;
  /**
   * One task with its long texts; null when the run has no such task.
   *
   * @param tries numbers of tries that it is known to have: a database may not find those that no
   *   status names without
   */
  task(runId: string, taskId: number, tries?: readonly number[]): Promise<TaskRecord | null>;
  /**
   * Looks for a word in texts of a run's rows after `since` and up to `until`, in slices small
   * enough not to hold up a server; rows before `since` that changed are looked at again. Letters of
   * A to Z match in either case.
   *
   * @param until how far the run was read: a watermark that {@link read} gave
   */
  searchTexts(
    runId: string,
    word: TextWord,
    since: Watermark,
    until: Watermark,
  ): AsyncIterable<TextSlice>;
  /**
   * Some tasks with their long texts and, of the numbers asked for, their tries, in any order; those
   * that the run has not are left out. Ask for some hundred at most.
   */
  details(
    runId: string,
    taskIds: readonly number[],
    tryIds: readonly number[],
  ): Promise<TaskDetail[]>;
  /**
   * Every row that the database has of a run in Parsl's tables, as it is, in the order of the rows,
   * in batches small enough not to hold up a server. At least one batch of each table.
   */
  tables(runId: string): AsyncIterable<TableBatch>;
  /** The size and newest time of each of some runs, at a cost that does not grow with either. */
  glance(runIds: string[]): Promise<Glance[]>;
  close(): void;
}

/** The user's mistake, in one sentence that says what to do. Shown without a stack. */
export class DatabaseError extends UserError {
  override name = "DatabaseError";
}

/** The same, where nothing is wrong that would not pass: others hold or change the database just now. */
export class DatabaseBusy extends DatabaseError {}
