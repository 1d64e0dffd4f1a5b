import type { WorkflowRow } from "../model/rows.ts";
import type { Glance, MonitoringDatabase } from "./database.ts";
import { DatabaseWatch } from "./database_watch.ts";
import { FollowedRun } from "./followed_run.ts";
import { Glances } from "./glances.ts";
import { hostNow } from "./host_clock.ts";
import { RunCache } from "./run_cache.ts";

export { FollowedRun, type Loading } from "./followed_run.ts";

/** A line of the list of workflows. */
export interface CatalogEntry {
  workflow: WorkflowRow;
  database: string;
  /** What can be told of an unfinished run without reading it; null for a finished one. */
  glance: Glance | null;
  /** The submit host's naive clock now, in ms. */
  now: number;
}

/** MiB that the runs in memory may take unless told otherwise. */
export const MEMORY = 512;

interface Opened {
  database: MonitoringDatabase;
  watch: DatabaseWatch;
  glances: Glances;
}

/** The databases that the dashboard was given, and the runs that were looked at. */
export class Catalog {
  readonly databases: MonitoringDatabase[];
  /** The runs in memory. */
  readonly runs: RunCache;
  readonly #opened: Opened[];

  /** @param options.memory MiB that the runs in memory may take */
  constructor(databases: MonitoringDatabase[], options: { memory?: number } = {}) {
    this.databases = databases;
    this.runs = new RunCache((options.memory ?? MEMORY) * 2 ** 20);
    this.#opened = databases.map((database) => ({
      database,
      watch: new DatabaseWatch(database),
      glances: new Glances(database),
    }));
  }

  /** Every workflow of every database, the newest first. */
  async workflows(): Promise<CatalogEntry[]> {
    const entries: CatalogEntry[] = [];
    for (const { database, glances } of this.#opened) {
      const workflows = await database.workflows();
      const written = await database.lastWritten();
      const unfinished = workflows.filter((w) => w.completed === null).map((w) => w.runId);
      const known = await glances.of(unfinished);
      for (const workflow of workflows) {
        const glance = known.get(workflow.runId) ?? null;
        const newest = glance?.newest ?? workflow.completed ?? workflow.began ?? 0;
        const now = database.taken ?? hostNow(newest, written);
        entries.push({ workflow, database: database.name, glance, now });
      }
    }
    return entries.sort((a, b) => (b.workflow.began ?? 0) - (a.workflow.began ?? 0));
  }

  /** A run as far as it is in memory, maybe not at all; null when no database holds it. */
  async find(runId: string): Promise<FollowedRun | null> {
    const known = this.runs.get(runId);
    if (known) return known;
    for (const { database, watch } of this.#opened) {
      const workflow = (await database.workflows()).find((w) => w.runId === runId);
      if (!workflow) continue;
      const meanwhile = this.runs.get(runId);
      if (meanwhile) return meanwhile;
      const followed = new FollowedRun(database, watch, workflow, () => this.runs.trim());
      this.runs.add(runId, followed);
      return followed;
    }
    return null;
  }

  /**
   * A run, up to date; null when no database holds it.
   *
   * @param patience ms after which the run is given as far as it has been read
   */
  async run(runId: string, patience = Infinity): Promise<FollowedRun | null> {
    const followed = await this.find(runId);
    if (!followed) return null;
    // A reading that is under way will not be over in a moment.
    if (followed.loading?.done && patience < Infinity) return followed;
    const refreshed = followed.refresh();
    if (patience === Infinity) {
      await refreshed;
      return followed;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, patience));
    await Promise.race([refreshed, late]).finally(() => clearTimeout(timer));
    return followed;
  }

  /** Calls `listener` when any database may have changed; the function returned ends that. */
  watch(listener: () => void): () => void {
    const ends = this.#opened.map(({ watch }) => watch.watch(listener));
    return () => ends.forEach((end) => end());
  }

  /** Closes all databases. */
  close(): void {
    for (const database of this.databases) database.close();
  }
}
