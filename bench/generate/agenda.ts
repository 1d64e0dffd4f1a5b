import { Heap } from "../../model/figures/heap.ts";

// An entry is one number below 2 ** 53: when it was added, above its kind, above its subject.
const KINDS = 2 ** 4;
const SUBJECTS = 2 ** 24;
const MOST_ADDED = 2 ** 25;

/** What is to happen, soonest first; of two at the same time the one that was added first. */
export class Agenda {
  readonly #heap = new Heap();
  #added = 0;

  /**
   * @param kind below 16
   * @param subject below 16 million
   * @throws {RangeError} when one of them is too large, or after 33 million entries
   */
  add(time: number, kind: number, subject: number): void {
    if (kind >= KINDS || subject >= SUBJECTS || this.#added === MOST_ADDED) {
      throw new RangeError("a run cannot have so many tasks");
    }
    this.#heap.push(time, (this.#added++ * KINDS + kind) * SUBJECTS + subject);
  }

  /** Takes the soonest entry out; only when there is one. */
  next(): { time: number; kind: number; subject: number } {
    const time = this.#heap.least;
    const entry = this.#heap.pop();
    if (entry === undefined) throw new Error("nothing is to happen any more");
    const subject = entry % SUBJECTS;
    return { time, kind: (entry - subject) / SUBJECTS % KINDS, subject };
  }
}
