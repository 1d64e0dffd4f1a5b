import { DatabaseError, type MonitoringDatabase } from "../../store/database.ts";
import { messageOf } from "../../errors.ts";
import { warn } from "../../say.ts";

/** How often a database that somebody watches is asked whether it changed, in ms. */
const POLL_MS = 250;

/**
 * Tells all who watch a database of its changes, one question for all of them, none for nobody; and
 * keeps what is wrong with it, which is told once.
 */
export class DatabaseWatch {
  readonly #database: MonitoringDatabase;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stamp: string | null = null;
  #problem: string | null = null;
  /** What was told on the terminal since all was well last, whatever the numbers in it. */
  readonly #said = new Set<string>();
  #isMute = false;

  constructor(database: MonitoringDatabase) {
    this.#database = database;
  }

  /** How many watch. */
  get watchers(): number {
    return this.#listeners.size;
  }

  /** Why its list of runs cannot be read, as a sentence; null when it can be. */
  get problem(): string | null {
    return this.#problem;
  }

  /**
   * Takes note of how a reading of the list of runs went. What is new is told on the terminal, and
   * to all who watch.
   *
   * @param error what went wrong; null when nothing did
   */
  note(error: unknown): void {
    const problem = error === null ? null : this.#sentenceOf(error);
    if (problem === this.#problem) return;
    this.#problem = problem;
    if (problem === null) this.recovered();
    else this.say(problem);
    this.tell();
  }

  /** Says that what was told before is over, unless the list cannot be read. */
  recovered(): void {
    // It may be over for several who read the database.
    if (this.#problem !== null || this.#said.size === 0) return;
    this.#said.clear();
    if (!this.#isMute) warn(`parsloscope: ${this.#database.name} can be read again.`);
  }

  /** Tells a sentence about the database on the terminal, once until it can be read again. */
  say(sentence: string): void {
    // Of a file that is being copied, the bytes that are missing change all the time.
    const kind = sentence.replaceAll(/\d+/g, "0");
    if (this.#isMute || this.#said.has(kind)) return;
    this.#said.add(kind);
    warn(`parsloscope: ${sentence}`);
  }

  /** Says nothing any more: the database is being closed, and readings under way will fail. */
  mute(): void {
    this.#isMute = true;
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

  /** Tells all who watch that something may have changed. */
  tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  async #ask(): Promise<void> {
    // That it cannot be asked is a change like others: whoever reads it then hears why.
    const stamp = await this.#database.stamp().catch((error) => `no stamp: ${messageOf(error)}`);
    if (this.#stamp !== null && stamp !== this.#stamp) this.tell();
    this.#stamp = stamp;
    clearTimeout(this.#timer);
    if (this.#listeners.size > 0) this.#timer = setTimeout(() => this.#ask(), POLL_MS);
  }

  #sentenceOf(error: unknown): string {
    if (error instanceof DatabaseError) return error.message;
    return `${this.#database.name} cannot be read (${messageOf(error)}).`;
  }
}
