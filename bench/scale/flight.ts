/** The tasks of a run that goes on, from one state to the next, as rows. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { Clock } from "../generate/time.ts";

/** Tasks that are not done at any time. */
const IN_FLIGHT = 500;
/** Newest status rows that are looked at for tasks that are not done. */
const LOOK_BACK = 5_000;
const STATES = ["pending", "launched", "running", "running_ended", "exec_done"] as const;
/** A new task waits for the one that came this many tasks before. */
const DEPENDS = 1000;
const MEMORY = 2 ** 28;

/** What a step did to a task. */
export type Change = "done" | "other";

interface Task {
  id: number;
  /** Place of its state in {@link STATES}; -1 before it was ever recorded. */
  state: number;
}

/** How new tasks are to look. */
interface Model {
  app: string;
  executor: string;
  hostname: string;
  block: string;
}

/** Takes the tasks that are not done up again where the database left them. */
export function flightFrom(database: DatabaseSync, run: string): Flight {
  const newest = database.prepare("SELECT max(task_id) AS id FROM task WHERE run_id = ?").get(run);
  const last = (newest as { id: number | null }).id ?? -1;
  return new Flight(database, run, unfinished(database, run), last, modelOf(database, run));
}

function unfinished(database: DatabaseSync, run: string): Task[] {
  const candidates = database.prepare(
    "SELECT DISTINCT task_id AS id FROM (SELECT task_id, run_id FROM status " +
      "ORDER BY rowid DESC LIMIT ?) WHERE run_id = ?",
  ).all(LOOK_BACK, run) as { id: number }[];
  const states = database.prepare(
    "SELECT task_status_name AS state, try_id AS attempt FROM status " +
      "WHERE task_id = ? AND run_id = ?",
  );
  const tasks: Task[] = [];
  for (const { id } of candidates) {
    const rows = states.all(id, run) as { state: typeof STATES[number]; attempt: number }[];
    const places = rows.map(({ state }) => STATES.indexOf(state));
    const known = places.every((place) => place >= 0 && place < STATES.length - 1);
    // Those with retries would need their whole story.
    if (known && rows.every(({ attempt }) => attempt === 0)) {
      tasks.push({ id, state: Math.max(...places) });
    }
    if (tasks.length === IN_FLIGHT) break;
  }
  return tasks;
}

function modelOf(database: DatabaseSync, run: string): Model {
  const found = database.prepare(
    "SELECT task_func_name AS app, task_executor AS executor, hostname, block_id AS block " +
      "FROM task JOIN try USING (task_id, run_id) " +
      "WHERE run_id = ? AND hostname IS NOT NULL AND block_id IS NOT NULL LIMIT 1",
  ).get(run);
  return (found ??
    { app: "simulate", executor: "htex", hostname: "nid0001", block: "0" }) as unknown as Model;
}

/** Some hundred tasks under way: each step takes the one that waited longest one state on. */
export class Flight {
  readonly #run: string;
  readonly #tasks: Task[];
  readonly #model: Model;
  readonly #clock = new Clock(0);
  readonly #prepared: (sql: string) => StatementSync;
  #last: number;
  #time = 0;

  constructor(database: DatabaseSync, run: string, tasks: Task[], last: number, model: Model) {
    this.#run = run;
    this.#tasks = tasks;
    this.#last = last;
    this.#model = model;
    const statements = new Map<string, StatementSync>();
    this.#prepared = (sql) => {
      const statement = statements.get(sql) ?? database.prepare(sql);
      statements.set(sql, statement);
      return statement;
    };
  }

  /** Writes the rows of the next state change. */
  next(): Change {
    const fresh = this.#tasks.length < IN_FLIGHT;
    const task = fresh ? { id: ++this.#last, state: -1 } : this.#tasks.shift()!;
    task.state++;
    const now = this.#now();
    this.#write(task, now);
    this.#prepared("INSERT INTO status VALUES (?, ?, ?, ?, 0)")
      .run(task.id, STATES[task.state], now, this.#run);
    if (STATES[task.state] === "exec_done") return "done";
    this.#tasks.push(task);
    return "other";
  }

  /** What a state change does besides its status row. */
  #write({ id, state }: Task, now: string): void {
    const run = this.#run;
    const { app, executor, hostname, block } = this.#model;
    switch (STATES[state]) {
      case "pending":
        this.#prepared(
          "INSERT INTO task (task_id, run_id, task_depends, task_func_name, task_memoize, " +
            "task_inputs, task_time_invoked, task_fail_count, task_fail_cost) " +
            "VALUES (?, ?, ?, ?, '0', 'None', ?, 0, 0)",
        ).run(id, run, id < DEPENDS ? "" : String(id - DEPENDS), app, now);
        this.#prepared(
          "INSERT INTO try (try_id, task_id, run_id, task_executor, task_fail_history) " +
            "VALUES (0, ?, ?, ?, '')",
        ).run(id, run, executor);
        return;
      case "launched":
        this.#prepared(
          "UPDATE try SET task_try_time_launched = ? WHERE try_id = 0 AND task_id = ? " +
            "AND run_id = ?",
        ).run(now, id, run);
        return;
      case "running":
        this.#prepared(
          "UPDATE try SET task_try_time_running = ?, block_id = ?, hostname = ? " +
            "WHERE try_id = 0 AND task_id = ? AND run_id = ?",
        ).run(now, block, hostname, id, run);
        return;
      case "running_ended":
        this.#prepared(
          "INSERT INTO resource (try_id, task_id, run_id, timestamp, psutil_process_time_user, " +
            "psutil_process_time_system, psutil_process_memory_resident) " +
            "VALUES (0, ?, ?, ?, 0.4, 0.1, ?)",
        ).run(id, run, now, MEMORY);
        return;
      case "exec_done":
        this.#prepared("UPDATE task SET task_time_returned = ? WHERE task_id = ? AND run_id = ?")
          .run(now, id, run);
        this.#prepared(
          "UPDATE try SET task_try_time_returned = ? WHERE try_id = 0 AND task_id = ? " +
            "AND run_id = ?",
        ).run(now, id, run);
        this.#prepared(
          "UPDATE workflow SET tasks_completed_count = tasks_completed_count + 1 " +
            "WHERE run_id = ?",
        ).run(run);
    }
  }

  /** Naive local time, each later than the one before. */
  #now(): string {
    const now = Date.now();
    const naive = (now - new Date(now).getTimezoneOffset() * 60_000) * 1000;
    this.#time = Math.max(this.#time + 1, naive);
    return this.#clock.text(this.#time);
  }
}
