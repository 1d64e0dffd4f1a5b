import type { Clock } from "./clock.ts";
import type { Ints } from "./columns.ts";
import { type Level, type LevelValues, MEMORY } from "./levels.ts";
import { KeptSamples } from "./kept_samples.ts";
import { type HostLines, SampleLines, type Steps } from "./sample_lines.ts";
import type { SampleState } from "./sample_state.ts";
import { TryUsage } from "./try_usage.ts";

/**
 * What resource rows tell, without the rows: figures per try, and CPU and levels over time.
 *
 * The newest sample of every try is kept, and the first `spare` others of the run. So a sample that
 * comes after a later one of its try is placed as if it had come in time, as long as nothing was
 * forgotten where it belongs. Where something was, it counts for the try's peak and mean of memory,
 * which stay exact, but neither for its CPU time nor over time: CPU time is then too high or too low
 * by no more than the clock fell or jumped around that one sample (nothing for a clock that only
 * grows), and memory over time is off between its two neighbours only.
 */
export class Samples {
  /** Samples taken in. */
  count = 0;
  /** Samples that came so late that they are not in the series. */
  misplaced = 0;
  readonly usage = new TryUsage();
  /** Columns of `usage`; its doc comments say what they are. */
  readonly tryPeak = this.usage.peak;
  readonly trySum = this.usage.sum;
  readonly tryCount = this.usage.count;
  readonly tryCpu = this.usage.cpu;
  readonly #kept: KeptSamples;
  /** The ticks of kept samples. */
  readonly tick: Ints;
  readonly lines = new SampleLines();
  #gaps = 0;

  /** @param spare how many samples to keep beside the newest of every try */
  constructor(spare = 1 << 17) {
    this.#kept = new KeptSamples(spare);
    this.tick = this.#kept.tick;
  }

  /** Bytes taken. */
  get bytes(): number {
    return this.usage.bytes + this.#kept.bytes + this.lines.bytes;
  }

  /** Makes room for one more try. */
  addTry(): void {
    this.#kept.addTry();
    this.usage.add();
  }

  /**
   * Takes a sample in. CPU in seconds, null where unknown.
   *
   * @param host index of the try's host, -1 where unknown
   * @param time by the submit host's clock, naive ms
   * @param ended when the try ended, naive ms; NaN if it has not
   */
  add(
    clock: Clock,
    host: number,
    attempt: number,
    time: number,
    cpu: number | null,
    levels: LevelValues,
    ended: number,
  ): void {
    this.count++;
    const memory = levels[MEMORY];
    if (!Number.isNaN(memory)) this.usage.measure(attempt, memory);
    // An end that is far away may change what a tick is: ask for it before the sample's.
    if (!Number.isNaN(ended)) clock.tick(ended);
    const lines = this.lines.of(host);
    this.#place(clock, lines, attempt, clock.tick(time), cpu ?? NaN, levels, ended);
  }

  #place(
    clock: Clock,
    lines: HostLines,
    attempt: number,
    tick: number,
    cpu: number,
    levels: LevelValues,
    ended: number,
  ): void {
    const kept = this.#kept;
    const newest = kept.newest.data[attempt];
    const hasCpu = !Number.isNaN(cpu);
    let later = -1;
    let laterCpu = -1;
    let earlier = newest;
    while (earlier >= 0 && kept.isAfter(earlier, tick, cpu, levels)) {
      later = earlier;
      if (!Number.isNaN(kept.cpu.data[earlier])) laterCpu = earlier;
      earlier = kept.before.data[earlier];
    }
    if (
      later >= 0 && (kept.forgot.data[later] || (laterCpu >= 0 && kept.forgot.data[laterCpu]))
    ) {
      this.misplaced++;
      return;
    }
    const at = clock.timeOf(tick);
    if (hasCpu) {
      let earlierCpu = earlier;
      while (earlierCpu >= 0 && Number.isNaN(kept.cpu.data[earlierCpu])) {
        earlierCpu = kept.before.data[earlierCpu];
      }
      const [e, l] = [earlierCpu, laterCpu];
      if (e >= 0 && l >= 0) {
        this.#grow(clock, lines, attempt, kept.time(clock, e), kept.cpu.data[e], l, -1);
      }
      if (l >= 0) this.#grow(clock, lines, attempt, at, cpu, l, 1);
      if (e >= 0) {
        this.#rise(clock, lines, attempt, kept.time(clock, e), kept.cpu.data[e], at, cpu, 1);
      }
    }
    if (later < 0) this.#tail(clock, lines, attempt, ended, -1);
    const from = earlier < 0 ? NaN : kept.time(clock, earlier);
    const until = later < 0 ? NaN : kept.time(clock, later);
    for (let level = 0; level < levels.length; level++) {
      if (earlier >= 0) {
        const held = kept.levels[level].data[earlier];
        if (later >= 0) lines.hold(level, from, until, held, -1);
        lines.hold(level, from, at, held, 1);
      }
      if (later >= 0) lines.hold(level, at, until, levels[level], 1);
    }
    kept.keep(attempt, earlier, later, tick, cpu, levels);
    if (later < 0) this.#tail(clock, lines, attempt, ended, 1);
  }

  /** Counts the levels of a try's newest sample until its end (NaN: for ever), or takes it back. */
  tail(clock: Clock, host: number, attempt: number, ended: number, sign: 1 | -1): void {
    if (this.has(attempt)) this.#tail(clock, this.lines.of(host), attempt, ended, sign);
  }

  #tail(clock: Clock, lines: HostLines, attempt: number, ended: number, sign: 1 | -1): void {
    const kept = this.#kept;
    const newest = kept.newest.data[attempt];
    if (newest < 0) return;
    const until = Number.isNaN(ended) ? Infinity : clock.round(ended);
    this.#hold(lines, kept.time(clock, newest), until, newest, sign);
  }

  /** Counts the levels of a kept sample from one instant until another, or takes that back. */
  #hold(lines: HostLines, from: number, until: number, sample: number, sign: 1 | -1): void {
    const { levels } = this.#kept;
    for (let level = 0; level < levels.length; level++) {
      lines.hold(level, from, until, levels[level].data[sample], sign);
    }
  }

  /**
   * Says that what is still known of a try's samples was earlier by so many ms, and counts in other
   * lines from now on.
   *
   * @param before when the try ended as was thought until now, naive ms; NaN if it has not
   * @param after when it ended, naive ms; NaN if it has not
   */
  move(
    clock: Clock,
    attempt: number,
    from: HostLines,
    to: HostLines,
    by: number,
    before: number,
    after: number,
  ): void {
    const kept = this.#kept;
    if (!this.has(attempt)) return;
    this.#tail(clock, from, attempt, before, -1);
    this.#each(clock, from, attempt, -1);
    for (let at = kept.newest.data[attempt]; by !== 0 && at >= 0; at = kept.before.data[at]) {
      kept.tick.data[at] = clock.tick(kept.time(clock, at) - by);
    }
    this.#each(clock, to, attempt, 1);
    this.#tail(clock, to, attempt, after, 1);
  }

  /** Counts what lies between the kept samples of a try, or takes it back. */
  #each(clock: Clock, lines: HostLines, attempt: number, sign: 1 | -1): void {
    const kept = this.#kept;
    let later = -1;
    let laterCpu = -1;
    for (let at = kept.newest.data[attempt]; at >= 0; at = kept.before.data[at]) {
      const time = kept.time(clock, at);
      if (later >= 0 && kept.forgot.data[later] === 0) {
        this.#hold(lines, time, kept.time(clock, later), at, sign);
      }
      later = at;
      if (Number.isNaN(kept.cpu.data[at])) continue;
      if (laterCpu >= 0 && kept.forgot.data[laterCpu] === 0) {
        const used = Math.max(0, kept.cpu.data[laterCpu] - kept.cpu.data[at]);
        lines.use(clock, time, kept.time(clock, laterCpu), sign * used);
      }
      laterCpu = at;
    }
  }

  /** Highest resident memory of any sample, bytes; NaN without. */
  get peak(): number {
    return this.usage.most;
  }

  /** A level over time; a try's last sample holds until the try ends. */
  levelLine(level: Level): Steps {
    return this.lines.level(level);
  }

  /**
   * Cores in use between every two of some ascending edges (naive ms, multiples of the bins' width),
   * to a millionth; null when no try has two samples of CPU time.
   */
  coresBetween(clock: Clock, edges: readonly number[]): number[] | null {
    if (this.#gaps === 0) return null;
    const used = this.lines.usedUntil(clock, edges);
    return edges.slice(1).map((edge, i) => {
      const cores = (used[i + 1] - used[i]) / (edge - edges[i]);
      return Math.max(0, Math.round(cores * 1e6) / 1e6);
    });
  }

  /** Width in ms of the finest bins that the series can be read in. */
  get width(): number {
    return this.lines.width;
  }

  /**
   * All figures and series, without what late samples would need.
   *
   * @param attempts the tries whose figures are wanted
   */
  pack(
    clock: Clock,
    attempts: Uint32Array,
  ): Omit<SampleState, "first" | "last" | "taskId" | "tryId"> {
    return {
      count: this.count,
      misplaced: this.misplaced,
      gaps: this.#gaps,
      ...this.lines.pack(clock),
      ...this.usage.pack(attempts),
    };
  }

  /** Whether a try has samples. */
  has(attempt: number): boolean {
    return this.#kept.newest.data[attempt] >= 0;
  }

  /** Becomes what {@link pack} gave, for tries at these indexes; takes no samples afterwards. */
  restore(state: SampleState, attempts: ArrayLike<number>): void {
    this.count = state.count;
    this.misplaced = state.misplaced;
    this.#gaps = state.gaps;
    this.lines.restore(state);
    this.usage.restore(state, attempts);
  }

  #grow(
    clock: Clock,
    lines: HostLines,
    attempt: number,
    from: number,
    cpu: number,
    later: number,
    sign: 1 | -1,
  ) {
    const kept = this.#kept;
    const [to, cpuTo] = [kept.time(clock, later), kept.cpu.data[later]];
    this.#rise(clock, lines, attempt, from, cpu, to, cpuTo, sign);
  }

  /** Counts the CPU time between two samples of a try; a clock that falls used nothing. */
  #rise(
    clock: Clock,
    lines: HostLines,
    attempt: number,
    from: number,
    cpuFrom: number,
    to: number,
    cpuTo: number,
    sign: 1 | -1,
  ): void {
    const used = Math.max(0, cpuTo - cpuFrom);
    this.usage.use(attempt, sign * used);
    this.#gaps += sign;
    lines.use(clock, from, to, sign * used);
  }
}
