import type { Ints } from "./columns.ts";

const LARGEST = 0x7fffffff;

/**
 * Naive times as 32-bit ticks: whole milliseconds, rounded up, since about the first time asked
 * for. When a time lies more than 24 days away, a tick becomes two milliseconds, and so on, and the
 * columns that hold ticks are rewritten.
 */
export class Clock {
  /** Naive ms of tick 0, a multiple of 65,536. */
  base = NaN;
  /** Times before this are taken for it, in naive ms. */
  readonly floor: number;
  #width = 1;
  readonly #columns: Ints[];

  /** @param columns those that will hold ticks */
  constructor(floor: number, columns: Ints[]) {
    this.floor = floor;
    this.#columns = columns;
  }

  /** The tick at or after a naive time in ms. */
  tick(time: number): number {
    const ms = Math.max(time, this.floor);
    if (Number.isNaN(this.base)) this.base = Math.floor(ms / 65536) * 65536;
    let tick = Math.ceil((ms - this.base) / this.#width);
    while (tick > LARGEST || tick < -LARGEST) {
      this.#width *= 2;
      for (const { data, length } of this.#columns) {
        for (let i = 0; i < length; i++) data[i] = (data[i] + 1) >> 1;
      }
      tick = Math.ceil((ms - this.base) / this.#width);
    }
    return tick;
  }

  /** Naive ms of a tick. */
  timeOf(tick: number): number {
    return this.base + tick * this.#width;
  }

  /** A naive time rounded up to the tick, in ms. */
  round(time: number): number {
    return this.timeOf(this.tick(time));
  }
}
