import { Clock } from "../../model/run/clock.ts";
import { Ints, Strings } from "../../model/run/columns.ts";
import { IdIndex } from "../../model/run/id_index.ts";
import type { StatusRow, TryRow } from "../../model/run/rows.ts";
import type { SampleState } from "../../model/run/sample_state.ts";
import { Samples } from "../../model/run/samples.ts";
import { measured } from "../../model/run/measured.ts";
import { isFailed, isStampedByWorker, RETRIED, stateRank } from "../../parsl/states.ts";
import { Tries, type TryWatcher } from "../../model/run/tries.ts";
import type { TableBatch } from "../../store/database.ts";
import { sampleRows, statusRows, tryRows, workflowRows } from "../../store/readers.ts";
import { batchRows } from "./batch_rows.ts";
import { OldBatches } from "./old_batches.ts";
import type { PackedOld } from "./packed_old.ts";

const RUNNING = stateRank("running");
const INTERNAL = "_parsl_internal";

/**
 * What the samples of a run tell, from its rows as they come: just what a Run that folds them in
 * this order comes to know.
 */
export class SampleFold implements TryWatcher {
  readonly #samples = new Samples();
  readonly #tries = new Tries(new Clock(-Infinity, [this.#samples.tick]), this.#samples, this);
  readonly #tasks = new IdIndex();
  readonly #taskId = new Ints();
  readonly #hosts = new Strings();
  /** Tries that ran inside Parsl itself. */
  readonly #internal = new Set<number>();
  #first = Infinity;
  #last = -Infinity;
  readonly #heldBack = new OldBatches();
  #old: PackedOld | null = null;

  /** Samples so far. */
  get count(): number {
    return this.#samples.count;
  }

  /** Takes rows in; those of tables that say nothing about samples are passed over. */
  add(batch: TableBatch): void {
    const heldBack = this.#heldBack.take(batch);
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
      this.#tries.settle(0, true);
      for (const source of batchRows(batch, sampleRows)) {
        const row = sampleRows.read(source);
        if (!row) continue;
        if (this.#old) row.tryId = this.#old.triesOf(row.taskId).numberAt(row.time);
        const attempt = this.#try(row.taskId, row.tryId);
        const cpu = row.cpuUser === null && row.cpuSystem === null
          ? null
          : (row.cpuUser ?? 0) + (row.cpuSystem ?? 0);
        if (row.time < this.#first) this.#first = row.time;
        if (row.time > this.#last) this.#last = row.time;
        this.#tries.sample(attempt, row.time, cpu, measured(row.resident));
      }
    }
    this.#tries.settle(batch.rows.length);
  }

  #begin(began: number | null = null): void {
    this.#tries.clock = new Clock(Math.floor(began ?? -Infinity), [this.#samples.tick]);
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
    this.#tries.settle(0, true);
    const found: number[] = [];
    const { lastOf, prev, task, number } = this.#tries;
    for (const index of this.#tasks.ordered()) {
      const own: number[] = [];
      for (let t = lastOf.data[index]; t >= 0; t = prev.data[t]) {
        if (this.#samples.has(t)) own.push(t);
      }
      found.push(...own.reverse());
    }
    const attempts = Uint32Array.from(found);
    return {
      ...this.#samples.pack(this.#tries.clock, attempts),
      first: this.#first,
      last: this.#last,
      taskId: Int32Array.from(attempts, (t) => this.#taskId.data[task.data[t]]),
      tryId: Int32Array.from(attempts, (t) => number.data[t]),
    };
  }

  leave(): void {}

  /** A Run that counts a try as busy asks its clock for the try's start. */
  enter(attempt: number): void {
    const { running, clock } = this.#tries;
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
    if (row.executor === INTERNAL) this.#internal.add(attempt);
    const host = this.#hosts.of(row.hostname);
    this.#tries.stamp(attempt, host, row, Boolean(row.failHistory));
  }

  #addStatus({ taskId, tryId, state, time }: StatusRow): void {
    const attempt = this.#try(taskId, tryId);
    const rank = stateRank(state);
    let placed = time;
    if (isStampedByWorker(state)) {
      if (rank === RUNNING) this.#tries.start(attempt, time);
      else this.#tries.finish(attempt, time);
      placed -= this.#tries.shiftOf(attempt);
    } else if (rank > RUNNING) {
      this.#tries.return(attempt, time, isFailed(state) || state === RETRIED);
    }
    this.#tries.clock.tick(placed);
  }

  #try(taskId: number, tryId: number): number {
    let task = this.#tasks.get(taskId);
    if (task === undefined) {
      task = this.#taskId.length;
      this.#tasks.set(taskId, task);
      this.#taskId.push(taskId);
      this.#tries.addTask();
    }
    return this.#tries.of(task, tryId);
  }
}
