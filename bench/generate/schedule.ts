import { Floats, Ints } from "../../model/run/columns.ts";
import type { Plan } from "./plan.ts";

/** How a try ended. */
export const OUTCOME = {
  none: 0,
  done: 1,
  memo: 2,
  failed: 3,
  managerLost: 4,
  dependency: 5,
  join: 6,
} as const;

/** Steps of a try, in the order of a try's life. The last is the state in which it ended. */
export const STEP = {
  pending: 0,
  launched: 1,
  running: 2,
  ended: 3,
  joining: 4,
  final: 5,
} as const;
export const STEPS = Object.keys(STEP).length;

/** A batch job that holds managers. */
export interface Block {
  executor: string;
  /** Number of the block within its executor. */
  number: number;
  job: string;
}

/** A manager of an HTEX: one node of a block. */
export interface Manager {
  uid: string;
  hostname: string;
  block: Block;
  workers: number;
  cores: number;
  /** Bytes. */
  memory: number;
  registered: number;
  /** When it went silent; Infinity when it never did. */
  lost: number;
}

/**
 * All that happened in a run. Times are microseconds since it began; NaN stands for never. Columns
 * named alike share an index: tasks by task id, tries in the order in which they became pending.
 */
export class Schedule {
  readonly plan: Plan;
  /** Index of a task in the plan. */
  readonly taskPlan = new Ints();
  /** Task id by index in the plan. */
  readonly planTask: Int32Array;
  readonly taskInvoked = new Floats();
  readonly taskReturned = new Floats();
  /** The last try of a task. */
  readonly taskTry = new Ints();

  readonly tryTask = new Ints();
  readonly tryNumber = new Ints();
  readonly tryOutcome = new Ints();
  /** Index into the workers; -1 when none took it. */
  readonly tryWorker = new Ints();
  /** CPU seconds that the worker had used before. */
  readonly tryCpu = new Floats();
  readonly tryLaunched = new Floats();
  readonly tryReturned = new Floats();
  /** When the try came to each `STEP`, as the status rows have it. */
  readonly steps: readonly Floats[] = Array.from({ length: STEPS }, () => new Floats());

  /** Index into `managers`; -1 for a thread of the submit process. */
  readonly workerManager = new Ints();
  readonly workerPid = new Ints();

  readonly managers: Manager[] = [];
  readonly nodeTime = new Floats();
  readonly nodeManager = new Ints();
  readonly nodeActive = new Ints();

  readonly blocks: Block[] = [];
  blockRows: { time: number; block: Block; status: string }[] = [];
  /** When the run was over. */
  end = 0;

  constructor(plan: Plan) {
    this.plan = plan;
    this.planTask = new Int32Array(plan.size).fill(-1);
  }

  get tasks(): number {
    return this.taskPlan.length;
  }

  get tries(): number {
    return this.tryTask.length;
  }

  /** Adds a task; gives its id. */
  addTask(planned: number, invoked: number): number {
    const task = this.taskPlan.length;
    this.taskPlan.push(planned);
    this.planTask[planned] = task;
    this.taskInvoked.push(invoked);
    this.taskReturned.push(NaN);
    this.taskTry.push(-1);
    return task;
  }

  /** Adds a try, pending since a time; gives its index. */
  addTry(task: number, number: number, pending: number): number {
    this.tryTask.push(task);
    this.tryNumber.push(number);
    this.tryOutcome.push(OUTCOME.none);
    this.tryWorker.push(-1);
    this.tryCpu.push(NaN);
    this.tryLaunched.push(NaN);
    this.tryReturned.push(NaN);
    this.steps.forEach((column, step) => column.push(step === 0 ? pending : NaN));
    const attempt = this.tryTask.length - 1;
    this.taskTry.data[task] = attempt;
    return attempt;
  }

  /** Records what the interchange says of a manager, once for all that happens at one time. */
  addNode(time: number, manager: number, active: boolean): void {
    const last = this.nodeTime.length - 1;
    const value = active ? 1 : 0;
    if (
      last >= 0 && this.nodeTime.data[last] === time && this.nodeManager.data[last] === manager &&
      this.nodeActive.data[last] === value
    ) return;
    this.nodeTime.push(time);
    this.nodeManager.push(manager);
    this.nodeActive.push(value);
  }

  managerOf(attempt: number): Manager | null {
    const worker = this.tryWorker.data[attempt];
    const manager = worker < 0 ? -1 : this.workerManager.data[worker];
    return manager < 0 ? null : this.managers[manager];
  }

  /** Whether a task ended well. */
  succeeded(task: number): boolean {
    const outcome = this.tryOutcome.data[this.taskTry.data[task]];
    return outcome === OUTCOME.done || outcome === OUTCOME.memo;
  }
}
