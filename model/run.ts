import { Floats, Ints, Strings } from "./columns.ts";
import type { BlockRow, NodeRow, RunRows, TaskRow, TryRow, WorkflowRow } from "./rows.ts";
import { LIFECYCLE, stateRank } from "./states.ts";

/**
 * One run of a workflow, folded from database rows into columns.
 *
 * Tasks, tries, events (status rows) and samples (resource rows) each have an index of their own in
 * the order in which they first appeared; columns named alike share it. Folding is incremental and
 * order-tolerant: rows may come in any order and task and try rows may come again with news.
 */
export class Run {
  readonly runId: string;
  workflow: WorkflowRow;
  /** Grows with every fold that brought something. */
  version = 0;

  readonly states = new Strings();
  readonly apps = new Strings();
  readonly names = new Strings();
  readonly texts = new Strings();

  readonly taskId = new Ints();
  readonly taskApp = new Ints();
  readonly taskInvoked = new Floats();
  readonly taskReturned = new Floats();
  readonly taskFailCount = new Ints();
  readonly taskMemoize = new Ints();
  /** Index into `states`; -1 before the first status row. */
  readonly taskState = new Ints();
  readonly taskTry = new Ints();
  /** When the task came into its state. */
  readonly taskStateTime = new Floats();
  readonly taskLastEvent = new Ints();
  readonly taskLastTry = new Ints();
  readonly depStart = new Ints();
  readonly depEnd = new Ints();
  /** Task ids, not indexes: a dependency's row may come later. */
  readonly depIds = new Ints();

  readonly tryTask = new Ints();
  readonly tryNumber = new Ints();
  readonly tryPrev = new Ints();
  /** Indexes into `names`. */
  readonly tryExecutor = new Ints();
  readonly tryHost = new Ints();
  readonly tryBlock = new Ints();
  readonly tryLaunched = new Floats();
  readonly tryRunning = new Floats();
  /** When the worker finished, or the earliest later sign that it had. */
  readonly tryEnded = new Floats();
  readonly tryReturned = new Floats();
  /** Indexes into `texts`. */
  readonly tryFailure = new Ints();
  readonly tryJoins = new Ints();
  readonly tryLastSample = new Ints();
  readonly tryPeakMemory = new Floats();

  readonly eventTask = new Ints();
  readonly eventTry = new Ints();
  readonly eventState = new Ints();
  readonly eventTime = new Floats();
  readonly eventPrev = new Ints();

  readonly sampleTry = new Ints();
  readonly samplePrev = new Ints();
  readonly sampleTime = new Floats();
  readonly sampleMemory = new Floats();
  readonly sampleCpu = new Floats();

  readonly nodes: NodeRow[] = [];
  readonly blocks: BlockRow[] = [];

  firstTime = Infinity;
  lastTime = -Infinity;
  #byId = new Map<number, number>();

  constructor(workflow: WorkflowRow) {
    this.runId = workflow.runId;
    this.workflow = workflow;
    for (const state of LIFECYCLE) this.states.of(state);
  }

  /** Number of tasks known. */
  get tasks(): number {
    return this.taskId.length;
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

  /** State of a task by index; "unknown" before its first status row. */
  stateOf(task: number): string {
    return this.states.at(this.taskState.data[task]) ?? "unknown";
  }

  /** Indexes of the tries of a task, first try first. */
  triesOf(task: number): number[] {
    const out: number[] = [];
    for (let t = this.taskLastTry.data[task]; t >= 0; t = this.tryPrev.data[t]) out.push(t);
    return out.sort((a, b) => this.tryNumber.data[a] - this.tryNumber.data[b]);
  }

  /** Ids of the tasks that a task depends on. */
  dependenciesOf(task: number): Int32Array {
    return this.depIds.data.subarray(this.depStart.data[task], this.depEnd.data[task]);
  }

  /** Takes rows in, new or changed. */
  fold(rows: RunRows): void {
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
      this.sampleTry.push(attempt);
      this.samplePrev.push(this.tryLastSample.data[attempt]);
      this.tryLastSample.data[attempt] = this.sampleTry.length - 1;
      this.sampleTime.push(row.time);
      this.sampleMemory.push(row.resident);
      this.sampleCpu.push(cpu);
      if (row.resident !== null) {
        const peak = this.tryPeakMemory.data[attempt];
        if (!(peak >= row.resident)) this.tryPeakMemory.data[attempt] = row.resident;
      }
    }
    for (const row of rows.nodes) {
      this.nodes.push(row);
      if (row.time !== null) this.#see(row.time);
    }
    for (const row of rows.blocks) {
      this.blocks.push(row);
      if (row.time !== null) this.#see(row.time);
    }
    this.version++;
  }

  #see(time: number): void {
    if (time > this.lastTime) this.lastTime = time;
    if (time < this.firstTime) this.firstTime = time;
  }

  #task(taskId: number): number {
    const known = this.#byId.get(taskId);
    if (known !== undefined) return known;
    const index = this.taskId.length;
    this.#byId.set(taskId, index);
    this.taskId.push(taskId);
    this.taskApp.push(-1);
    this.taskInvoked.push(null);
    this.taskReturned.push(null);
    this.taskFailCount.push(0);
    this.taskMemoize.push(0);
    this.taskState.push(-1);
    this.taskTry.push(-1);
    this.taskStateTime.push(null);
    this.taskLastEvent.push(-1);
    this.taskLastTry.push(-1);
    this.depStart.push(0);
    this.depEnd.push(0);
    return index;
  }

  #try(task: number, number: number): number {
    for (let t = this.taskLastTry.data[task]; t >= 0; t = this.tryPrev.data[t]) {
      if (this.tryNumber.data[t] === number) return t;
    }
    const index = this.tryTask.length;
    this.tryTask.push(task);
    this.tryNumber.push(number);
    this.tryPrev.push(this.taskLastTry.data[task]);
    this.taskLastTry.data[task] = index;
    this.tryExecutor.push(-1);
    this.tryHost.push(-1);
    this.tryBlock.push(-1);
    this.tryLaunched.push(null);
    this.tryRunning.push(null);
    this.tryEnded.push(null);
    this.tryReturned.push(null);
    this.tryFailure.push(-1);
    this.tryJoins.push(-1);
    this.tryLastSample.push(-1);
    this.tryPeakMemory.push(null);
    return index;
  }

  #foldTask(row: TaskRow): void {
    const task = this.#task(row.taskId);
    this.taskApp.data[task] = this.apps.of(row.app);
    this.taskInvoked.learn(task, row.invoked);
    this.taskReturned.learn(task, row.returned);
    if (row.failCount !== null) this.taskFailCount.data[task] = row.failCount;
    if (row.memoize !== null) this.taskMemoize.data[task] = row.memoize ? 1 : 0;
    if (row.invoked !== null) this.#see(row.invoked);
    if (row.depends && this.depStart.data[task] === this.depEnd.data[task]) {
      this.depStart.data[task] = this.depIds.length;
      for (const part of row.depends.split(",")) {
        const id = Number.parseInt(part, 10);
        if (Number.isInteger(id)) this.depIds.push(id);
      }
      this.depEnd.data[task] = this.depIds.length;
    }
  }

  #foldTry(row: TryRow): void {
    const attempt = this.#try(this.#task(row.taskId), row.tryId);
    if (row.executor !== null) this.tryExecutor.data[attempt] = this.names.of(row.executor);
    if (row.hostname !== null) this.tryHost.data[attempt] = this.names.of(row.hostname);
    if (row.blockId !== null) this.tryBlock.data[attempt] = this.names.of(row.blockId);
    this.tryLaunched.learn(attempt, row.launched);
    this.tryReturned.learn(attempt, row.returned);
    if (row.running !== null) this.#startedBy(attempt, row.running);
    if (row.failHistory) this.tryFailure.data[attempt] = this.texts.of(row.failHistory);
    if (row.joins !== null) this.tryJoins.data[attempt] = this.texts.of(row.joins);
    if (row.returned !== null) this.#endedBy(attempt, row.returned);
  }

  #startedBy(attempt: number, time: number): void {
    const known = this.tryRunning.data[attempt];
    if (!(known <= time)) this.tryRunning.data[attempt] = time;
  }

  #endedBy(attempt: number, time: number): void {
    const known = this.tryEnded.data[attempt];
    if (!(known <= time)) this.tryEnded.data[attempt] = time;
  }

  #foldStatus(taskId: number, tryId: number, state: string, time: number): void {
    const task = this.#task(taskId);
    const attempt = this.#try(task, tryId);
    const stateIndex = this.states.of(state);
    this.#see(time);
    this.eventTask.push(task);
    this.eventTry.push(attempt);
    this.eventState.push(stateIndex);
    this.eventTime.push(time);
    this.eventPrev.push(this.taskLastEvent.data[task]);
    this.taskLastEvent.data[task] = this.eventTask.length - 1;

    if (state === "running") {
      this.#startedBy(attempt, time);
    } else if (stateRank(state) > stateRank("running")) {
      this.#endedBy(attempt, time);
    }
    if (this.#isLater(task, tryId, stateIndex, time)) {
      this.taskTry.data[task] = tryId;
      this.taskState.data[task] = stateIndex;
      this.taskStateTime.data[task] = time;
    }
  }

  /** Whether an event comes after a task's present state: by try, place in the life cycle, time. */
  #isLater(task: number, tryId: number, state: number, time: number): boolean {
    const current = this.taskState.data[task];
    const known = this.taskTry.data[task];
    if (current < 0 || tryId !== known) return tryId > known;
    const rank = stateRank(this.states.list[state]) - stateRank(this.states.list[current]);
    if (rank !== 0) return rank > 0;
    const later = time - this.taskStateTime.data[task];
    return later !== 0 ? later > 0 : state > current;
  }
}
