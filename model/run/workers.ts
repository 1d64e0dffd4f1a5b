import { SmallInts } from "./columns.ts";
import type { WorkerName } from "./own_rows.ts";

/** A worker is a process: one that took another's place has another pid. */
export interface Worker extends WorkerName {
  /** Its place among the workers of a run. */
  index: number;
  /**
   * The same number for all processes that had its rank with its manager one after the other; -1 for
   * one without a rank, of which nobody knows how many tries it runs at once.
   */
  seat: number;
}

/** The workers of a run, as far as they told of themselves, and which of them ran each try. */
export class Workers {
  readonly list: Worker[] = [];
  readonly #places = new Map<string, number>();
  readonly #seats = new Map<string, number>();
  /** By try; -1 where it is not known. As long as the last try that is. */
  readonly #ofTry = new SmallInts();
  #bytes = 0;

  /** Bytes taken, roughly. */
  get bytes(): number {
    return this.#bytes + this.#ofTry.bytes;
  }

  /** How many tries are known to have run on one. */
  tries = 0;

  /** Learns which worker ran a try; one that has no pid and no rank could be any. */
  learn(attempt: number, { host, block, manager, rank, pid }: WorkerName): void {
    if (pid === null && rank === null) return;
    const key = JSON.stringify([host, manager, rank, pid]);
    let index = this.#places.get(key);
    if (index === undefined) {
      index = this.list.length;
      const seat = rank === null ? -1 : this.#seat(JSON.stringify([host, manager, rank]));
      this.list.push({ host, block, manager, rank, pid, index, seat });
      this.#places.set(key, index);
      this.#bytes += 200 + 4 * key.length;
    }
    while (this.#ofTry.length <= attempt) this.#ofTry.push(-1);
    if (this.#ofTry.data[attempt] < 0) this.tries++;
    this.#ofTry.set(attempt, index);
  }

  #seat(key: string): number {
    const known = this.#seats.get(key) ?? this.#seats.size;
    this.#seats.set(key, known);
    return known;
  }

  /** The worker of a try by its place; -1 where it is not known. */
  indexOf(attempt: number): number {
    return attempt < this.#ofTry.length ? this.#ofTry.data[attempt] : -1;
  }

  /** The worker of a try; null where it is not known. */
  of(attempt: number): Worker | null {
    return this.list[this.indexOf(attempt)] ?? null;
  }
}
