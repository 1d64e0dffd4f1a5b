/** Writes a schedule as the rows that Parsl's database manager would have written. */
import type { NewDatabase } from "./database.ts";
import { HEARTBEAT } from "./fleet.ts";
import { Order } from "./order.ts";
import { mix, noise } from "./random.ts";
import { measurements, Samples } from "./samples.ts";
import { OUTCOME, type Schedule, STEP, STEPS } from "./schedule.ts";
import { childrenOf, failureOf, inputsOf, logOf, outputsOf } from "./texts.ts";
import { type Clock, SECOND } from "./time.ts";

const STATES = ["pending", "launched", "running", "running_ended", "joining"] as const;
/** Microseconds until a message of the submit process is in the database. */
const OWN_LAG = 1200;
/** Rows of the largest table that are written before the others catch up. */
const STRIDE = 2048;
const SUBMIT_HOST = "login01";

export interface RunIdentity {
  runId: string;
  name: string;
  version: string;
  rundir: string;
  seed: number;
}

/** What is in the tables of a run. */
export interface RunSummary {
  runId: string;
  tasks: number;
  tries: number;
  statuses: number;
  resources: number;
  nodes: number;
  blocks: number;
  /** Tasks by their last state. */
  states: Record<string, number>;
  /** Tasks by app. */
  apps: Record<string, number>;
  /** As Parsl counts them: without memoised ones, and without failed dependencies. */
  completed: number;
  failed: number;
  /** Seconds from the beginning to the end, or to where the run was cut. */
  duration: number;
}

/** Writes the rows of a run that were in the database by `cut`, in microseconds since it began. */
export function writeRun(
  database: NewDatabase,
  schedule: Schedule,
  identity: RunIdentity,
  clock: Clock,
  cut: number,
): RunSummary {
  return new RunWriter(database, schedule, identity, clock, cut).write();
}

class RunWriter {
  readonly #database: NewDatabase;
  readonly #schedule: Schedule;
  readonly #identity: RunIdentity;
  readonly #clock: Clock;
  readonly #cut: number;
  readonly #failures: Int32Array;
  /** Number of the last status of a task, -1 before the first. */
  readonly #last: Int32Array;

  constructor(
    database: NewDatabase,
    schedule: Schedule,
    identity: RunIdentity,
    clock: Clock,
    cut: number,
  ) {
    this.#database = database;
    this.#schedule = schedule;
    this.#identity = identity;
    this.#clock = clock;
    this.#cut = cut;
    this.#failures = new Int32Array(schedule.tasks);
    this.#last = new Int32Array(schedule.tasks).fill(-1);
  }

  write(): RunSummary {
    const schedule = this.#schedule;
    const { nodeTime, blockRows } = schedule;
    const tables = ["task", "try", "status", "resource", "node", "block"] as const;
    const before = tables.map((table) => this.#database.count(table));
    const counts = this.#look();
    this.#addWorkflow(counts.completed, counts.failed);
    const statuses = this.#statuses();
    const samples = new Samples(schedule);
    const resources = this.#resources(samples);
    let [task, attempt, resource, node, block] = [0, 0, 0, 0, 0];
    for (let at = 0; at <= statuses.length; at += STRIDE) {
      const next = Math.min(at + STRIDE, statuses.length);
      const until = next < statuses.length ? statuses.timeAt(next) : this.#cut;
      for (; task < schedule.tasks && this.#taskArrival(task) <= until; task++) this.#addTask(task);
      for (; attempt < schedule.tries && this.#arrival(attempt, 0) <= until; attempt++) {
        this.#addTry(attempt);
      }
      for (let n = at; n < next; n++) this.#addStatus(statuses.itemAt(n));
      for (; resource < resources.length && resources.timeAt(resource) <= until; resource++) {
        this.#addResource(samples, resources.itemAt(resource));
      }
      for (; node < nodeTime.length && nodeTime.data[node] <= until; node++) this.#addNode(node);
      for (; block < blockRows.length && blockRows[block].time <= until; block++) {
        this.#addBlock(block);
      }
    }
    const [tasks, tries, statusRows, resourceRows, nodes, blocks] = tables.map((table, n) =>
      this.#database.count(table) - before[n]
    );
    return {
      runId: this.#identity.runId,
      tasks,
      tries,
      statuses: statusRows,
      resources: resourceRows,
      nodes,
      blocks,
      states: this.#states(tasks),
      apps: this.#apps(tasks),
      ...counts,
      duration: Math.min(schedule.end, this.#cut) / SECOND,
    };
  }

  /** When the message about a step of a try is in the database; NaN for a step never made. */
  #arrival(attempt: number, step: number): number {
    const time = this.#schedule.steps[step].data[attempt];
    if (step !== STEP.running && step !== STEP.ended) return time + OWN_LAG;
    const chance = noise(attempt * STEPS + step, this.#identity.seed ^ 0x1a9);
    const slow = this.#schedule.managerOf(attempt) === null ? 5_000 : 250_000;
    return time + 200 + Math.min(3 * SECOND, Math.floor(-Math.log(1 - chance) * slow));
  }

  #taskArrival(task: number): number {
    return this.#schedule.taskInvoked.data[task] + OWN_LAG;
  }

  #knows(attempt: number, step: number): boolean {
    return this.#arrival(attempt, step) <= this.#cut;
  }

  #isLastTry(attempt: number): boolean {
    return this.#schedule.taskTry.data[this.#schedule.tryTask.data[attempt]] === attempt;
  }

  /** Counts the failures of each task, and the tasks that ended as the submit process counts them. */
  #look(): { completed: number; failed: number } {
    const { tryOutcome, tryTask, tries } = this.#schedule;
    let [completed, failed] = [0, 0];
    for (let attempt = 0; attempt < tries; attempt++) {
      if (!this.#knows(attempt, STEP.final)) continue;
      const outcome = tryOutcome.data[attempt];
      if (outcome === OUTCOME.done) completed++;
      if (outcome === OUTCOME.done || outcome === OUTCOME.memo) continue;
      this.#failures[tryTask.data[attempt]]++;
      if (outcome !== OUTCOME.dependency && this.#isLastTry(attempt)) failed++;
    }
    return { completed, failed };
  }

  #statuses(): Order {
    const { steps, tries } = this.#schedule;
    const order = new Order();
    for (let attempt = 0; attempt < tries; attempt++) {
      for (let step = 0; step < STEPS; step++) {
        if (Number.isNaN(steps[step].data[attempt])) continue;
        const arrival = this.#arrival(attempt, step);
        if (arrival <= this.#cut) order.add(arrival, attempt * STEPS + step);
      }
    }
    order.sort();
    return order;
  }

  #resources(samples: Samples): Order {
    const order = new Order();
    for (let n = 0; n < samples.time.length; n++) {
      const lag = Math.floor(noise(n, this.#identity.seed ^ 0x4e5) * 300_000);
      const arrival = samples.time.data[n] + lag;
      if (arrival <= this.#cut) order.add(arrival, n);
    }
    order.sort();
    return order;
  }

  #addWorkflow(completed: number, failed: number): void {
    const { runId, name, version, rundir } = this.#identity;
    const { end } = this.#schedule;
    this.#database.add("workflow", [
      runId,
      name,
      version,
      this.#clock.text(0),
      this.#clock.textBy(end, this.#cut),
      SUBMIT_HOST,
      "ada",
      rundir,
      failed,
      completed,
    ]);
  }

  #addTask(task: number): void {
    const { plan, taskPlan, taskTry, taskInvoked, taskReturned, planTask, tryOutcome } =
      this.#schedule;
    const planned = taskPlan.data[task];
    const app = plan.appOf(planned);
    const attempt = taskTry.data[task];
    const ended = this.#knows(attempt, STEP.final);
    const launched = ended || this.#knows(attempt, STEP.launched);
    const { rundir, runId } = this.#identity;
    const failures = this.#failures[task];
    const depends = Array.from(plan.dependenciesOf(planned), (other) => planTask[other]);
    this.#database.add("task", [
      task,
      runId,
      depends.join(","),
      app.name,
      app.memoize ? "1" : "0",
      app.memoize && launched ? this.#hashsum(planned) : null,
      inputsOf(this.#schedule, planned, launched),
      outputsOf(app, task, rundir),
      null,
      logOf(app, task, rundir, "stdout"),
      logOf(app, task, rundir, "stderr"),
      this.#clock.text(taskInvoked.data[task]),
      ended ? this.#clock.text(taskReturned.data[task]) : null,
      failures,
      tryOutcome.data[attempt] === OUTCOME.join ? 0 : failures,
    ]);
  }

  /** Calls with the same arguments have the same; it is as long as an MD5. */
  #hashsum(planned: number): string {
    const { same } = this.#schedule.plan;
    let first = planned;
    while (same.data[first] >= 0) first = same.data[first];
    let text = "";
    for (let n = 0; n < 4; n++) {
      text += mix(first, this.#identity.seed + n).toString(16).padStart(8, "0");
    }
    return text;
  }

  #addTry(attempt: number): void {
    const schedule = this.#schedule;
    const { tryNumber, tryTask, tryLaunched, tryReturned, taskPlan, plan, steps } = schedule;
    const planned = taskPlan.data[tryTask.data[attempt]];
    const ended = this.#knows(attempt, STEP.final);
    const joining = this.#knows(attempt, STEP.joining);
    const launched = ended || this.#knows(attempt, STEP.launched);
    const running = this.#knows(attempt, STEP.running);
    const manager = schedule.managerOf(attempt);
    const { runId, seed } = this.#identity;
    const children = childrenOf(schedule, planned).map((child) => schedule.planTask[child]);
    this.#database.add("try", [
      tryNumber.data[attempt],
      tryTask.data[attempt],
      runId,
      running && manager ? String(manager.block.number) : null,
      running ? manager?.hostname ?? SUBMIT_HOST : null,
      plan.appOf(planned).executor,
      this.#clock.textBy(tryLaunched.data[attempt], launched ? Infinity : -1),
      running ? this.#clock.text(steps[STEP.running].data[attempt]) : null,
      ended || joining ? this.#clock.text(tryReturned.data[attempt]) : null,
      ended ? failureOf(schedule, attempt, seed) : "",
      joining ? children.join(",") : null,
    ]);
  }

  #addStatus(item: number): void {
    const attempt = Math.floor(item / STEPS);
    const step = item % STEPS;
    const { tryTask, tryNumber, steps } = this.#schedule;
    const task = tryTask.data[attempt];
    if (item > this.#last[task]) this.#last[task] = item;
    this.#database.add("status", [
      task,
      this.#stateOf(item),
      this.#clock.text(steps[step].data[attempt]),
      this.#identity.runId,
      tryNumber.data[attempt],
    ]);
  }

  #stateOf(item: number): string {
    const attempt = Math.floor(item / STEPS);
    const step = item % STEPS;
    if (step !== STEP.final) return STATES[step];
    const outcome = this.#schedule.tryOutcome.data[attempt];
    if (outcome === OUTCOME.done) return "exec_done";
    if (outcome === OUTCOME.memo) return "memo_done";
    if (outcome === OUTCOME.dependency) return "dep_fail";
    return this.#isLastTry(attempt) ? "failed" : "fail_retryable";
  }

  #addResource(samples: Samples, sample: number): void {
    const attempt = samples.attempt.data[sample];
    const time = samples.time.data[sample];
    const { tryTask, tryNumber } = this.#schedule;
    this.#database.add("resource", [
      tryNumber.data[attempt],
      tryTask.data[attempt],
      this.#identity.runId,
      this.#clock.text(time),
      ...measurements(this.#schedule, attempt, time, this.#identity.seed),
    ]);
  }

  #addNode(row: number): void {
    const { nodeTime, nodeManager, nodeActive, managers } = this.#schedule;
    const manager = managers[nodeManager.data[row]];
    const time = nodeTime.data[row];
    const heard = Math.max(manager.registered, Math.min(time, manager.lost));
    const beats = Math.floor((heard - manager.registered) / HEARTBEAT);
    this.#database.add("node", [
      this.#database.count("node") + 1,
      this.#identity.runId,
      manager.hostname,
      manager.uid,
      String(manager.block.number),
      manager.cores,
      manager.memory,
      nodeActive.data[row],
      manager.workers,
      "3.11.7",
      this.#clock.text(time),
      this.#clock.text(manager.registered + beats * HEARTBEAT - 240),
    ]);
  }

  #addBlock(row: number): void {
    const { block, time, status } = this.#schedule.blockRows[row];
    this.#database.add("block", [
      this.#identity.runId,
      block.executor,
      String(block.number),
      block.job,
      this.#clock.text(time),
      status,
    ]);
  }

  #states(tasks: number): Record<string, number> {
    const states: Record<string, number> = {};
    for (let task = 0; task < tasks; task++) {
      const state = this.#last[task] < 0 ? "unknown" : this.#stateOf(this.#last[task]);
      states[state] = (states[state] ?? 0) + 1;
    }
    return states;
  }

  #apps(tasks: number): Record<string, number> {
    const apps: Record<string, number> = {};
    for (let task = 0; task < tasks; task++) {
      const { name } = this.#schedule.plan.appOf(this.#schedule.taskPlan.data[task]);
      apps[name] = (apps[name] ?? 0) + 1;
    }
    return apps;
  }
}
