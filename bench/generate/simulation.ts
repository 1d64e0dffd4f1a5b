/** Runs a plan on workers that are not there, one event after the other. */
import { Agenda } from "./agenda.ts";
import { EXECUTORS, INTERNAL } from "./apps.ts";
import { Fleet } from "./fleet.ts";
import { dependentsOf, workersFor } from "./needs.ts";
import type { Plan } from "./plan.ts";
import { Queue } from "./queue.ts";
import type { Random } from "./random.ts";
import { OUTCOME, Schedule, STEP } from "./schedule.ts";
import { SECOND } from "./time.ts";

/** Tries of a task, at most. */
export const TRIES = 3;
/** Seconds that a chain takes at most; its tasks are made shorter. */
const LONGEST_CHAIN = 6 * 3600;

const SUBMIT = 0;
const DONE = 1;

/** What happens when a plan is run; the workers are so many that it takes minutes to hours. */
export function simulate(plan: Plan, random: Random, options: {
  chain: boolean;
  /** One node row for each dispatch and each result, as Parsl sends them. */
  everyNodeReport: boolean;
}): Schedule {
  return new Simulation(plan, random, options.chain, options.everyNodeReport).run();
}

class Simulation {
  readonly #plan: Plan;
  readonly #random: Random;
  readonly #schedule: Schedule;
  readonly #agenda = new Agenda();
  readonly #fleet: Fleet;
  readonly #waiting = EXECUTORS.map(() => new Queue());
  readonly #executorOf: Int32Array;
  readonly #everyNodeReport: boolean;
  /** Factor of all durations. */
  readonly #pace: number;
  /** Dependencies that are not final yet, by index in the plan. */
  readonly #open: Int32Array;
  readonly #openChildren: Int32Array;
  readonly #dependents: { start: Int32Array; tasks: Int32Array };
  /** Tasks of the plan that have nothing to wait for any more. */
  readonly #ready = new Queue();
  #next = 0;
  #unfinished: number;
  /** The submit process does one thing after the other: when it is done with the last. */
  #clock = 300_000;

  constructor(plan: Plan, random: Random, chain: boolean, everyNodeReport: boolean) {
    this.#plan = plan;
    this.#random = random;
    this.#everyNodeReport = everyNodeReport;
    this.#schedule = new Schedule(plan);
    this.#unfinished = plan.size;
    this.#executorOf = Int32Array.from(plan.apps, ({ executor }) => EXECUTORS.indexOf(executor));
    this.#open = new Int32Array(plan.size);
    for (let p = 0; p < plan.size; p++) this.#open[p] = plan.dependenciesOf(p).length;
    this.#openChildren = plan.children.data.slice(0, plan.size);
    this.#dependents = dependentsOf(plan);
    const length = chain
      ? Math.min(LONGEST_CHAIN, Math.max(60, plan.work))
      : 1200 * (Math.max(10, plan.size) / 1000) ** 0.418;
    this.#pace = chain ? Math.min(1, LONGEST_CHAIN / plan.work) : 1;
    const needed = workersFor(plan, this.#pace / length);
    this.#fleet = new Fleet(this.#schedule, this.#agenda, random, needed, length * SECOND);
  }

  run(): Schedule {
    this.#agenda.add(this.#clock, SUBMIT, 0);
    while (this.#unfinished > 0) {
      const { time, kind, subject } = this.#agenda.next();
      if (kind === SUBMIT) {
        this.#submit();
      } else if (kind === DONE) {
        this.#done(subject, time);
      } else {
        const { executor, lost } = this.#fleet.handle(kind, subject, time);
        for (const attempt of lost) this.#fail(attempt, OUTCOME.managerLost, time);
        this.#settle();
        if (executor >= 0) this.#assign(executor, time);
      }
    }
    this.#fleet.shutDown(this.#clock);
    this.#schedule.end = this.#clock + 2 * SECOND + this.#random.between(0, 900_000);
    return this.#schedule;
  }

  /** A moment of the submit process, after `time` and after all that it did before. */
  #moment(time: number, low = 40, high = 260): number {
    this.#clock = Math.max(this.#clock, time) + this.#random.between(low, high);
    return this.#clock;
  }

  #submit(): void {
    const { children, size } = this.#plan;
    const planned = this.#next;
    this.#next += 1 + children.data[planned];
    this.#invoke(planned, this.#clock);
    if (this.#next < size) {
      const pause = Math.ceil(this.#random.exponential(700));
      this.#agenda.add(this.#clock + pause, SUBMIT, 0);
    }
    this.#settle();
  }

  #invoke(planned: number, time: number): void {
    const task = this.#schedule.addTask(planned, this.#moment(time));
    this.#schedule.addTry(task, 0, this.#moment(0));
    if (this.#open[planned] === 0) this.#ready.push(planned);
  }

  /** Launches what is ready, and ends what cannot be run or need not. */
  #settle(): void {
    const { plan, planTask, taskTry } = this.#schedule;
    while (this.#ready.size > 0) {
      const planned = this.#ready.shift();
      const attempt = taskTry.data[planTask[planned]];
      const failed = plan.dependenciesOf(planned).some((other) =>
        !this.#schedule.succeeded(planTask[other])
      );
      const same = plan.same.data[planned];
      if (failed) {
        this.#end(attempt, OUTCOME.dependency, this.#clock);
      } else if (same >= 0 && this.#isKnown(planTask[same])) {
        this.#schedule.tryLaunched.data[attempt] = this.#moment(0);
        this.#end(attempt, OUTCOME.memo, this.#clock);
      } else {
        this.#launch(attempt, this.#clock);
      }
    }
  }

  #isKnown(task: number): boolean {
    return task >= 0 && this.#schedule.taskReturned.data[task] <= this.#clock &&
      this.#schedule.succeeded(task);
  }

  #launch(attempt: number, time: number): void {
    const { steps, tryLaunched } = this.#schedule;
    tryLaunched.data[attempt] = this.#moment(time);
    const executor = this.#executor(attempt);
    if (executor === INTERNAL) {
      this.#join(attempt);
      return;
    }
    steps[STEP.launched].data[attempt] = this.#moment(0);
    this.#waiting[executor].push(attempt);
    this.#assign(executor, this.#clock);
  }

  /** A join app calls its children at once and then waits for them. */
  #join(attempt: number): void {
    const { steps, tryReturned, tryTask, taskPlan } = this.#schedule;
    const planned = taskPlan.data[tryTask.data[attempt]];
    steps[STEP.launched].data[attempt] = this.#moment(0);
    steps[STEP.running].data[attempt] = this.#moment(0);
    for (let n = 1; n <= this.#plan.children.data[planned]; n++) this.#invoke(planned + n, 0);
    steps[STEP.ended].data[attempt] = this.#moment(0);
    tryReturned.data[attempt] = this.#moment(0);
    steps[STEP.joining].data[attempt] = this.#moment(0);
  }

  /** Gives waiting tries to idle workers. */
  #assign(executor: number, now: number): void {
    const { steps, tryWorker, tryCpu, workerManager } = this.#schedule;
    const random = this.#random;
    while (this.#waiting[executor].size > 0) {
      const worker = this.#fleet.take(executor);
      if (worker < 0) return;
      const attempt = this.#waiting[executor].shift();
      const manager = workerManager.data[worker];
      const start = Math.max(now, steps[STEP.launched].data[attempt]) +
        (manager < 0 ? random.between(60, 700) : random.between(900, 4000));
      tryWorker.data[attempt] = worker;
      tryCpu.data[attempt] = this.#fleet.workerCpu.data[worker];
      this.#fleet.workerTry.data[worker] = attempt;
      if (manager >= 0 && this.#everyNodeReport) this.#schedule.addNode(now + 700, manager, true);
      steps[STEP.running].data[attempt] = start;
      this.#agenda.add(start + this.#duration(attempt), DONE, attempt);
    }
  }

  #duration(attempt: number): number {
    const random = this.#random;
    const app = this.#plan.appOf(this.#planned(attempt));
    const seconds = Math.min(random.lognormal(app.median, app.sigma), 20 * app.median);
    const fails = this.#plan.doomed.data[this.#planned(attempt)] === 1 || random.next() < app.flaky;
    // The outcome is decided here, though nobody knows it yet.
    this.#schedule.tryOutcome.data[attempt] = fails ? OUTCOME.failed : OUTCOME.done;
    const part = fails ? 0.05 + 0.95 * random.next() : 1;
    return Math.max(600, Math.round(seconds * part * this.#pace * SECOND));
  }

  #done(attempt: number, time: number): void {
    const { steps, tryWorker, tryOutcome, workerManager } = this.#schedule;
    const worker = tryWorker.data[attempt];
    if (this.#fleet.isLost(worker, time)) return;
    const executor = this.#executor(attempt);
    const manager = workerManager.data[worker];
    steps[STEP.ended].data[attempt] = time;
    const seconds = (time - steps[STEP.running].data[attempt]) / SECOND;
    this.#fleet.workerCpu.data[worker] += seconds * this.#plan.appOf(this.#planned(attempt)).cores;
    if (manager >= 0 && this.#everyNodeReport) this.#schedule.addNode(time, manager, true);
    this.#fleet.free(executor, worker, time);
    this.#assign(executor, time);
    const received = time + this.#random.between(300, manager < 0 ? 900 : 4000);
    if (tryOutcome.data[attempt] === OUTCOME.failed) this.#fail(attempt, OUTCOME.failed, received);
    else this.#end(attempt, OUTCOME.done, received);
    this.#settle();
  }

  /** A try failed: the task is tried again, or fails. */
  #fail(attempt: number, outcome: number, time: number): void {
    const { steps, tryNumber, tryTask, tryOutcome, tryReturned } = this.#schedule;
    const number = tryNumber.data[attempt];
    if (number + 1 === TRIES) {
      this.#end(attempt, outcome, time);
      return;
    }
    tryOutcome.data[attempt] = outcome;
    tryReturned.data[attempt] = this.#moment(time);
    steps[STEP.final].data[attempt] = this.#moment(0);
    const again = this.#schedule.addTry(tryTask.data[attempt], number + 1, this.#moment(0));
    this.#launch(again, this.#clock);
  }

  /** A task is over. */
  #end(attempt: number, outcome: number, time: number): void {
    const { steps, tryOutcome, tryReturned, tryTask, taskReturned, planTask } = this.#schedule;
    const planned = this.#planned(attempt);
    const task = tryTask.data[attempt];
    tryOutcome.data[attempt] = outcome;
    const joined = !Number.isNaN(steps[STEP.joining].data[attempt]);
    const returned = this.#moment(time);
    if (!joined) tryReturned.data[attempt] = returned;
    taskReturned.data[task] = this.#moment(0, 10, 90);
    steps[STEP.final].data[attempt] = this.#moment(0, 30, 160);
    this.#unfinished--;
    const { start, tasks } = this.#dependents;
    for (let at = start[planned]; at < start[planned + 1]; at++) {
      const dependent = tasks[at];
      if (--this.#open[dependent] === 0 && planTask[dependent] >= 0) this.#ready.push(dependent);
    }
    if (outcome === OUTCOME.dependency) this.#adopt(planned);
    const parent = this.#plan.parent.data[planned];
    if (parent >= 0 && --this.#openChildren[parent] === 0) this.#endJoin(parent);
  }

  /** The program itself calls the children of a join app that is not run. */
  #adopt(planned: number): void {
    for (let n = 1; n <= this.#plan.children.data[planned]; n++) {
      this.#plan.parent.data[planned + n] = -1;
      this.#invoke(planned + n, 0);
    }
  }

  #endJoin(planned: number): void {
    const { planTask, taskTry } = this.#schedule;
    let failed = false;
    for (let n = 1; n <= this.#plan.children.data[planned]; n++) {
      if (!this.#schedule.succeeded(planTask[planned + n])) failed = true;
    }
    const outcome = failed ? OUTCOME.join : OUTCOME.done;
    this.#end(taskTry.data[planTask[planned]], outcome, this.#clock);
  }

  #planned(attempt: number): number {
    return this.#schedule.taskPlan.data[this.#schedule.tryTask.data[attempt]];
  }

  #executor(attempt: number): number {
    return this.#executorOf[this.#plan.app.data[this.#planned(attempt)]];
  }
}
