import { BusyLine } from "./busy.ts";
import { Causes } from "./causes.ts";
import { Clock } from "./clock.ts";
import { Floats, Ints, SmallInts, Strings } from "./columns.ts";
import { Fleet } from "./fleet.ts";
import { IdIndex } from "./id_index.ts";
import { Joins } from "./joins.ts";
import { Life } from "./life.ts";
import type { BlockRow, FoldRows, NodeRow, TaskRow, TryRow, WorkflowRow } from "./rows.ts";
import { Samples } from "./samples.ts";
import { LIFECYCLE, stateRank } from "./states.ts";
import { Tally } from "./tally.ts";
import { taskIds } from "./task_ids.ts";

/** Apps with a series of their own; the tries of those that came later are counted together. */
export const APP_LINES = 256;
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
export class Run {
  readonly runId: string;
  workflow: WorkflowRow;
  /** Grows with every fold that brought rows. */
  version = 0;

  readonly states = new Strings();
  readonly apps = new Strings();
  readonly names = new Strings();
  readonly causes = new Causes();

  readonly taskId = new Ints();
  readonly taskApp = new SmallInts();
  readonly taskInvoked = new Floats();
  readonly taskReturned = new Floats();
  readonly taskFailCount = new SmallInts();
  readonly taskMemoize = new SmallInts();
  /** Index into `states`; -1 before the first status row. */
  readonly taskState = new SmallInts();
  /** The try with the highest number; from there on, `tryPrev` goes down. */
  readonly taskLastTry = new Ints();
  readonly taskTries = new SmallInts();
  readonly depStart = new Ints();
  readonly depCount = new SmallInts();
  /** Task ids, not indexes: a dependency's row may come later. */
  readonly depIds = new Ints();
  readonly joins = new Joins();

  readonly tryTask = new Ints();
  readonly tryNumber = new SmallInts();
  readonly tryPrev = new Ints();
  /** Indexes into `names`. */
  readonly tryExecutor = new SmallInts();
  readonly tryHost = new SmallInts();
  readonly tryLaunched = new Floats();
  readonly tryRunning = new Floats();
  /** When the worker finished, or the earliest later sign that it had. */
  readonly tryEnded = new Floats();
  /** Index into `causes`. */
  readonly tryFailure = new SmallInts();
  /** The tries that have a failure. */
  readonly failedTries = new Ints();

  readonly tally = new Tally();
  readonly life = new Life(this.states);
  readonly samples = new Samples();
  readonly fleet = new Fleet();
  /** Tries on workers, of all apps, and by app index + 1; the last may be of many apps. */
  readonly busy = new BusyLine();
  readonly busyOfApp: (BusyLine | undefined)[] = [];
  readonly clock: Clock;

  firstTime = Infinity;
  lastTime = -Infinity;
  /** Whether tasks stand in the order of their ids. */
  inOrder = true;
  readonly #byId = new IdIndex();
  readonly #ranks: number[] = [];

  constructor(workflow: WorkflowRow) {
    this.runId = workflow.runId;
    this.workflow = workflow;
    this.clock = new Clock(Math.floor(workflow.began ?? -Infinity), [
      this.life.tick,
      this.samples.tick,
    ]);
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

  get blocks(): readonly BlockRow[] {
    return this.fleet.blocks;
  }

  /** Bytes that the run takes in memory, roughly; what views remember comes on top. */
  get bytes(): number {
    const parts: { bytes: number }[] = [
      ...[this.taskId, this.taskApp, this.taskInvoked, this.taskReturned, this.taskFailCount],
      ...[this.taskMemoize, this.taskState, this.taskLastTry, this.taskTries],
      ...[this.depStart, this.depCount, this.depIds],
      ...[this.tryTask, this.tryNumber, this.tryPrev, this.tryExecutor, this.tryHost],
      ...[this.tryLaunched, this.tryRunning, this.tryEnded, this.tryFailure, this.failedTries],
      ...[this.states, this.apps, this.names, this.causes, this.#byId],
      ...[this.joins, this.life, this.samples, this.fleet, this.busy.line],
      ...this.busyOfApp.flatMap((busy) => busy?.line ?? []),
    ];
    return parts.reduce((sum, part) => sum + part.bytes, 0);
  }

  /** When the run began, in naive ms. */
  get began(): number {
    return this.workflow.began ?? (Number.isFinite(this.firstTime) ? this.firstTime : 0);
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
    for (const row of rows.tasks) this.#foldTask(row);
    for (const row of rows.tries) this.#foldTry(row);
    for (const row of rows.statuses) this.#foldStatus(row.taskId, row.tryId, row.state, row.time);
    for (const row of rows.resources) {
      const attempt = this.#try(this.#task(row.taskId), row.tryId);
      this.#see(row.time);
      const cpu = row.cpuUser === null && row.cpuSystem === null
        ? null
        : (row.cpuUser ?? 0) + (row.cpuSystem ?? 0);
      const ended = this.tryEnded.data[attempt];
      this.samples.add(this.clock, attempt, row.time, cpu, row.resident, ended);
    }
    for (const row of rows.nodes) {
      this.fleet.addNode(row);
      if (row.time !== null) this.#see(row.time);
    }
    for (const row of rows.blocks) {
      this.fleet.blocks.push(row);
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
    const lists = [rows.tasks, rows.tries, rows.statuses, rows.resources, rows.nodes, rows.blocks];
    if (news || samples || lists.some((list) => list.length > 0)) this.version++;
  }

  #see(time: number): void {
    if (time > this.lastTime) this.lastTime = time;
    if (time < this.firstTime) this.firstTime = time;
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
    this.taskLastTry.push(-1);
    this.taskTries.push(0);
    this.depStart.push(0);
    this.depCount.push(0);
    this.life.newest.push(-1);
    this.tally.add(-1, -1, 1);
    return index;
  }

  #try(task: number, number: number): number {
    let above = -1;
    let below = this.taskLastTry.data[task];
    while (below >= 0 && this.tryNumber.data[below] >= number) {
      if (this.tryNumber.data[below] === number) return below;
      above = below;
      below = this.tryPrev.data[below];
    }
    const index = this.tryTask.length;
    this.tryTask.push(task);
    this.tryNumber.push(number);
    this.tryPrev.push(below);
    if (above < 0) this.taskLastTry.data[task] = index;
    else this.tryPrev.data[above] = index;
    this.taskTries.set(task, this.taskTries.data[task] + 1);
    this.tryExecutor.push(-1);
    this.tryHost.push(-1);
    this.tryLaunched.push(null);
    this.tryRunning.push(null);
    this.tryEnded.push(null);
    this.tryFailure.push(-1);
    this.samples.addTry();
    return index;
  }

  #foldTask(row: TaskRow): void {
    const task = this.#task(row.taskId);
    this.#setApp(task, this.apps.of(row.app));
    this.taskInvoked.learn(task, row.invoked);
    this.taskReturned.learn(task, row.returned);
    if (row.failCount !== null) this.taskFailCount.set(task, row.failCount);
    if (row.memoize !== null) this.taskMemoize.data[task] = row.memoize ? 1 : 0;
    if (row.invoked !== null) this.#see(row.invoked);
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
    for (const attempt of tries) this.#countBusy(attempt, -1);
    this.taskApp.set(task, app);
    for (const attempt of tries) this.#countBusy(attempt, 1);
    this.tally.add(known, state, -1);
    this.tally.add(app, state, 1);
  }

  #foldTry(row: TryRow): void {
    const attempt = this.#try(this.#task(row.taskId), row.tryId);
    if (row.executor !== null && this.names.at(this.tryExecutor.data[attempt]) !== row.executor) {
      this.#countBusy(attempt, -1);
      this.tryExecutor.set(attempt, this.names.of(row.executor));
      this.#countBusy(attempt, 1);
    }
    if (row.joins) this.joins.set(this.tryTask.data[attempt], row.tryId, row.joins);
    if (row.hostname !== null) this.tryHost.set(attempt, this.names.of(row.hostname));
    this.tryLaunched.learn(attempt, row.launched);
    if (row.running !== null) this.#startedBy(attempt, row.running);
    if (row.failHistory) {
      if (this.tryFailure.data[attempt] < 0) this.failedTries.push(attempt);
      this.tryFailure.set(attempt, this.causes.of(row.failHistory));
    }
    if (row.returned !== null) this.#endedBy(attempt, row.returned);
  }

  #startedBy(attempt: number, time: number): void {
    if (this.tryRunning.data[attempt] <= time) return;
    this.#countBusy(attempt, -1);
    this.tryRunning.data[attempt] = time;
    this.#countBusy(attempt, 1);
  }

  #endedBy(attempt: number, time: number): void {
    const known = this.tryEnded.data[attempt];
    if (known <= time) return;
    this.samples.tail(this.clock, attempt, known, -1);
    this.#countBusy(attempt, -1);
    this.tryEnded.data[attempt] = time;
    this.#countBusy(attempt, 1);
    this.samples.tail(this.clock, attempt, time, 1);
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
    const rank = this.#ranks[state] ??= stateRank(name);
    if (rank === JOINING) this.joins.add(task);
    this.#see(time);
    if (rank === RUNNING) this.#startedBy(attempt, time);
    else if (rank > RUNNING) this.#endedBy(attempt, time);
    if (!this.life.add(this.clock, task, tryId, state, time)) return;
    const app = this.taskApp.data[task];
    this.tally.add(app, this.taskState.data[task], -1);
    this.taskState.set(task, state);
    this.tally.add(app, state, 1);
  }
}

function isSame(a: WorkflowRow, b: WorkflowRow): boolean {
  return (Object.keys(a) as (keyof WorkflowRow)[]).every((key) => a[key] === b[key]);
}
