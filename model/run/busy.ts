import { Timeline } from "./step_line.ts";

/** How many tries were on workers over time, and for how long in all. */
export class BusyLine {
  line = new Timeline();
  /** Tries counted. */
  tries = 0;
  #sum = 0;
  #open = 0;

  /**
   * Adds a try, or takes it back (`sign` -1). Whole ms since any fixed instant, added to `base` for
   * the timeline; `end` is Infinity while it runs.
   */
  add(base: number, start: number, end: number, sign: 1 | -1): void {
    this.line.add(base + start, base + end, sign);
    this.tries += sign;
    this.#sum -= sign * start;
    if (end === Infinity) this.#open += sign;
    else this.#sum += sign * end;
  }

  /** Forgets all tries. */
  clear(): void {
    this.line = new Timeline();
    this.tries = 0;
    this.#sum = 0;
    this.#open = 0;
  }

  /** Time on workers in ms, were `end` (as in `add`) the end of what still runs. */
  busyUntil(end: number): number {
    return this.#sum + this.#open * end;
  }
}
