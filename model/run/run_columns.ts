import { BusyLine } from "./busy.ts";
import { Causes } from "./causes.ts";
import { Clock } from "./clock.ts";
import { Floats, Ints, SmallInts, Strings } from "./columns.ts";
import { Fleet } from "./fleet.ts";
import { Joins } from "./joins.ts";
import { Life } from "./life.ts";
import { Nodes } from "./node_samples.ts";
import type { NodeRow, WorkflowRow } from "./rows.ts";
import type { Samples } from "./samples.ts";
import { Tally } from "./tally.ts";
import type { Tries } from "./tries.ts";
import type { TryWatcher } from "./try_watcher.ts";
import { Workers } from "./workers.ts";
import { INTERNAL_EXECUTOR, TryFold } from "./try_fold.ts";
import { LIFECYCLE } from "../../parsl/states.ts";

/**
 * What is known of one run, in columns.
 *
 * Tasks, tries and events (status rows) each have an index of their own in the order in which they
 * first appeared; columns named alike share it.
 */
export abstract class RunColumns implements TryWatcher {
  readonly runId: string;
  workflow: WorkflowRow;
  /** Grows with every fold that brought rows. */
  version = 0;

  readonly states = new Strings();
  readonly apps = new Strings();
  readonly names = new Strings();
  readonly blockIds = new Strings();
  readonly causes = new Causes();

  protected readonly found: TryFold;
  readonly taskId: Ints;
  readonly taskApp = new SmallInts();
  readonly taskInvoked = new Floats();
  readonly taskReturned = new Floats();
  readonly taskMemoize = new SmallInts();
  /** Index into `states`; -1 before the first status row. */
  readonly taskState = new SmallInts();
  readonly taskTries = new SmallInts();
  readonly depStart = new Ints();
  readonly depCount = new SmallInts();
  /** Task ids, not indexes: a dependency's row may come later. */
  readonly depIds = new Ints();
  readonly joins = new Joins();

  readonly samples: Samples;
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
  readonly workers = new Workers();
  /** How the hosts were over time, whoever used them. */
  readonly hosts = new Nodes();
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

  constructor(workflow: WorkflowRow) {
    this.runId = workflow.runId;
    this.workflow = workflow;
    const began = Math.floor(workflow.began ?? -Infinity);
    this.found = new TryFold(
      (samples) => new Clock(began, [this.life.tick, samples.tick]),
      this,
    );
    this.taskId = this.found.taskId;
    this.samples = this.found.samples;
    this.tries = this.found.tries;
    this.clock = this.tries.clock;
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

  abstract leave(attempt: number): void;
  abstract enter(attempt: number): void;
  abstract moved(attempt: number): void;
  abstract returned(attempt: number): number;

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
      ...[this.found, this.taskApp, this.taskInvoked, this.taskReturned],
      ...[this.taskMemoize, this.taskState, this.taskTries, this.depStart, this.depCount],
      ...[this.depIds, this.tryExecutor, this.tryFailure, this.tryBlock, this.blockIds],
      ...[this.states, this.apps, this.names, this.causes],
      ...[this.joins, this.life, this.samples, this.fleet, this.busy.line],
      ...[this.workers, this.hosts],
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
    return this.found.indexOf(taskId);
  }

  /** Indexes of all tasks in the order of their ids. */
  tasksById(): Uint32Array {
    return this.found.tasksById();
  }

  /** The app of a task by index; "unknown" before its row. */
  appOf(task: number): string {
    return this.apps.at(this.taskApp.data[task]) ?? "unknown";
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

  /** Whether a try ran inside Parsl itself (a join), on no worker. */
  isInternal(attempt: number): boolean {
    return this.names.at(this.tryExecutor.data[attempt]) === INTERNAL_EXECUTOR;
  }

  /** Takes note of a stamp of the submit host, naive ms. */
  protected see(time: number): void {
    if (time > this.#lastTime) this.#lastTime = time;
    if (time < this.#firstTime) this.#firstTime = time;
  }
}
