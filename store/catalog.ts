import { newestTime, submitHostOffset } from "../model/liveness.ts";
import { Run } from "../model/run.ts";
import type { WorkflowRow } from "../model/rows.ts";
import { type MonitoringDatabase, START, type TaskRecord, type Watermark } from "./database.ts";
import { openDatabase } from "./open.ts";
import { Rewritten } from "./rewritten.ts";

/** A run that is being followed: its columns, and how far they reach. */
export class FollowedRun {
  run: Run;
  readonly database: MonitoringDatabase;
  #watermark: Watermark = START;
  #stamp: string | null = null;
  #refreshing: Promise<void> | null = null;
  #written: number | null = null;

  constructor(database: MonitoringDatabase, workflow: WorkflowRow) {
    this.database = database;
    this.run = new Run(workflow);
  }

  /** Folds what was written since the last call; concurrent calls share one reading. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#fold().finally(() => this.#refreshing = null);
    return this.#refreshing;
  }

  async #fold(): Promise<void> {
    const stamp = await this.database.stamp();
    if (stamp === this.#stamp) return;
    this.#written = await this.database.lastWritten();
    try {
      for await (const slice of this.database.read(this.run.runId, this.#watermark)) {
        this.run.fold(slice.rows);
        this.#watermark = slice.watermark;
      }
    } catch (error) {
      if (!(error instanceof Rewritten)) throw error;
      // The file was rebuilt under us: what was folded may not be in it any more.
      this.run = new Run(this.run.workflow);
      this.#watermark = START;
      this.#stamp = null;
      return await this.#fold();
    }
    this.#stamp = stamp;
  }

  /** The submit host's naive clock now, in ms, as far as it can be told. */
  hostNow(): number {
    const viewerOffset = -new Date().getTimezoneOffset() * 60_000;
    const offset = this.#written === null
      ? viewerOffset
      : submitHostOffset(newestTime(this.run), this.#written, viewerOffset);
    return Date.now() + offset;
  }

  /** One task with its long texts; null when there is none. */
  task(taskId: number): Promise<TaskRecord | null> {
    return this.database.task(this.run.runId, taskId);
  }
}

/** A line of the list of workflows. */
export interface CatalogEntry {
  workflow: WorkflowRow;
  database: string;
}

/** The databases that the dashboard was given, and the runs that were looked at. */
export class Catalog {
  readonly databases: MonitoringDatabase[];
  readonly #runs = new Map<string, FollowedRun>();

  constructor(databases: MonitoringDatabase[]) {
    this.databases = databases;
  }

  /**
   * Opens databases by path, URL or run directory. Throws a DatabaseError that says what to do.
   *
   * @param options.writtenHere the one database that this process writes itself
   */
  static async open(targets: string[], options: { writtenHere?: string } = {}): Promise<Catalog> {
    const databases: MonitoringDatabase[] = [];
    for (const target of targets) {
      databases.push(
        await openDatabase(target, { writtenHere: target === options.writtenHere }),
      );
    }
    return new Catalog(databases);
  }

  /** Every workflow of every database, the newest first. */
  async workflows(): Promise<CatalogEntry[]> {
    const entries: CatalogEntry[] = [];
    for (const database of this.databases) {
      for (const workflow of await database.workflows()) {
        entries.push({ workflow, database: database.name });
      }
    }
    return entries.sort((a, b) => (b.workflow.began ?? 0) - (a.workflow.began ?? 0));
  }

  /** A run, up to date; null when no database holds it. */
  async run(runId: string): Promise<FollowedRun | null> {
    let followed = this.#runs.get(runId);
    if (!followed) {
      for (const database of this.databases) {
        const workflow = (await database.workflows()).find((w) => w.runId === runId);
        if (!workflow) continue;
        followed = this.#runs.get(runId) ?? new FollowedRun(database, workflow);
        this.#runs.set(runId, followed);
        break;
      }
      if (!followed) return null;
    }
    await followed.refresh();
    return followed;
  }

  /** Changes when any database may have changed. */
  async stamp(): Promise<string> {
    return (await Promise.all(this.databases.map((d) => d.stamp()))).join("|");
  }

  /** Closes all databases. */
  close(): void {
    for (const database of this.databases) database.close();
  }
}
