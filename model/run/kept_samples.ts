import type { Clock } from "./clock.ts";
import { Floats, Ints, SmallInts } from "./columns.ts";
import { LEVEL_NAMES, type LevelValues, MEMORY } from "./levels.ts";

/**
 * The samples of tries that are kept, in columns by an index that says nothing of their order: the
 * newest of every try, and some before it that it leads to.
 */
export class KeptSamples {
  /** By try: its newest kept sample; -1 without. */
  readonly newest = new Ints();
  /** The kept sample before this one of the same try; -1 where there is none. */
  readonly before = new Ints();
  /** The clock's tick at which it was taken. */
  readonly tick = new Ints();
  /** What each sample said of each level; NaN where unknown. */
  readonly levels = LEVEL_NAMES.map(() => new Floats());
  /** Seconds; NaN where unknown. */
  readonly cpu = new Floats();
  /** 1 where samples before this one were forgotten. */
  readonly forgot = new SmallInts();
  #spare: number;

  /** @param spare how many samples to keep beside the newest of every try */
  constructor(spare: number) {
    this.#spare = spare;
  }

  /** Bytes taken. */
  get bytes(): number {
    return [this.newest, this.tick, this.before, ...this.levels, this.cpu, this.forgot]
      .reduce((sum, column) => sum + column.bytes, 0);
  }

  /** Makes room for one more try. */
  addTry(): void {
    this.newest.push(-1);
  }

  /** When a sample was taken, by the submit host's clock, naive ms. */
  time(clock: Clock, sample: number): number {
    return clock.timeOf(this.tick.data[sample]);
  }

  /** Whether a sample stands after one of such values; those of one tick stand by what they grew. */
  isAfter(sample: number, tick: number, cpu: number, levels: LevelValues): boolean {
    const later = this.tick.data[sample] - tick;
    if (later !== 0) return later > 0;
    const more = this.cpu.data[sample] - cpu;
    return more > 0 || (!(more < 0) && this.levels[MEMORY].data[sample] > levels[MEMORY]);
  }

  /** Keeps a sample of a try between two others (-1: none), maybe in the place of the earlier one. */
  keep(
    attempt: number,
    earlier: number,
    later: number,
    tick: number,
    cpu: number,
    levels: LevelValues,
  ): void {
    const { length } = this.before;
    let slot = length;
    if (later < 0 && earlier >= 0) {
      const knows = Number.isNaN(this.cpu.data[earlier]) || !Number.isNaN(cpu);
      if (this.#spare <= 0 && knows) {
        slot = earlier;
        this.forgot.set(slot, 1);
      }
    }
    if (slot === length) {
      if (earlier >= 0 || later >= 0) this.#spare--;
      this.before.push(earlier);
      this.tick.push(tick);
      for (let i = 0; i < levels.length; i++) this.levels[i].push(levels[i]);
      this.cpu.push(cpu);
      this.forgot.push(0);
    } else {
      this.tick.data[slot] = tick;
      for (let i = 0; i < levels.length; i++) this.levels[i].data[slot] = levels[i];
      this.cpu.data[slot] = cpu;
    }
    if (later < 0) this.newest.data[attempt] = slot;
    else this.before.data[later] = slot;
  }
}
