import type { Clock } from "./clock.ts";
import { Floats, Ints, SmallInts } from "./columns.ts";
import { type HostLines, SampleLines, type Steps } from "./sample_lines.ts";
import type { SampleState } from "./sample_state.ts";
import { TryUsage } from "./try_usage.ts";

/**
 * What resource rows tell, without the rows: figures per try, and CPU and memory over time.
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
  readonly tick = new Ints();
  /** Per try: its newest kept sample. */
  readonly #newest = new Ints();
  readonly #before = new Ints();
  readonly #memory = new Floats();
  readonly #cpu = new Floats();
  /** 1 where samples before this one were forgotten. */
  readonly #forgot = new SmallInts();
  readonly lines = new SampleLines();
  #gaps = 0;
  #spare: number;

  /** @param spare how many samples to keep beside the newest of every try */
  constructor(spare = 1 << 17) {
    this.#spare = spare;
  }

  /** Bytes taken. */
  get bytes(): number {
    const kept = [this.#newest, this.tick, this.#before, this.#memory, this.#cpu, this.#forgot];
    return [this.usage, ...kept, this.lines].reduce((sum, part) => sum + part.bytes, 0);
  }

  /** Makes room for one more try. */
  addTry(): void {
    this.#newest.push(-1);
    this.usage.add();
  }

  /**
   * Takes a sample in. CPU in seconds, memory in bytes, null where unknown.
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
    memory: number | null,
    ended: number,
  ): void {
    this.count++;
    if (memory !== null) this.usage.measure(attempt, memory);
    // An end that is far away may change what a tick is: ask for it before the sample's.
    if (!Number.isNaN(ended)) clock.tick(ended);
    const lines = this.lines.of(host);
    this.#place(clock, lines, attempt, clock.tick(time), cpu ?? NaN, memory ?? NaN, ended);
  }

  #place(
    clock: Clock,
    lines: HostLines,
    attempt: number,
    tick: number,
    cpu: number,
    memory: number,
    ended: number,
  ): void {
    const newest = this.#newest.data[attempt];
    const hasCpu = !Number.isNaN(cpu);
    let later = -1;
    let laterCpu = -1;
    let earlier = newest;
    while (earlier >= 0 && this.#isAfter(earlier, tick, cpu, memory)) {
      later = earlier;
      if (!Number.isNaN(this.#cpu.data[earlier])) laterCpu = earlier;
      earlier = this.#before.data[earlier];
    }
    if (
      later >= 0 && (this.#forgot.data[later] || (laterCpu >= 0 && this.#forgot.data[laterCpu]))
    ) {
      this.misplaced++;
      return;
    }
    const at = clock.timeOf(tick);
    if (hasCpu) {
      let earlierCpu = earlier;
      while (earlierCpu >= 0 && Number.isNaN(this.#cpu.data[earlierCpu])) {
        earlierCpu = this.#before.data[earlierCpu];
      }
      const [e, l] = [earlierCpu, laterCpu];
      if (e >= 0 && l >= 0) {
        this.#grow(clock, lines, attempt, this.#time(clock, e), this.#cpu.data[e], l, -1);
      }
      if (l >= 0) this.#grow(clock, lines, attempt, at, cpu, l, 1);
      if (e >= 0) {
        this.#rise(clock, lines, attempt, this.#time(clock, e), this.#cpu.data[e], at, cpu, 1);
      }
    }
    if (later < 0) this.#tail(clock, lines, attempt, ended, -1);
    if (earlier >= 0) {
      const held = this.#memory.data[earlier];
      const from = this.#time(clock, earlier);
      if (later >= 0) lines.hold(from, this.#time(clock, later), held, -1);
      lines.hold(from, at, held, 1);
    }
    if (later >= 0) lines.hold(at, this.#time(clock, later), memory, 1);
    this.#keep(attempt, earlier, later, tick, cpu, memory);
    if (later < 0) this.#tail(clock, lines, attempt, ended, 1);
  }

  /** Counts the memory of a try's newest sample until its end (NaN: for ever), or takes it back. */
  tail(clock: Clock, host: number, attempt: number, ended: number, sign: 1 | -1): void {
    if (this.has(attempt)) this.#tail(clock, this.lines.of(host), attempt, ended, sign);
  }

  #tail(clock: Clock, lines: HostLines, attempt: number, ended: number, sign: 1 | -1): void {
    const newest = this.#newest.data[attempt];
    if (newest < 0) return;
    const until = Number.isNaN(ended) ? Infinity : clock.round(ended);
    lines.hold(this.#time(clock, newest), until, this.#memory.data[newest], sign);
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
    if (!this.has(attempt)) return;
    this.#tail(clock, from, attempt, before, -1);
    this.#each(clock, from, attempt, -1);
    for (let at = this.#newest.data[attempt]; by !== 0 && at >= 0; at = this.#before.data[at]) {
      this.tick.data[at] = clock.tick(this.#time(clock, at) - by);
    }
    this.#each(clock, to, attempt, 1);
    this.#tail(clock, to, attempt, after, 1);
  }

  /** Counts what lies between the kept samples of a try, or takes it back. */
  #each(clock: Clock, lines: HostLines, attempt: number, sign: 1 | -1): void {
    let later = -1;
    let laterCpu = -1;
    for (let at = this.#newest.data[attempt]; at >= 0; at = this.#before.data[at]) {
      const time = this.#time(clock, at);
      if (later >= 0 && this.#forgot.data[later] === 0) {
        lines.hold(time, this.#time(clock, later), this.#memory.data[at], sign);
      }
      later = at;
      if (Number.isNaN(this.#cpu.data[at])) continue;
      if (laterCpu >= 0 && this.#forgot.data[laterCpu] === 0) {
        const used = Math.max(0, this.#cpu.data[laterCpu] - this.#cpu.data[at]);
        lines.use(clock, time, this.#time(clock, laterCpu), sign * used);
      }
      laterCpu = at;
    }
  }

  /** Highest resident memory of any sample, bytes; NaN without. */
  get peak(): number {
    return this.usage.most;
  }

  /** Bytes in use over time; a try's last sample holds until the try ends. */
  get memoryLine(): Steps {
    return this.lines.memory;
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
    return this.#newest.data[attempt] >= 0;
  }

  /** Becomes what {@link pack} gave, for tries at these indexes; takes no samples afterwards. */
  restore(state: SampleState, attempts: ArrayLike<number>): void {
    this.count = state.count;
    this.misplaced = state.misplaced;
    this.#gaps = state.gaps;
    this.lines.restore(state);
    this.usage.restore(state, attempts);
  }

  #time(clock: Clock, sample: number): number {
    return clock.timeOf(this.tick.data[sample]);
  }

  #isAfter(sample: number, tick: number, cpu: number, memory: number): boolean {
    const later = this.tick.data[sample] - tick;
    if (later !== 0) return later > 0;
    const more = this.#cpu.data[sample] - cpu;
    return more > 0 || (!(more < 0) && this.#memory.data[sample] > memory);
  }

  #keep(
    attempt: number,
    earlier: number,
    later: number,
    tick: number,
    cpu: number,
    memory: number,
  ): void {
    const { length } = this.#before;
    let slot = length;
    if (later < 0 && earlier >= 0) {
      const knows = Number.isNaN(this.#cpu.data[earlier]) || !Number.isNaN(cpu);
      if (this.#spare <= 0 && knows) {
        slot = earlier;
        this.#forgot.set(slot, 1);
      }
    }
    if (slot === length) {
      if (earlier >= 0 || later >= 0) this.#spare--;
      this.#before.push(earlier);
      this.tick.push(tick);
      this.#memory.push(memory);
      this.#cpu.push(cpu);
      this.#forgot.push(0);
    } else {
      this.tick.data[slot] = tick;
      this.#memory.data[slot] = memory;
      this.#cpu.data[slot] = cpu;
    }
    if (later < 0) this.#newest.data[attempt] = slot;
    else this.#before.data[later] = slot;
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
    const [to, cpuTo] = [this.#time(clock, later), this.#cpu.data[later]];
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
