import type { Glance, MonitoringDatabase } from "../../store/database.ts";

/** A run that said nothing new between two looks is looked at again after this many ms. */
const QUIET_MS = 10_000;

interface Seen {
  glance: Glance;
  stamp: string;
  at: number;
  quiet: boolean;
}

/** What is known of a database's unfinished runs without reading them, remembered for a while. */
export class Glances {
  readonly #database: MonitoringDatabase;
  readonly #seen = new Map<string, Seen>();

  constructor(database: MonitoringDatabase) {
    this.#database = database;
  }

  /** A glance at each of the runs. */
  async of(runIds: string[]): Promise<Map<string, Glance>> {
    const stamp = await this.#database.stamp();
    const now = performance.now();
    const due = runIds.filter((runId) => {
      const seen = this.#seen.get(runId);
      return !seen || seen.stamp !== stamp && !(seen.quiet && now - seen.at < QUIET_MS);
    });
    if (due.length > 0) {
      const glances = await this.#database.glance(due);
      due.forEach((runId, i) => {
        const glance = glances[i];
        const before = this.#seen.get(runId)?.glance;
        const quiet = before?.newest === glance.newest && before.tasks === glance.tasks;
        this.#seen.set(runId, { glance, stamp, at: now, quiet });
      });
    }
    return new Map(runIds.map((runId) => [runId, this.#seen.get(runId)!.glance]));
  }
}
