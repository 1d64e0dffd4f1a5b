import { Clock } from "../../model/run/clock.ts";
import { Strings } from "../../model/run/columns.ts";
import type { StatusRow, TryRow } from "../../model/run/rows.ts";
import type { SampleState } from "../../model/run/sample_state.ts";
import { INTERNAL_EXECUTOR, type StateKind, stateKind, TryFold } from "../../model/run/try_fold.ts";
import type { TryWatcher } from "../../model/run/try_watcher.ts";
import type { TableBatch } from "../../store/database.ts";
import { sampleRows, statusRows, tryRows, workflowRows } from "../../store/readers.ts";
import { batchRows } from "./batch_rows.ts";
import { OldBatches } from "./old_batches.ts";
import type { PackedOld } from "./packed_old.ts";

/**
 * What the samples of a run tell, from its packed rows as they come: they are read here, and folded
 * as a Run folds them.
 */
export class SampleFold implements TryWatcher {
  readonly #found = new TryFold((samples) => new Clock(-Infinity, [samples.tick]), this);
  readonly #hosts = new Strings();
  /** Tries that ran inside Parsl itself. */
  readonly #internal = new Set<number>();
  readonly #kinds = new Map<string, StateKind>();
  #first = Infinity;
  #last = -Infinity;
  readonly #heldBack = new OldBatches();
  #old: PackedOld | null = null;

  /** Samples so far. */
  get count(): number {
    return this.#found.samples.count;
  }

  /** Takes rows in; those of tables that say nothing about samples are passed over. */
  add(batch: TableBatch): void {
    const heldBack = this.#heldBack.take(batch);
    const { tries } = this.#found;
    if (batch.table === "workflow") {
      for (const source of batchRows(batch, workflowRows)) {
        this.#begin(workflowRows.read(source)?.began);
      }
    } else if (batch.table === "try") {
      for (const source of batchRows(batch, tryRows)) {
        const row = tryRows.read(source);
        if (row) this.#addTry(row);
      }
    } else if (batch.table === "status" && !heldBack) {
      for (const source of batchRows(batch, statusRows)) {
        const row = statusRows.read(source);
        if (row) this.#addStatus(row);
      }
    } else if (batch.table === "resource") {
      this.#addHeldBack();
      tries.settle(0, true);
      for (const source of batchRows(batch, sampleRows)) {
        const row = sampleRows.read(source);
        if (!row) continue;
        if (this.#old) row.tryId = this.#old.triesOf(row.taskId).numberAt(row.time);
        if (row.time < this.#first) this.#first = row.time;
        if (row.time > this.#last) this.#last = row.time;
        this.#found.sample(this.#try(row.taskId, row.tryId), row);
      }
    }
    tries.settle(batch.rows.length);
  }

  #begin(began: number | null = null): void {
    const { tries, samples } = this.#found;
    tries.clock = new Clock(Math.floor(began ?? -Infinity), [samples.tick]);
  }

  /** Takes in what had to wait until all of it was there. */
  #addHeldBack(): void {
    if (this.#old || this.#heldBack.isEmpty) return;
    const { old, began, tasks, statuses } = this.#heldBack.release();
    this.#old = old;
    this.#begin(began);
    for (const { taskId } of tasks) old.triesOf(taskId).tries.forEach((row) => this.#addTry(row));
    for (const status of statuses) {
      this.#addStatus({ ...status, tryId: old.triesOf(status.taskId).numberOf(status) });
    }
  }

  /** All that the samples told, the tries in the order of their tasks' ids and their numbers. */
  state(): SampleState {
    this.#found.tries.settle(0, true);
    return this.#found.sampleState({ first: this.#first, last: this.#last });
  }

  leave(): void {}

  /** A Run that counts a try as busy asks its clock for the try's start. */
  enter(attempt: number): void {
    const { running, clock } = this.#found.tries;
    if (!Number.isNaN(running.data[attempt]) && !this.#internal.has(attempt)) {
      clock.tick(running.data[attempt]);
    }
  }

  moved(): void {}

  returned(): number {
    return NaN;
  }

  #addTry(row: TryRow): void {
    const attempt = this.#try(row.taskId, row.tryId);
    if (row.executor === INTERNAL_EXECUTOR) this.#internal.add(attempt);
    const host = this.#hosts.of(row.hostname);
    this.#found.tries.stamp(attempt, host, row, Boolean(row.failHistory));
  }

  #addStatus({ taskId, tryId, state, time }: StatusRow): void {
    let kind = this.#kinds.get(state);
    if (kind === undefined) this.#kinds.set(state, kind = stateKind(state));
    this.#found.tries.clock.tick(this.#found.status(this.#try(taskId, tryId), kind, time));
  }

  #try(taskId: number, tryId: number): number {
    return this.#found.tries.of(this.#found.task(taskId), tryId);
  }
}
