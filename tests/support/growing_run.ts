// A run that goes on for as long as a test wants it to, in a database that the hub's writer fills.

import { openWriter } from "../../store/open_writer.ts";
import type { Change, MonitoringWriter } from "../../store/writer.ts";
import { change } from "../store/writer_helpers.ts";
import { naiveText } from "../../parsl/naive_time.ts";

/** What a task is doing. */
export type Doing = "pending" | "launched" | "running" | "exec_done" | "failed";

interface Task {
  app: string;
  depends: readonly number[];
}

/** One unfinished run, whose news come with the next commit. */
export class GrowingRun {
  readonly runId = crypto.randomUUID();
  readonly path: string;
  readonly #folder: string;
  readonly #writer: MonitoringWriter;
  readonly #tasks: Task[] = [];
  #news: Change[] = [];
  #time = Date.now();

  private constructor(folder: string, path: string, writer: MonitoringWriter) {
    this.#folder = folder;
    this.path = path;
    this.#writer = writer;
    this.#tell("workflow-start", { workflow_name: "growing", time_began: this.#now() });
  }

  /** A run without tasks, in a folder of its own. */
  static async begin(): Promise<GrowingRun> {
    const folder = await Deno.makeTempDir({ prefix: "parsloscope-growing-" });
    const path = `${folder}/monitoring.db`;
    return new GrowingRun(folder, path, await openWriter(path));
  }

  /** A new task, which is pending; returns its id. */
  add(app: string, depends: readonly number[] = []): number {
    const id = this.#tasks.push({ app, depends }) - 1;
    this.now(id, "pending");
    return id;
  }

  /** News of a task; of one that failed with the text of its failure. */
  now(id: number, doing: Doing, failure = ""): void {
    if (doing === "running") {
      this.#tell("worker-start", { task_id: id, hostname: "node1", block_id: "0" });
      return;
    }
    const { app, depends } = this.#tasks[id];
    const time = this.#now();
    this.#tell("task", {
      task_id: id,
      timestamp: time,
      task_func_name: app,
      task_depends: depends.join(","),
      task_status_name: doing,
      task_fail_history: failure,
      task_time_invoked: time,
      task_try_time_launched: doing === "pending" ? null : time,
      task_time_returned: doing === "exec_done" || doing === "failed" ? time : null,
    });
  }

  /** Writes the news. */
  async commit(): Promise<void> {
    const rejected = await this.#writer.write(this.#news);
    if (rejected.length > 0) throw new Error(rejected[0].reason);
    this.#news = [];
  }

  /** Closes the database and removes it. */
  async end(): Promise<void> {
    await this.#writer.close();
    await Deno.remove(this.#folder, { recursive: true });
  }

  #tell(kind: Change["kind"], cells: Parameters<typeof change>[1]): void {
    this.#news.push(change(kind, { run_id: this.runId, timestamp: this.#now(), ...cells }));
  }

  /** A naive local time later than the one before. */
  #now(): string {
    this.#time = Math.max(this.#time + 1, Date.now());
    const naive = this.#time - new Date(this.#time).getTimezoneOffset() * 60_000;
    return naiveText(naive);
  }
}
