import type { MonitoringDatabase } from "../../store/database.ts";
import { FollowedRun } from "./followed_run.ts";
import { inTime } from "../../store/in_time.ts";
import { ListedDatabase, type ListedRun } from "./listed_database.ts";
import { RunCache } from "./run_cache.ts";
import { databaseOfKey, keysOf } from "./run_key.ts";

export { FollowedRun, type Loading } from "./followed_run.ts";

/** A line of the list of workflows. */
export interface CatalogEntry extends ListedRun {
  database: string;
  /** What it is asked for by: its id, unless a database before has a run of the same id. */
  key: string;
}

/** What is wrong with a database of the catalog. */
export interface DatabaseProblem {
  database: string;
  /** A sentence that says what to do. */
  why: string;
}

/** MiB that the runs in memory may take unless told otherwise. */
export const MEMORY_MIB = 512;
/** Of several databases, one that takes longer to answer is not waited for, in ms. */
const PATIENCE_MS = 1500;

/**
 * The databases that the dashboard was given, and the runs that were looked at. What is wrong with
 * one database hides nothing of the others.
 */
export class Catalog {
  readonly databases: MonitoringDatabase[];
  /** The runs in memory, by their keys. */
  readonly runs: RunCache;
  readonly #listed: ListedDatabase[];
  readonly #patience: number;

  /** @param options.memory MiB that the runs in memory may take */
  constructor(databases: MonitoringDatabase[], options: { memory?: number } = {}) {
    this.databases = databases;
    this.runs = new RunCache((options.memory ?? MEMORY_MIB) * 2 ** 20);
    this.#listed = databases.map((database) => new ListedDatabase(database));
    this.#patience = databases.length > 1 ? PATIENCE_MS : Infinity;
  }

  /** What is wrong with databases, as far as is known of those that were read. */
  get problems(): DatabaseProblem[] {
    return this.#listed.flatMap(({ database, problem }) =>
      problem === null ? [] : [{ database: database.name, why: problem }]
    );
  }

  /** Every workflow of every database that can be read, the newest first. */
  async workflows(): Promise<CatalogEntry[]> {
    const found = await Promise.all(this.#listed.map((listed) => listed.runs(this.#patience)));
    const keys = keysOf(found.map((runs) => runs.map(({ workflow }) => workflow.runId)));
    return found
      .flatMap((runs, at) =>
        runs.map((run, i): CatalogEntry => ({
          ...run,
          database: this.databases[at].name,
          key: keys[at][i],
        }))
      )
      .sort((a, b) => (b.workflow.began ?? 0) - (a.workflow.began ?? 0));
  }

  /** A run as far as it is in memory, maybe not at all; null when no database holds it. */
  async find(key: string): Promise<FollowedRun | null> {
    const known = this.runs.get(key);
    if (known && !known.isGone) return known;
    const found = await this.#seek(key);
    if (!found) return null;
    const meanwhile = this.runs.get(key);
    if (meanwhile && !meanwhile.isGone) return meanwhile;
    const [{ database, watch }, workflow] = found;
    const followed = new FollowedRun(database, watch, workflow, {
      key,
      grown: () => this.runs.trim(),
    });
    this.runs.add(key, followed);
    return followed;
  }

  /**
   * A run, up to date; null when no database holds it. While its database cannot be read it is as
   * far as it was read before.
   *
   * @param patience ms after which the run is given as far as it has been read
   * @throws {DatabaseError} when the database cannot be read, and nothing of the run is known
   */
  async run(key: string, patience = Infinity): Promise<FollowedRun | null> {
    const followed = await this.find(key);
    if (!followed) return null;
    // A reading that is under way will not be over in a moment.
    if (followed.loading?.done && patience < Infinity) return followed;
    const refreshed = followed.refresh().catch((error) => {
      if (followed.run.version === 0) throw error;
    });
    await inTime(refreshed, patience);
    return followed.isGone ? await this.find(key) : followed;
  }

  /** Calls `listener` when any database may have changed; the function returned ends that. */
  watch(listener: () => void): () => void {
    const ends = this.#listed.map(({ watch }) => watch.watch(listener));
    return () => ends.forEach((end) => end());
  }

  /** Closes all databases. */
  close(): void {
    for (const listed of this.#listed) listed.close();
  }

  /** The database that a key is of, and the run's row there. */
  async #seek(key: string) {
    const within = async (listed: ListedDatabase, runId: string) => {
      const workflow = await listed.workflow(runId, this.#patience);
      return workflow && [listed, workflow] as const;
    };
    const found = await Promise.all(this.#listed.map((listed) => within(listed, key)));
    const first = found.find((one) => one !== null);
    if (first) return first;
    const named = databaseOfKey(key);
    const listed = named && this.#listed[named.index];
    return listed ? await within(listed, named.runId) : null;
  }
}
