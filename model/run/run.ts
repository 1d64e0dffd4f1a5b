import { APP_LINES } from "./app_lines.ts";
import { BusyLine } from "./busy.ts";
import { countRows, type RunRows, type TaskRow, type TryRow, type WorkflowRow } from "./rows.ts";
import { RunColumns } from "./run_columns.ts";
import { type SetBack, SetBackWatch } from "./set_back.ts";
import { type StateKind, stateKind } from "./try_fold.ts";
import { stateRank } from "../../parsl/states.ts";
import { taskIds } from "../../parsl/task_ids.ts";

/** A line over time must be fit to be drawn with this many bins. */
const LEAST_BINS = 300;
const JOINING = stateRank("joining");

/**
 * One run of a workflow, folded from database rows into columns.
 *
 * Folding is incremental and order-tolerant: rows may come in any order and task and try rows may
 * come again with news (of samples see `Samples`). Counts and series are kept up as rows come: what a
 * task or try counted for is taken back and counted anew when a row changes it. About 200 bytes a
 * task of one try, six events and two samples.
 */
export class Run extends RunColumns {
  readonly #setBack = new SetBackWatch();
  /** By index into `states`. */
  readonly #kinds: StateKind[] = [];

  /** Takes rows in, new or changed. */
  fold(rows: RunRows): void {
    const { workflow, tasks, tries, statuses, resources, nodes, blocks, samples, ...more } = rows;
    const { totals, nodeSamples, gpuSamples, ...others } = more;
    // A list that is not folded below does not compile.
    others satisfies Record<string, never>;
    const news = workflow !== null && !isSame(workflow, this.workflow);
    if (workflow) this.workflow = workflow;
    this.#setBack.see(this.workflow.began ?? NaN, this.workflow.completed ?? NaN);
    for (const row of tasks) this.#foldTask(row);
    for (const row of tries) this.#foldTry(row);
    for (const row of statuses) this.#foldStatus(row.taskId, row.tryId, row.state, row.time);
    const rowCount = countRows(rows);
    // Samples are forgotten: what the tries tell of clocks goes before them.
    if (this.tries.settle(rowCount, resources.length > 0)) this.#sharpen();
    for (const row of resources) {
      this.found.sample(this.#try(this.#task(row.taskId), row.tryId), row);
    }
    for (const row of totals) {
      const attempt = this.#try(this.#task(row.taskId), row.tryId);
      this.samples.usage.total(attempt, row);
      this.workers.learn(attempt, row);
    }
    for (const row of nodeSamples) this.hosts.addNode(row);
    for (const row of gpuSamples) this.hosts.addGpu(row);
    for (const row of nodes) {
      this.fleet.addNode(row);
      if (row.time !== null) this.see(row.time);
    }
    for (const row of blocks) {
      this.fleet.blocks.add(row);
      if (row.time !== null) this.see(row.time);
    }
    if (samples) {
      const attempts = Array.from(
        samples.taskId,
        (taskId, i) => this.#try(this.#task(taskId), samples.tryId[i]),
      );
      this.samples.restore(samples, attempts);
      this.see(samples.first);
      this.see(samples.last);
    }
    if (news || samples || rowCount > 0) this.version++;
  }

  /** Brings all times in line with what is known of the hosts' clocks; many rows may be folded before. */
  settle(): void {
    if (!this.tries.clocks.isDue) return;
    if (this.tries.settle(0, true)) this.#sharpen();
    this.version++;
  }

  /** Makes the lines over time anew where a clock that was far ahead has left them too coarse. */
  #sharpen(): void {
    const width = this.life.lines.reduce(
      (most, line) => Math.max(most, line?.width ?? 1),
      this.busy.line.width,
    );
    if (width === 1 || (this.lastTime - this.began) / width >= LEAST_BINS) return;
    this.life.redraw(this.clock);
    this.busy.clear();
    for (const busy of this.busyOfApp) busy?.clear();
    for (let attempt = 0; attempt < this.tryTask.length; attempt++) this.enter(attempt);
  }

  /** A stretch of time that the submit host's clock passed twice, as far as tasks have shown it. */
  get setBack(): SetBack | null {
    return this.#setBack.found;
  }

  /** Looks for such a stretch among tasks that waited for others; O(dependencies). */
  lookForSetBack(): void {
    for (let task = 0; task < this.tasks; task++) {
      const last = this.taskLastTry.data[task];
      if (last < 0) continue;
      for (const id of this.dependenciesOf(task)) {
        const other = this.indexOf(id);
        if (other === undefined) continue;
        this.#setBack.see(this.taskReturned.data[other], this.tryLaunched.data[last]);
      }
    }
  }

  #task(taskId: number): number {
    const index = this.found.task(taskId);
    if (index < this.taskApp.length) return index;
    if (index > 0 && taskId < this.taskId.data[index - 1]) this.inOrder = false;
    this.taskApp.push(-1);
    this.taskInvoked.push(null);
    this.taskReturned.push(null);
    this.taskMemoize.push(0);
    this.taskState.push(-1);
    this.taskTries.push(0);
    this.depStart.push(0);
    this.depCount.push(0);
    this.life.newest.push(-1);
    this.tally.add(-1, -1, 1);
    return index;
  }

  #try(task: number, number: number): number {
    const attempt = this.tries.of(task, number);
    if (attempt < this.tryExecutor.length) return attempt;
    this.taskTries.set(task, this.taskTries.data[task] + 1);
    this.tryExecutor.push(-1);
    this.tryBlock.push(-1);
    this.tryFailure.push(-1);
    return attempt;
  }

  #foldTask(row: TaskRow): void {
    const task = this.#task(row.taskId);
    this.#setApp(task, this.apps.of(row.app));
    this.taskInvoked.learn(task, row.invoked);
    this.taskReturned.learn(task, row.returned);
    if (row.memoize !== null) this.taskMemoize.data[task] = row.memoize ? 1 : 0;
    if (row.invoked !== null) this.see(row.invoked);
    this.#setBack.see(row.invoked ?? NaN, row.returned ?? NaN);
    if (row.depends && this.depCount.data[task] === 0) {
      const start = this.depIds.length;
      for (const id of taskIds(row.depends)) this.depIds.push(id);
      this.depStart.data[task] = start;
      this.depCount.set(task, this.depIds.length - start);
    }
  }

  #setApp(task: number, app: number): void {
    const known = this.taskApp.data[task];
    if (known === app) return;
    const state = this.taskState.data[task];
    const tries = this.triesOf(task);
    for (const attempt of tries) this.leave(attempt);
    this.taskApp.set(task, app);
    for (const attempt of tries) this.enter(attempt);
    this.tally.add(known, state, -1);
    this.tally.add(app, state, 1);
  }

  #foldTry(row: TryRow): void {
    const attempt = this.#try(this.#task(row.taskId), row.tryId);
    if (row.executor !== null && this.names.at(this.tryExecutor.data[attempt]) !== row.executor) {
      this.leave(attempt);
      this.tryExecutor.set(attempt, this.names.of(row.executor));
      this.enter(attempt);
    }
    if (row.joins) this.joins.set(this.tryTask.data[attempt], row.tryId, row.joins);
    // A worker that no block started says Python's None.
    if (row.blockId && row.blockId !== "None") {
      this.tryBlock.set(attempt, this.blockIds.of(row.blockId));
    }
    if (row.launched !== null) {
      this.#setBack.see(row.launched, row.returned ?? NaN);
      this.#setBack.see(this.taskInvoked.data[this.tryTask.data[attempt]], row.launched);
    }
    if (row.failHistory) this.tryFailure.set(attempt, this.causes.of(row.failHistory));
    const failed = this.tryFailure.data[attempt] >= 0;
    this.tries.stamp(attempt, this.names.of(row.hostname), row, failed);
  }

  leave(attempt: number): void {
    this.#countBusy(attempt, -1);
  }

  enter(attempt: number): void {
    this.#countBusy(attempt, 1);
  }

  /** The worker's stamps of a try are at other times now: so are its task's changes of state. */
  moved(attempt: number): void {
    const { tries } = this;
    const number = this.tryNumber.data[attempt];
    const ended = tries.isEndedByWorker(attempt) ? this.tryEnded.data[attempt] : NaN;
    this.life.retime(
      this.clock,
      this.tryTask.data[attempt],
      number,
      this.tryRunning.data[attempt],
      ended,
    );
  }

  returned(attempt: number): number {
    const task = this.tryTask.data[attempt];
    return this.life.returned(this.clock, task, this.tryNumber.data[attempt]);
  }

  /** Counts a try as busy while it was on a worker, or takes that back. */
  #countBusy(attempt: number, sign: 1 | -1): void {
    const running = this.tryRunning.data[attempt];
    if (Number.isNaN(running) || this.isInternal(attempt)) return;
    const began = this.clock.round(running);
    const { base } = this.clock;
    const start = began - base;
    const ended = this.tryEnded.data[attempt];
    const end = Number.isNaN(ended) ? Infinity : Math.max(start, this.clock.round(ended) - base);
    this.busy.add(base, start, end, sign);
    const line = Math.min(this.taskApp.data[this.tryTask.data[attempt]] + 1, APP_LINES);
    (this.busyOfApp[line] ??= new BusyLine()).add(base, start, end, sign);
  }

  #foldStatus(taskId: number, tryId: number, name: string, time: number): void {
    const task = this.#task(taskId);
    const attempt = this.#try(task, tryId);
    const state = this.states.of(name);
    const kind = this.#kinds[state] ??= stateKind(name);
    if (kind.rank === JOINING) this.joins.add(task);
    if (!kind.byWorker) this.see(time);
    const placed = this.found.status(attempt, kind, time);
    if (!this.life.add(this.clock, task, tryId, state, placed)) return;
    const app = this.taskApp.data[task];
    this.tally.add(app, this.taskState.data[task], -1);
    this.taskState.set(task, state);
    this.tally.add(app, state, 1);
  }
}

function isSame(a: WorkflowRow, b: WorkflowRow): boolean {
  return (Object.keys(a) as (keyof WorkflowRow)[]).every((key) => a[key] === b[key]);
}
