/** The cores of a machine, and from when each of them is free. */
import { Heap } from "../model/figures/heap.ts";

/** Cores in groups that get free at once: a trace may claim millions, of which few are ever used. */
export class Cores {
  readonly #free = new Heap();
  readonly #count: number;

  /** All free from the beginning on. */
  constructor(count: number) {
    this.#count = Math.floor(count);
    this.#free.push(0, this.#count);
  }

  /**
   * When a task starts that needs some cores, which are taken for as long as it runs; at `latest`
   * without them. It gets all of a machine that has fewer.
   */
  take(launched: number, latest: number, runtime: number, cores: number): number {
    const wanted = Math.min(Math.ceil(cores), this.#count);
    if (wanted <= 0) return launched;
    let start = launched;
    for (let lacking = wanted; lacking > 0;) {
      const at = this.#free.least;
      const group = this.#free.pop()!;
      start = Math.max(start, at);
      if (group > lacking) this.#free.push(at, group - lacking);
      lacking -= group;
    }
    start = Math.min(start, latest);
    this.#free.push(start + runtime, wanted);
    return start;
  }
}
