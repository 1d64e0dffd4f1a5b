/** Writes Parsl's monitoring database. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import {
  type Cell,
  type Change,
  DatabaseMoved,
  type MonitoringWriter,
  type Rejection,
} from "../writer.ts";
import { messageOf } from "../../errors.ts";
import { delayOf, isRefusal } from "./writer_errors.ts";
import { tendDatabase } from "./writer_tending.ts";
import {
  COMPLETED_PLACE,
  FAILED_PLACE,
  prepareStatements,
  type Statements,
  STATUS_LENGTH,
  TASK_PLACES,
  TIME_PLACES,
  TRY_PLACES,
} from "./writer_statements.ts";

/** A row as an array, or undefined when there is none. */
function first(statement: StatementSync, ...parameters: SQLInputValue[]): Cell[] | undefined {
  // With setReturnArrays each row is an array, which the type of `get` does not know.
  return statement.get(...parameters) as unknown as Cell[] | undefined;
}

function rowsOf(statement: StatementSync): Cell[][] {
  return statement.all() as unknown as Cell[][];
}

function pick(cells: readonly Cell[], places: readonly number[]): Cell[] {
  const picked: Cell[] = new Array(places.length);
  for (let i = 0; i < places.length; i++) picked[i] = cells[places[i]];
  return picked;
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
  readonly #inode: number | null;
  /** Runs that have a row in `workflow`. */
  readonly #runs = new Set<string>();
  /** Those of them that the open transaction added. */
  #added: string[] = [];
  /** Rows of parsloscope_deferred. */
  #deferred: number;
  /** What the statuses of the batch tell of their runs' counts. */
  #counts = new Map<string, Counts>();

  /** Takes over a connection that `openConnection` gave. */
  constructor(connection: DatabaseSync, path: string) {
    this.path = path;
    this.#connection = connection;
    this.#sql = prepareStatements(connection);
    this.#inode = inodeOf(path);
    for (const [run] of rowsOf(this.#sql.runs)) this.#runs.add(String(run));
    this.#deferred = Number(first(this.#sql.countDeferred)?.[0]);
  }

  // deno-lint-ignore require-await
  async write(
    batch: readonly Change[],
    clients: ReadonlyMap<string, number> = new Map(),
  ): Promise<Rejection[]> {
    if (inodeOf(this.path) !== this.#inode) throw new DatabaseMoved(this.path);
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
    return Number(first(this.#sql.acknowledged, client)?.[0] ?? 0);
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
  }

  // deno-lint-ignore require-await
  async close(): Promise<void> {
    try {
      this.#connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // Somebody reads or writes it; the next who opens it does this.
    }
    this.#connection.close();
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
    const { cells } = change;
    if (!this.#runs.has(change.runId)) this.#addRun(change);
    switch (change.kind) {
      case "task":
        return this.#task(change);
      case "worker-start":
        return this.#workerStart(cells);
      case "worker-end":
        this.#sql.status.run(cells[0], cells[1], cells[2], cells[3], "running_ended");
        return;
      case "resource":
        this.#sql.resource.run(...cells);
        return;
      case "node":
        this.#sql.node.run(...cells);
        return;
      case "block":
        this.#sql.block.run(...cells);
        return;
      case "workflow-start":
        this.#sql.start.run(...cells);
        return;
      case "workflow-end":
        this.#sql.end.run(...cells.slice(0, 4));
        return;
    }
  }

  /** Makes a run visible whose start has not come, or never will. */
  #addRun({ kind, runId, cells }: Change): void {
    if (kind !== "workflow-start") {
      const end = kind === "workflow-end";
      const began = cells[TIME_PLACES[kind]] ?? cells[1];
      this.#sql.placeholder.run(runId, began, end ? cells[5] ?? "" : "", "", "", 0, 0);
    }
    this.#runs.add(runId);
    this.#added.push(runId);
  }

  #task({ runId, cells }: Change): void {
    const sql = this.#sql;
    const [run, task, attempt, time] = cells;
    const newest = first(sql.newest, run, task, attempt)!;
    const [ofTask, ofTry] = newest as (string | null)[];
    const old = (known: string | null) => known !== null && String(time) < known;
    sql.status.run(...cells.slice(0, STATUS_LENGTH));
    (old(ofTask) ? sql.oldTask : sql.task).run(...pick(cells, TASK_PLACES));
    (old(ofTry) ? sql.oldTry : sql.try).run(...pick(cells, TRY_PLACES));
    if (this.#deferred > 0) {
      const waiting = first(sql.takeDeferred, run, task, attempt);
      if (waiting !== undefined) {
        this.#deferred--;
        sql.running.run(run, task, attempt, ...waiting);
      }
    }
    const failed = Number(cells[FAILED_PLACE]);
    const completed = Number(cells[COMPLETED_PLACE]);
    const counts = this.#counts.get(runId);
    if (counts === undefined) this.#counts.set(runId, { failed, completed });
    else {
      counts.failed = Math.max(counts.failed, failed);
      counts.completed = Math.max(counts.completed, completed);
    }
  }

  #workerStart(cells: readonly Cell[]): void {
    const sql = this.#sql;
    const [run, task, attempt, time] = cells;
    sql.status.run(run, task, attempt, time, "running");
    if (sql.running.run(...cells).changes !== 0) return;
    // Either a later start of the try is known, or nothing of the try at all.
    if (first(sql.hasTry, run, task, attempt) !== undefined) return;
    if (sql.defer.run(...cells).changes !== 0) this.#deferred++;
    else sql.deferNewer.run(...cells);
  }
}

function inodeOf(path: string): number | null {
  try {
    return Deno.statSync(path).ino;
  } catch {
    return -1;
  }
}
