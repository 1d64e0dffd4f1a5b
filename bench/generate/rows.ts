/** Writes a schedule as the rows that Parsl's database manager would have written. */
import { Arrivals } from "./arrivals.ts";
import type { NewDatabase } from "./database.ts";
import { FleetRows } from "./fleet_rows.ts";
import { type RunIdentity, SUBMIT_HOST } from "./run_identity.ts";
import { measurements, Samples } from "./samples.ts";
import type { Schedule } from "./schedule.ts";
import { TaskRows } from "./task_rows.ts";
import { type Clock, SECOND } from "./time.ts";

/** Rows of the largest table that are written before the others catch up. */
const STRIDE = 2048;

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
  readonly #arrivals: Arrivals;
  readonly #tasks: TaskRows;
  readonly #fleet: FleetRows;

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
    this.#arrivals = new Arrivals(schedule, identity.seed, cut);
    this.#tasks = new TaskRows(database, schedule, this.#arrivals, identity, clock);
    this.#fleet = new FleetRows(database, schedule, identity, clock);
  }

  write(): RunSummary {
    const schedule = this.#schedule;
    const { nodeTime, blockRows } = schedule;
    const tables = ["task", "try", "status", "resource", "node", "block"] as const;
    const before = tables.map((table) => this.#database.count(table));
    this.#addWorkflow();
    const statuses = this.#arrivals.statuses();
    const samples = new Samples(schedule);
    const resources = this.#arrivals.resources(samples);
    let [task, attempt, resource, node, block] = [0, 0, 0, 0, 0];
    for (let at = 0; at <= statuses.length; at += STRIDE) {
      const next = Math.min(at + STRIDE, statuses.length);
      const until = next < statuses.length ? statuses.timeAt(next) : this.#arrivals.cut;
      for (; task < schedule.tasks && this.#arrivals.ofTask(task) <= until; task++) {
        this.#tasks.addTask(task);
      }
      for (; attempt < schedule.tries && this.#arrivals.ofStep(attempt, 0) <= until; attempt++) {
        this.#tasks.addTry(attempt);
      }
      for (let n = at; n < next; n++) this.#tasks.addStatus(statuses.itemAt(n));
      for (; resource < resources.length && resources.timeAt(resource) <= until; resource++) {
        this.#addResource(samples, resources.itemAt(resource));
      }
      for (; node < nodeTime.length && nodeTime.data[node] <= until; node++) {
        this.#fleet.addNode(node);
      }
      for (; block < blockRows.length && blockRows[block].time <= until; block++) {
        this.#fleet.addBlock(block);
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
      states: this.#tasks.states(tasks),
      apps: this.#tasks.apps(tasks),
      ...this.#tasks.counts,
      duration: Math.min(schedule.end, this.#arrivals.cut) / SECOND,
    };
  }

  #addWorkflow(): void {
    const { runId, name, version, rundir } = this.#identity;
    const { completed, failed } = this.#tasks.counts;
    const { end } = this.#schedule;
    this.#database.add("workflow", [
      runId,
      name,
      version,
      this.#clock.text(0),
      this.#clock.textBy(end, this.#arrivals.cut),
      SUBMIT_HOST,
      "ada",
      rundir,
      failed,
      completed,
    ]);
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
}
