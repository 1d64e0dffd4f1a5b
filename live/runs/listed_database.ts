import type { WorkflowRow } from "../../model/run/rows.ts";
import { DatabaseBusy, type Glance, type MonitoringDatabase } from "../../store/database.ts";
import { DatabaseWatch } from "./database_watch.ts";
import { Glances } from "./glances.ts";
import { hostNow } from "./host_clock.ts";
import { inTime } from "../../store/in_time.ts";

/** A run of a database. */
export interface ListedRun {
  workflow: WorkflowRow;
  /** What can be told of an unfinished run without reading it; null for a finished one. */
  glance: Glance | null;
  /** The submit host's naive clock now, in ms. */
  now: number;
}

/**
 * One of the databases that a list is made of. Whatever is wrong with it is its own matter: asking
 * for its runs never fails, and `problem` says why there are none.
 */
export class ListedDatabase {
  readonly database: MonitoringDatabase;
  readonly watch: DatabaseWatch;
  readonly #glances: Glances;
  #known: ListedRun[] = [];
  #reading: Promise<void> | null = null;
  #isLate = false;

  constructor(database: MonitoringDatabase) {
    this.database = database;
    this.watch = new DatabaseWatch(database);
    this.#glances = new Glances(database);
  }

  /** What is wrong with it, as a sentence; null when nothing is. */
  get problem(): string | null {
    return this.watch.problem ?? (this.#isLate ? this.#lateness : null);
  }

  /**
   * Its runs in the order in which they were recorded.
   *
   * @param patience ms after which those do that were known before; `watch` then tells of the others
   */
  async runs(patience: number): Promise<ListedRun[]> {
    this.#reading ??= this.#read().finally(() => this.#reading = null);
    // Who was waited for once is not waited for again.
    const done = await inTime(this.#reading.then(() => true), this.#isLate ? 0 : patience);
    if (!done) {
      this.#isLate = true;
      this.watch.say(this.#lateness);
    }
    return this.#known;
  }

  /** The row of a run; null when there is none, as far as can be told within `patience` ms. */
  async workflow(runId: string, patience: number): Promise<WorkflowRow | null> {
    const reading = this.database.workflows().catch((error) => {
      this.watch.note(error);
      return [];
    });
    const rows = await inTime(reading, this.#isLate ? 0 : patience) ??
      this.#known.map(({ workflow }) => workflow);
    return rows.find((row) => row.runId === runId) ?? null;
  }

  get #lateness(): string {
    return `${this.database.name} has not answered yet; what is shown of it was known before.`;
  }

  close(): void {
    this.watch.mute();
    this.database.close();
  }

  async #read(): Promise<void> {
    try {
      this.#known = await this.#list();
      this.watch.note(null);
    } catch (error) {
      if (!(error instanceof DatabaseBusy)) this.#known = [];
      this.watch.note(error);
    }
    if (!this.#isLate) return;
    this.#isLate = false;
    this.watch.tell();
  }

  async #list(): Promise<ListedRun[]> {
    const { database } = this;
    const workflows = await database.workflows();
    const written = await database.lastWritten();
    const unfinished = workflows.filter((w) => w.completed === null).map((w) => w.runId);
    const known = await this.#glances.of(unfinished);
    return workflows.map((workflow) => {
      const glance = known.get(workflow.runId) ?? null;
      const newest = glance?.newest ?? workflow.completed ?? workflow.began ?? 0;
      const now = database.taken ?? hostNow(newest, written);
      return { workflow, glance, now };
    });
  }
}
