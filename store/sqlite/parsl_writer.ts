/** Writes Parsl's monitoring database. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { type Change, type MonitoringWriter, type Rejection, type WrittenCell } from "../writer.ts";
import { messageOf } from "../../errors.ts";
import { delayOf, isRefusal } from "./writer_errors.ts";
import { FileGuard } from "./file_guard.ts";
import { tendDatabase } from "./writer_tending.ts";
import { type ChangeKind, isRowChange, PLACES, type RowChangeKind } from "../../parsl/messages.ts";
import { PICK, prepareStatements, type Statements } from "./writer_statements.ts";

const TASK = PLACES.task;
const WORKER_START = PLACES["worker-start"];
const WORKER_END = PLACES["worker-end"];
const WORKFLOW_END = PLACES["workflow-end"];
/** The cells that may tell since when there is a run whose start has not come; the first that do. */
const BEGINNINGS = ["timestamp", "time_began", "time_completed", "time_ended"];

/** A row as an array, or undefined when there is none. */
function first(
  statement: StatementSync,
  ...parameters: SQLInputValue[]
): WrittenCell[] | undefined {
  // With setReturnArrays each row is an array, which the type of `get` does not know.
  return statement.get(...parameters) as unknown as WrittenCell[] | undefined;
}

function rowsOf(statement: StatementSync): WrittenCell[][] {
  return statement.all() as unknown as WrittenCell[][];
}

/** The value of a query that gives one. */
function only(statement: StatementSync, ...parameters: SQLInputValue[]): WrittenCell | undefined {
  const [value] = first(statement, ...parameters) ?? [];
  return value;
}

/** Since when there is a run, as a change of it tells; empty when it does not. */
function beginningOf({ kind, cells }: Change): WrittenCell {
  const places: Readonly<Record<string, number | undefined>> = PLACES[kind];
  for (const name of BEGINNINGS) {
    const place = places[name];
    const cell = place === undefined ? null : cells[place];
    if (cell !== null) return cell;
  }
  return "";
}

/** Tasks of a run that failed and that completed. */
interface Counts {
  failed: number;
  completed: number;
}

/** One SQLite file, written by one connection. */
export class ParslWriter implements MonitoringWriter {
  readonly path: string;
  readonly #connection: DatabaseSync;
  readonly #sql: Statements;
  readonly #guard: FileGuard;
  /** Runs that have a row in `workflow`. */
  readonly #runs = new Set<string>();
  /** Those of them that the open transaction added. */
  #added: string[] = [];
  /** Rows of parsloscope_deferred. */
  #deferred: number;
  /** What the statuses of the batch tell of their runs' counts. */
  #counts = new Map<string, Counts>();
  /** What is done for a change that is not one row as it is. */
  readonly #others: Readonly<
    Record<Exclude<ChangeKind, RowChangeKind>, (change: Change) => void>
  > = {
    "workflow-start": ({ cells }) => this.#sql.start.run(...cells),
    "workflow-end": ({ cells }) => this.#sql.end.run(...PICK.end(cells)),
    "task": (change) => this.#task(change),
    "worker-start": ({ cells }) => this.#workerStart(cells),
    "worker-end": ({ cells }) => this.#workerEnd(cells),
    "try-worker": ({ cells }) => this.#sql.tryWorker.run(...cells),
    "try-totals": ({ cells }) => this.#sql.tryTotals.run(...cells),
  };

  /** Takes over a connection that `openConnection` gave. */
  constructor(connection: DatabaseSync, path: string) {
    this.path = path;
    this.#connection = connection;
    this.#sql = prepareStatements(connection);
    this.#guard = new FileGuard(path, connection);
    for (const [run] of rowsOf(this.#sql.runs)) this.#runs.add(String(run));
    this.#deferred = Number(only(this.#sql.countDeferred));
  }

  // deno-lint-ignore require-await
  async write(
    batch: readonly Change[],
    clients: ReadonlyMap<string, number> = new Map(),
  ): Promise<Rejection[]> {
    this.#guard.before();
    const rejections = this.#write(batch, clients);
    this.#guard.after();
    return rejections;
  }

  #write(batch: readonly Change[], clients: ReadonlyMap<string, number>): Rejection[] {
    const deferred = this.#deferred;
    try {
      try {
        return this.#commit(batch, clients, false);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        this.#rollback(deferred);
        // Somewhere in it is a change that cannot be placed: go through them one by one.
        return this.#commit(batch, clients, true);
      }
    } catch (error) {
      this.#rollback(deferred);
      throw delayOf(error, this.path);
    }
  }

  // deno-lint-ignore require-await
  async acknowledged(client: string): Promise<number> {
    return Number(only(this.#sql.acknowledged, client) ?? 0);
  }

  // deno-lint-ignore require-await
  async deferred(): Promise<Map<string, number>> {
    return new Map(rowsOf(this.#sql.deferred).map(([run, n]) => [String(run), Number(n)]));
  }

  // deno-lint-ignore require-await
  async names(): Promise<Map<string, string>> {
    return new Map(rowsOf(this.#sql.names).map(([run, name]) => [String(run), String(name)]));
  }

  // deno-lint-ignore require-await
  async tend(): Promise<void> {
    tendDatabase(this.#connection);
    this.#guard.after();
  }

  // deno-lint-ignore require-await
  async close(): Promise<void> {
    try {
      this.#connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // Somebody reads or writes it; the next who opens it does this.
    }
    this.#connection.close();
    this.#guard.close();
  }

  #commit(
    batch: readonly Change[],
    clients: ReadonlyMap<string, number>,
    careful: boolean,
  ): Rejection[] {
    const sql = this.#sql;
    const rejections: Rejection[] = [];
    sql.begin.run();
    for (let index = 0; index < batch.length; index++) {
      if (!careful) this.#apply(batch[index]);
      else {
        const reason = this.#attempt(batch[index]);
        if (reason !== null) rejections.push({ index, reason });
      }
    }
    for (const [run, { failed, completed }] of this.#counts) sql.counts.run(run, failed, completed);
    const now = Date.now();
    for (const [client, number] of clients) sql.client.run(client, number, now);
    sql.commit.run();
    this.#added = [];
    this.#counts.clear();
    return rejections;
  }

  /** Applies one change whole or not at all; says why it could not be. */
  #attempt(change: Change): string | null {
    const deferred = this.#deferred;
    const added = this.#added.length;
    this.#sql.savepoint.run();
    try {
      this.#apply(change);
      this.#sql.release.run();
      return null;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#sql.undo.run();
      this.#sql.release.run();
      this.#deferred = deferred;
      for (const run of this.#added.splice(added)) this.#runs.delete(run);
      return messageOf(error);
    }
  }

  #rollback(deferred: number): void {
    this.#deferred = deferred;
    for (const run of this.#added) this.#runs.delete(run);
    this.#added = [];
    this.#counts.clear();
    try {
      if (this.#connection.isTransaction) this.#sql.rollback.run();
    } catch {
      // SQLite has undone it itself.
    }
  }

  #apply(change: Change): void {
    const { kind, runId, cells } = change;
    if (!this.#runs.has(runId)) this.#addRun(change);
    if (isRowChange(kind)) this.#sql.rows[kind].run(...cells);
    else this.#others[kind](change);
  }

  /** Makes a run visible whose start has not come, or never will. */
  #addRun(change: Change): void {
    const { kind, runId, cells } = change;
    if (kind !== "workflow-start") {
      const rundir = kind === "workflow-end" ? cells[WORKFLOW_END.rundir] ?? "" : "";
      this.#sql.placeholder.run(runId, beginningOf(change), rundir, "", "", 0, 0);
    }
    this.#runs.add(runId);
    this.#added.push(runId);
  }

  #task({ runId, cells }: Change): void {
    const sql = this.#sql;
    const run = cells[TASK.run_id];
    const task = cells[TASK.task_id];
    const attempt = cells[TASK.try_id];
    const time = String(cells[TASK.timestamp]);
    const newest = first(sql.newest, run, task, attempt)!;
    const [ofTask, ofTry] = newest as (string | null)[];
    const old = (known: string | null) => known !== null && time < known;
    sql.status.run(...PICK.status(cells));
    (old(ofTask) ? sql.oldTask : sql.task).run(...PICK.task(cells));
    (old(ofTry) ? sql.oldTry : sql.try).run(...PICK.try(cells));
    if (this.#deferred > 0) {
      const waiting = first(sql.takeDeferred, run, task, attempt);
      if (waiting !== undefined) {
        this.#deferred--;
        sql.running.run(run, task, attempt, ...waiting);
      }
    }
    const failed = Number(cells[TASK.tasks_failed_count]);
    const completed = Number(cells[TASK.tasks_completed_count]);
    const counts = this.#counts.get(runId);
    if (counts === undefined) this.#counts.set(runId, { failed, completed });
    else {
      counts.failed = Math.max(counts.failed, failed);
      counts.completed = Math.max(counts.completed, completed);
    }
  }

  #workerStart(cells: readonly WrittenCell[]): void {
    const sql = this.#sql;
    const start = PICK.start(cells);
    const run = cells[WORKER_START.run_id];
    const task = cells[WORKER_START.task_id];
    const attempt = cells[WORKER_START.try_id];
    sql.status.run(run, task, attempt, cells[WORKER_START.timestamp], "running");
    if (sql.running.run(...start).changes !== 0) return;
    // Either a later start of the try is known, or nothing of the try at all.
    if (first(sql.hasTry, run, task, attempt) !== undefined) return;
    if (sql.defer.run(...start).changes !== 0) this.#deferred++;
    else sql.deferNewer.run(...start);
  }

  #workerEnd(cells: readonly WrittenCell[]): void {
    this.#sql.status.run(
      cells[WORKER_END.run_id],
      cells[WORKER_END.task_id],
      cells[WORKER_END.try_id],
      cells[WORKER_END.timestamp],
      "running_ended",
    );
  }
}
