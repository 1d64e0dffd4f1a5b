/** What the lane knows of its clients. */
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../errors.ts";
import { KnownClient } from "./client.ts";

/** How long is waited before the database is asked again, at first and at most, in ms. */
const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1000;

/** Clients by id, each asked from the database when it is new. */
export class LaneClients {
  readonly #known = new Map<string, KnownClient>();
  readonly #loading = new Map<string, Promise<KnownClient>>();
  readonly #acknowledged: (client: string) => Promise<number>;
  readonly #report: (sentence: string) => void;
  #stopped = false;

  /** @param acknowledged the last number of a client that is committed */
  constructor(
    acknowledged: (client: string) => Promise<number>,
    report: (sentence: string) => void,
  ) {
    this.#acknowledged = acknowledged;
    this.#report = report;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#known.size;
  }

  /** A client that is remembered. */
  get(id: string): KnownClient | undefined {
    return this.#known.get(id);
  }

  /** Asks the database about no client any more. */
  stop(): void {
    this.#stopped = true;
  }

  /** What is known of a client, asked until the database answers; null when it is too late. */
  async find(id: string): Promise<KnownClient | null> {
    for (let pause = FIRST_PAUSE_MS; !this.#stopped; pause = Math.min(2 * pause, LAST_PAUSE_MS)) {
      const known = this.#known.get(id);
      if (known) return known;
      try {
        let loading = this.#loading.get(id);
        if (!loading) {
          loading = this.#load(id).finally(() => this.#loading.delete(id));
          this.#loading.set(id, loading);
        }
        return await loading;
      } catch (error) {
        this.#report(`The lane could not ask how far client ${id} is: ${messageOf(error)}`);
      }
      await sleep(pause);
    }
    return null;
  }

  async #load(id: string): Promise<KnownClient> {
    const client = new KnownClient(id, await this.#acknowledged(id));
    client.absentSince = Date.now();
    this.#known.set(id, client);
    return client;
  }

  /** Forgets those that are done and have had no connection for so many ms. */
  forget(after: number): void {
    const before = Date.now() - after;
    for (const client of this.#known.values()) {
      const { absentSince, isDone } = client;
      if (isDone && absentSince !== null && absentSince <= before) this.#known.delete(client.id);
    }
  }
}
