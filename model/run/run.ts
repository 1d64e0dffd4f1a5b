import { APP_LINES } from "./app_lines.ts";
import { BusyLine } from "./busy.ts";
import { Causes } from "./causes.ts";
import { Clock } from "./clock.ts";
import { Floats, Ints, SmallInts, Strings } from "./columns.ts";
import { Fleet } from "./fleet.ts";
import { IdIndex } from "./id_index.ts";
import { Joins } from "./joins.ts";
import { Life } from "./life.ts";
import { measured } from "./measured.ts";
import {
  countRows,
  type FoldRows,
  type NodeRow,
  type TaskRow,
  type TryRow,
  type WorkflowRow,
} from "./rows.ts";
import { Samples } from "./samples.ts";
import { type SetBack, SetBackWatch } from "./set_back.ts";
import { isFailed, isStampedByWorker, LIFECYCLE, RETRIED, stateRank } from "../../parsl/states.ts";
import { Tally } from "./tally.ts";
import { taskIds } from "../../parsl/task_ids.ts";
import { Tries, type TryWatcher } from "./tries.ts";

/** A line over time must be fit to be drawn with so many bins. */
const LEAST_BINS = 300;
const RUNNING = stateRank("running");
const JOINING = stateRank("joining");
const INTERNAL = "_parsl_internal";

/**
 * One run of a workflow, folded from database rows into columns.
 *
 * Tasks, tries and events (status rows) each have an index of their own in the order in which they
 * first appeared; columns named alike share it. Folding is incremental and order-tolerant: rows may
 * come in any order and task and try rows may come again with news (of samples see `Samples`). Counts
 * and series are kept up as rows come: what a task or try counted for is taken back and counted anew
 * when a row changes it. About 200 bytes a task of one try, six events and two samples.
 */
export class Run implements TryWatcher {
  readonly runId: string;
  workflow: WorkflowRow;
  /** Grows with every fold that brought rows. */
  version = 0;

  readonly states = new Strings();
  readonly apps = new Strings();
  readonly names = new Strings();
  readonly blockIds = new Strings();
  readonly causes = new Causes();

  readonly taskId = new Ints();
  readonly taskApp = new SmallInts();
  readonly taskInvoked = new Floats();
  readonly taskReturned = new Floats();
  readonly taskFailCount = new SmallInts();
  readonly taskMemoize = new SmallInts();
  /** Index into `states`; -1 before the first status row. */
  readonly taskState = new SmallInts();
  readonly taskTries = new SmallInts();
  readonly depStart = new Ints();
  readonly depCount = new SmallInts();
  /** Task ids, not indexes: a dependency's row may come later. */
  readonly depIds = new Ints();
  readonly joins = new Joins();

  readonly samples = new Samples();
  readonly tries: Tries;
  /** The columns of `tries`; its doc comments say what they are. */
  readonly taskLastTry: Ints;
  readonly tryTask: Ints;
  readonly tryNumber: SmallInts;
  readonly tryPrev: Ints;
  /** Indexes into `names`. */
  readonly tryHost: SmallInts;
  readonly tryExecutor = new SmallInts();
  /** Index into `blockIds`. */
  readonly tryBlock = new SmallInts();
  readonly tryLaunched: Floats;
  readonly tryRunning: Floats;
  readonly tryEnded: Floats;
  /** Index into `causes`. */
  readonly tryFailure = new SmallInts();

  readonly tally = new Tally();
  readonly life = new Life(this.states);
  readonly fleet = new Fleet();
  /** Tries on workers, of all apps, and by app index + 1; the last may be of many apps. */
  readonly busy = new BusyLine();
  readonly busyOfApp: (BusyLine | undefined)[] = [];
  readonly clock: Clock;

  /** The first and the last stamp of the submit host, naive ms. */
  #firstTime = Infinity;
  #lastTime = -Infinity;
  /** Rows of the run that were left out, for what they say cannot be read. */
  unread = 0;
  /** Whether tasks stand in the order of their ids. */
  inOrder = true;
  readonly #byId = new IdIndex();
  readonly #setBack = new SetBackWatch();
  /** By index into `states`. */
  readonly #kinds: StateKind[] = [];

  constructor(workflow: WorkflowRow) {
    this.runId = workflow.runId;
    this.workflow = workflow;
    this.clock = new Clock(Math.floor(workflow.began ?? -Infinity), [
      this.life.tick,
      this.samples.tick,
    ]);
    this.tries = new Tries(this.clock, this.samples, this);
    this.taskLastTry = this.tries.lastOf;
    this.tryTask = this.tries.task;
    this.tryNumber = this.tries.number;
    this.tryPrev = this.tries.prev;
    this.tryHost = this.tries.host;
    this.tryLaunched = this.tries.launched;
    this.tryRunning = this.tries.running;
    this.tryEnded = this.tries.ended;
    for (const state of LIFECYCLE) this.states.of(state);
  }

  /** Number of tasks known. */
  get tasks(): number {
    return this.taskId.length;
  }

  /** Number of status rows taken in. */
  get events(): number {
    return this.life.before.length;
  }

  get nodes(): readonly NodeRow[] {
    return this.fleet.nodes;
  }

  /** Bytes that the run takes in memory, roughly; what views remember comes on top. */
  get bytes(): number {
    const parts: { bytes: number }[] = [
      ...[this.taskId, this.taskApp, this.taskInvoked, this.taskReturned, this.taskFailCount],
      ...[this.taskMemoize, this.taskState, this.taskTries, this.depStart, this.depCount],
      ...[this.depIds, this.tries, this.tryExecutor, this.tryFailure, this.tryBlock, this.blockIds],
      ...[this.states, this.apps, this.names, this.causes, this.#byId],
      ...[this.joins, this.life, this.samples, this.fleet, this.busy.line],
      ...this.busyOfApp.flatMap((busy) => busy?.line ?? []),
    ];
    return parts.reduce((sum, part) => sum + part.bytes, 0);
  }

  /** The first and the last time that any row carries, by the submit host's clock, naive ms. */
  get firstTime(): number {
    return Math.min(this.#firstTime, this.tries.clocks.span.first);
  }

  get lastTime(): number {
    return Math.max(this.#lastTime, this.tries.clocks.span.last);
  }

  /** When the run began, in naive ms. */
  get began(): number {
    if (this.workflow.began !== null) return this.workflow.began;
    const { firstTime } = this;
    return Number.isFinite(firstTime) ? firstTime : 0;
  }

  /** When the run ended, or the newest time that any of its rows carries. */
  get end(): number {
    return Math.max(this.workflow.completed ?? this.lastTime, this.began);
  }

  /** Index of a task by its id; undefined if unknown. */
  indexOf(taskId: number): number | undefined {
    return this.#byId.get(taskId);
  }

  /** Indexes of all tasks in the order of their ids. */
  tasksById(): Uint32Array {
    return this.#byId.ordered();
  }

  /** State of a task by index; "unknown" before its first status row. */
  stateOf(task: number): string {
    return this.states.at(this.taskState.data[task]) ?? "unknown";
  }

  /** Indexes of the tries of a task, first try first. */
  triesOf(task: number): number[] {
    const out: number[] = [];
    for (let t = this.taskLastTry.data[task]; t >= 0; t = this.tryPrev.data[t]) out.push(t);
    return out.reverse();
  }

  /** Ids of the tasks that a task depends on; good until the next fold. */
  dependenciesOf(task: number): Int32Array {
    const start = this.depStart.data[task];
    return this.depIds.data.subarray(start, start + this.depCount.data[task]);
  }

  /** Takes rows in, new or changed. */
  fold(rows: FoldRows): void {
    const news = rows.workflow !== null && !isSame(rows.workflow, this.workflow);
    if (rows.workflow) this.workflow = rows.workflow;
    this.#setBack.see(this.workflow.began ?? NaN, this.workflow.completed ?? NaN);
    for (const row of rows.tasks) this.#foldTask(row);
    for (const row of rows.tries) this.#foldTry(row);
    for (const row of rows.statuses) this.#foldStatus(row.taskId, row.tryId, row.state, row.time);
    const rowCount = countRows(rows);
    // Samples are forgotten: what the tries tell of clocks goes before them.
    if (this.tries.settle(rowCount, rows.resources.length > 0)) this.#sharpen();
    for (const row of rows.resources) {
      const attempt = this.#try(this.#task(row.taskId), row.tryId);
      const cpu = row.cpuUser === null && row.cpuSystem === null
        ? null
        : (row.cpuUser ?? 0) + (row.cpuSystem ?? 0);
      this.tries.sample(attempt, row.time, cpu, measured(row.resident));
    }
    for (const row of rows.nodes) {
      this.fleet.addNode(row);
      if (row.time !== null) this.#see(row.time);
    }
    for (const row of rows.blocks) {
      this.fleet.blocks.add(row);
      if (row.time !== null) this.#see(row.time);
    }
    const { samples } = rows;
    if (samples) {
      const attempts = Array.from(
        samples.taskId,
        (taskId, i) => this.#try(this.#task(taskId), samples.tryId[i]),
      );
      this.samples.restore(samples, attempts);
      this.#see(samples.first);
      this.#see(samples.last);
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

  #see(time: number): void {
    if (time > this.#lastTime) this.#lastTime = time;
    if (time < this.#firstTime) this.#firstTime = time;
  }

  #task(taskId: number): number {
    const known = this.#byId.get(taskId);
    if (known !== undefined) return known;
    const index = this.taskId.length;
    if (index > 0 && taskId < this.taskId.data[index - 1]) this.inOrder = false;
    this.#byId.set(taskId, index);
    this.taskId.push(taskId);
    this.taskApp.push(-1);
    this.taskInvoked.push(null);
    this.taskReturned.push(null);
    this.taskFailCount.push(0);
    this.taskMemoize.push(0);
    this.taskState.push(-1);
    this.tries.addTask();
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
    if (row.failCount !== null) this.taskFailCount.set(task, row.failCount);
    if (row.memoize !== null) this.taskMemoize.data[task] = row.memoize ? 1 : 0;
    if (row.invoked !== null) this.#see(row.invoked);
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

  /** Whether a try ran inside Parsl itself (a join), on no worker. */
  isInternal(attempt: number): boolean {
    return this.names.at(this.tryExecutor.data[attempt]) === INTERNAL;
  }

  #foldStatus(taskId: number, tryId: number, name: string, time: number): void {
    const task = this.#task(taskId);
    const attempt = this.#try(task, tryId);
    const state = this.states.of(name);
    const { rank, byWorker, failed } = this.#kinds[state] ??= kindOf(name);
    if (rank === JOINING) this.joins.add(task);
    let placed = time;
    if (byWorker) {
      if (rank === RUNNING) this.tries.start(attempt, time);
      else this.tries.finish(attempt, time);
      placed -= this.tries.shiftOf(attempt);
    } else {
      this.#see(time);
      if (rank > RUNNING) this.tries.return(attempt, time, failed);
    }
    if (!this.life.add(this.clock, task, tryId, state, placed)) return;
    const app = this.taskApp.data[task];
    this.tally.add(app, this.taskState.data[task], -1);
    this.taskState.set(task, state);
    this.tally.add(app, state, 1);
  }
}

/** What a state says of the try that is in it. */
interface StateKind {
  rank: number;
  byWorker: boolean;
  /** The try failed, whatever became of its task. */
  failed: boolean;
}

function kindOf(name: string): StateKind {
  return {
    rank: stateRank(name),
    byWorker: isStampedByWorker(name),
    failed: isFailed(name) || name === RETRIED,
  };
}

function isSame(a: WorkflowRow, b: WorkflowRow): boolean {
  return (Object.keys(a) as (keyof WorkflowRow)[]).every((key) => a[key] === b[key]);
}
