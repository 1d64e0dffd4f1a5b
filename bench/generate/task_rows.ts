/** The rows of the tables task, try and status. */
import type { Arrivals } from "./arrivals.ts";
import type { NewDatabase } from "./database.ts";
import { mix } from "./random.ts";
import { type RunIdentity, SUBMIT_HOST } from "./run_identity.ts";
import { OUTCOME, type Schedule, STEP, STEPS } from "./schedule.ts";
import { childrenOf, failureOf, inputsOf, logOf, outputsOf } from "./texts.ts";
import type { Clock } from "./time.ts";

const STATES = ["pending", "launched", "running", "running_ended", "joining"] as const;

/** Writes what is known of tasks by the time at which the run is cut. */
export class TaskRows {
  readonly #database: NewDatabase;
  readonly #schedule: Schedule;
  readonly #arrivals: Arrivals;
  readonly #identity: RunIdentity;
  readonly #clock: Clock;
  readonly #failures: Int32Array;
  /** Number of the last status of a task, -1 before the first. */
  readonly #last: Int32Array;
  /** Tasks that ended, as the submit process counts them. */
  readonly counts: { completed: number; failed: number };

  constructor(
    database: NewDatabase,
    schedule: Schedule,
    arrivals: Arrivals,
    identity: RunIdentity,
    clock: Clock,
  ) {
    this.#database = database;
    this.#schedule = schedule;
    this.#arrivals = arrivals;
    this.#identity = identity;
    this.#clock = clock;
    this.#failures = new Int32Array(schedule.tasks);
    this.#last = new Int32Array(schedule.tasks).fill(-1);
    this.counts = this.#look();
  }

  /** Writes a task, as it is when the run is cut. */
  addTask(task: number): void {
    const { plan, taskPlan, taskTry, taskInvoked, taskReturned, planTask, tryOutcome } =
      this.#schedule;
    const planned = taskPlan.data[task];
    const app = plan.appOf(planned);
    const attempt = taskTry.data[task];
    const ended = this.#arrivals.knows(attempt, STEP.final);
    const launched = ended || this.#arrivals.knows(attempt, STEP.launched);
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

  /** Writes a try, as it is when the run is cut. */
  addTry(attempt: number): void {
    const schedule = this.#schedule;
    const { tryNumber, tryTask, tryLaunched, tryReturned, taskPlan, plan, steps } = schedule;
    const planned = taskPlan.data[tryTask.data[attempt]];
    const ended = this.#arrivals.knows(attempt, STEP.final);
    const joining = this.#arrivals.knows(attempt, STEP.joining);
    const launched = ended || this.#arrivals.knows(attempt, STEP.launched);
    const running = this.#arrivals.knows(attempt, STEP.running);
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

  /** Writes a step of a try, `attempt * STEPS + step`. */
  addStatus(item: number): void {
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

  /** How many of the first tasks have which last state. */
  states(tasks: number): Record<string, number> {
    const states: Record<string, number> = {};
    for (let task = 0; task < tasks; task++) {
      const state = this.#last[task] < 0 ? "unknown" : this.#stateOf(this.#last[task]);
      states[state] = (states[state] ?? 0) + 1;
    }
    return states;
  }

  /** How many of the first tasks are of which app. */
  apps(tasks: number): Record<string, number> {
    const apps: Record<string, number> = {};
    for (let task = 0; task < tasks; task++) {
      const { name } = this.#schedule.plan.appOf(this.#schedule.taskPlan.data[task]);
      apps[name] = (apps[name] ?? 0) + 1;
    }
    return apps;
  }

  /** Counts the failures of each task, and the tasks that ended as the submit process counts them. */
  #look(): { completed: number; failed: number } {
    const { tryOutcome, tryTask, tries } = this.#schedule;
    let [completed, failed] = [0, 0];
    for (let attempt = 0; attempt < tries; attempt++) {
      if (!this.#arrivals.knows(attempt, STEP.final)) continue;
      const outcome = tryOutcome.data[attempt];
      if (outcome === OUTCOME.done) completed++;
      if (outcome === OUTCOME.done || outcome === OUTCOME.memo) continue;
      this.#failures[tryTask.data[attempt]]++;
      if (outcome !== OUTCOME.dependency && this.#isLastTry(attempt)) failed++;
    }
    return { completed, failed };
  }

  #isLastTry(attempt: number): boolean {
    return this.#schedule.taskTry.data[this.#schedule.tryTask.data[attempt]] === attempt;
  }
}
