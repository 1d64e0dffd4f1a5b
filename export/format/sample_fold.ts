import { Clock } from "../../model/clock.ts";
import { Floats, Ints, SmallInts } from "../../model/columns.ts";
import { IdIndex } from "../../model/id_index.ts";
import type { SampleState } from "../../model/sample_state.ts";
import { Samples } from "../../model/samples.ts";
import type { StatusRow, TryRow } from "../../model/rows.ts";
import { stateRank } from "../../model/states.ts";
import type { TableBatch } from "../../store/database.ts";
import { toSample, toStatus, toTry, toWorkflow } from "../../store/row_source.ts";
import { batchRows } from "./batch_rows.ts";
import { OldBatches } from "./old_batches.ts";
import type { PackedOld } from "./packed_old.ts";

const RUNNING = stateRank("running");
const INTERNAL = "_parsl_internal";

/**
 * What the samples of a run tell, from its rows as they come: just what a Run that folds them in
 * this order comes to know.
 */
export class SampleFold {
  readonly #samples = new Samples();
  #clock = new Clock(-Infinity, [this.#samples.tick]);
  readonly #newest = new IdIndex();
  readonly #before = new Ints();
  readonly #taskId = new Ints();
  readonly #tryId = new SmallInts();
  readonly #ended = new Floats();
  readonly #newestOf = new Ints();
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
      for (const source of batchRows(batch, "workflow")) this.#begin(toWorkflow(source)?.began);
    } else if (batch.table === "try") {
      for (const source of batchRows(batch, "try")) {
        const row = toTry(source);
        if (row) this.#addTry(row);
      }
    } else if (batch.table === "status" && !heldBack) {
      for (const source of batchRows(batch, "status")) {
        const row = toStatus(source);
        if (row) this.#addStatus(row);
      }
    } else if (batch.table === "resource") {
      this.#addHeldBack();
      for (const source of batchRows(batch, "sample")) {
        const row = toSample(source);
        if (!row) continue;
        if (this.#old) row.tryId = this.#old.triesOf(row.taskId).numberAt(row.time);
        const attempt = this.#try(row.taskId, row.tryId);
        const cpu = row.cpuUser === null && row.cpuSystem === null
          ? null
          : (row.cpuUser ?? 0) + (row.cpuSystem ?? 0);
        if (row.time < this.#first) this.#first = row.time;
        if (row.time > this.#last) this.#last = row.time;
        const ended = this.#ended.data[attempt];
        this.#samples.add(this.#clock, attempt, row.time, cpu, row.resident, ended);
      }
    }
  }

  #begin(began: number | null = null): void {
    this.#clock = new Clock(Math.floor(began ?? -Infinity), [this.#samples.tick]);
  }

  #addTry(row: TryRow): void {
    const attempt = this.#try(row.taskId, row.tryId);
    if (row.running !== null && row.executor !== INTERNAL) this.#clock.tick(row.running);
    if (row.returned !== null) this.#endedBy(attempt, row.returned);
  }

  #addStatus(row: StatusRow): void {
    this.#clock.tick(row.time);
    const attempt = this.#try(row.taskId, row.tryId);
    if (stateRank(row.state) > RUNNING) this.#endedBy(attempt, row.time);
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
    const found: number[] = [];
    const [tasks, tries] = [this.#taskId.data, this.#tryId.data];
    for (const task of this.#newest.ordered()) {
      const own: number[] = [];
      for (let t = this.#newestOf.data[task]; t >= 0; t = this.#before.data[t]) {
        if (this.#samples.has(t)) own.push(t);
      }
      if (own.length > 1) own.sort((a, b) => tries[a] - tries[b]);
      for (const attempt of own) found.push(attempt);
    }
    const attempts = Uint32Array.from(found);
    return {
      ...this.#samples.pack(this.#clock, attempts),
      first: this.#first,
      last: this.#last,
      taskId: Int32Array.from(attempts, (t) => tasks[t]),
      tryId: Int32Array.from(attempts, (t) => tries[t]),
    };
  }

  #try(taskId: number, tryId: number): number {
    let task = this.#newest.get(taskId);
    if (task === undefined) {
      task = this.#newestOf.length;
      this.#newest.set(taskId, task);
      this.#newestOf.push(-1);
    }
    const newest = this.#newestOf.data[task];
    for (let t = newest; t >= 0; t = this.#before.data[t]) {
      if (this.#tryId.data[t] === tryId) return t;
    }
    const attempt = this.#taskId.length;
    this.#taskId.push(taskId);
    this.#tryId.push(tryId);
    this.#before.push(newest);
    this.#ended.push(null);
    this.#samples.addTry();
    this.#newestOf.data[task] = attempt;
    return attempt;
  }

  #endedBy(attempt: number, time: number): void {
    const known = this.#ended.data[attempt];
    if (known <= time) return;
    this.#samples.tail(this.#clock, attempt, known, -1);
    this.#ended.data[attempt] = time;
    this.#samples.tail(this.#clock, attempt, time, 1);
  }
}
