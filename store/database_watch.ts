import type { MonitoringDatabase } from "./database.ts";

/** How often a database that somebody watches is asked whether it changed, in ms. */
const POLL = 250;

/** Tells all who watch a database of its changes; one question for all of them, none for nobody. */
export class DatabaseWatch {
  readonly #database: MonitoringDatabase;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stamp: string | null = null;

  constructor(database: MonitoringDatabase) {
    this.#database = database;
  }

  /** How many watch. */
  get watchers(): number {
    return this.#listeners.size;
  }

  /** Calls `listener` after each change from now on; the function returned ends that. */
  watch(listener: () => void): () => void {
    const own = () => listener();
    this.#listeners.add(own);
    if (this.#listeners.size === 1) this.#ask();
    return () => {
      if (!this.#listeners.delete(own) || this.#listeners.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#stamp = null;
    };
  }

  async #ask(): Promise<void> {
    try {
      const stamp = await this.#database.stamp();
      if (this.#stamp !== null && stamp !== this.#stamp) {
        for (const listener of [...this.#listeners]) listener();
      }
      this.#stamp = stamp;
    } catch (error) {
      console.error(`${this.#database.name}: ${error instanceof Error ? error.message : error}`);
    }
    clearTimeout(this.#timer);
    if (this.#listeners.size > 0) this.#timer = setTimeout(() => this.#ask(), POLL);
  }
}
