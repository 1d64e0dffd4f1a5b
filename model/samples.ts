import type { Clock } from "./clock.ts";
import { Floats, Ints, SmallInts } from "./columns.ts";
import type { SampleState } from "./sample_state.ts";
import { Timeline } from "./timeline.ts";

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
  /** Highest resident memory of any sample, bytes; NaN without. */
  peak = NaN;
  /** Bytes in use over time; a try's last sample holds until the try ends. */
  readonly memoryLine = new Timeline();
  /** Per try: highest resident memory, their sum and number. */
  readonly tryPeak = new Floats();
  readonly trySum = new Floats();
  readonly tryCount = new SmallInts();
  /** Per try: by how many seconds its CPU clock grew; NaN with less than two samples of it. */
  readonly tryCpu = new Floats();
  readonly tick = new Ints();
  /** Per try: its newest kept sample. */
  readonly #newest = new Ints();
  readonly #before = new Ints();
  readonly #memory = new Floats();
  readonly #cpu = new Floats();
  /** 1 where samples before this one were forgotten. */
  readonly #forgot = new SmallInts();
  /** Cores in use, and each change of it times when it came (ms since the clock's base). */
  readonly #rate = new Timeline();
  readonly #moment = new Timeline();
  #gaps = 0;
  #spare: number;
  /** What the moments are relative to, where it is not the clock's base. */
  #origin = NaN;

  /** @param spare how many samples to keep beside the newest of every try */
  constructor(spare = 1 << 17) {
    this.#spare = spare;
  }

  /** Bytes taken. */
  get bytes(): number {
    const columns = [this.tryPeak, this.trySum, this.tryCount, this.tryCpu, this.#newest];
    const kept = [this.tick, this.#before, this.#memory, this.#cpu, this.#forgot];
    const lines = [this.memoryLine, this.#rate, this.#moment];
    return [...columns, ...kept, ...lines].reduce((sum, part) => sum + part.bytes, 0);
  }

  /** Makes room for one more try. */
  addTry(): void {
    this.#newest.push(-1);
    this.tryPeak.push(null);
    this.trySum.push(0);
    this.tryCount.push(0);
    this.tryCpu.push(null);
  }

  /**
   * Takes a sample in. CPU in seconds, memory in bytes, null where unknown.
   *
   * @param ended when the try ended, naive ms; NaN if it has not
   */
  add(
    clock: Clock,
    attempt: number,
    time: number,
    cpu: number | null,
    memory: number | null,
    ended: number,
  ): void {
    this.count++;
    if (memory !== null) {
      this.trySum.data[attempt] += memory;
      this.tryCount.set(attempt, this.tryCount.data[attempt] + 1);
      if (!(this.tryPeak.data[attempt] >= memory)) this.tryPeak.data[attempt] = memory;
      if (!(this.peak >= memory)) this.peak = memory;
    }
    // An end that is far away may change what a tick is: ask for it before the sample's.
    if (!Number.isNaN(ended)) clock.tick(ended);
    this.#place(clock, attempt, clock.tick(time), cpu ?? NaN, memory ?? NaN, ended);
  }

  #place(
    clock: Clock,
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
        this.#grow(clock, attempt, this.#time(clock, e), this.#cpu.data[e], l, -1);
      }
      if (l >= 0) this.#grow(clock, attempt, at, cpu, l, 1);
      if (e >= 0) this.#rise(clock, attempt, this.#time(clock, e), this.#cpu.data[e], at, cpu, 1);
    }
    if (later < 0) this.tail(clock, attempt, ended, -1);
    if (earlier >= 0) {
      const held = this.#memory.data[earlier];
      const from = this.#time(clock, earlier);
      if (later >= 0) this.#hold(from, this.#time(clock, later), held, -1);
      this.#hold(from, at, held, 1);
    }
    if (later >= 0) this.#hold(at, this.#time(clock, later), memory, 1);
    this.#keep(attempt, earlier, later, tick, cpu, memory);
    if (later < 0) this.tail(clock, attempt, ended, 1);
  }

  /** Counts the memory of a try's newest sample until its end (NaN: for ever), or takes it back. */
  tail(clock: Clock, attempt: number, ended: number, sign: 1 | -1): void {
    const newest = this.#newest.data[attempt];
    if (newest < 0) return;
    const until = Number.isNaN(ended) ? Infinity : clock.round(ended);
    this.#hold(this.#time(clock, newest), until, this.#memory.data[newest], sign);
  }

  /**
   * Cores in use between every two of some ascending edges (naive ms, multiples of the bins' width),
   * to a millionth; null when no try has two samples of CPU time.
   */
  coresBetween(clock: Clock, edges: readonly number[]): number[] | null {
    if (this.#gaps === 0) return null;
    const rate = this.#rate.valuesAt(edges);
    const moment = this.#moment.valuesAt(edges);
    const origin = Number.isNaN(this.#origin) ? clock.base : this.#origin;
    const used = edges.map((edge, i) => (edge - origin) * rate[i] - moment[i]);
    return edges.slice(1).map((edge, i) => {
      const cores = (used[i + 1] - used[i]) / (edge - edges[i]);
      return Math.max(0, Math.round(cores * 1e6) / 1e6);
    });
  }

  /** Width in ms of the finest bins that the series can be read in. */
  get width(): number {
    return Math.max(this.memoryLine.width, this.#rate.width);
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
    const of = ({ data }: { data: ArrayLike<number> }) => {
      const out = new Float64Array(attempts.length);
      for (let i = 0; i < attempts.length; i++) out[i] = data[attempts[i]];
      return out;
    };
    return {
      count: this.count,
      misplaced: this.misplaced,
      peak: this.peak,
      gaps: this.#gaps,
      base: clock.base,
      memory: this.memoryLine.pack(),
      rate: this.#rate.pack(),
      moment: this.#moment.pack(),
      tryPeak: of(this.tryPeak),
      trySum: of(this.trySum),
      tryCount: of(this.tryCount),
      tryCpu: of(this.tryCpu),
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
    this.peak = state.peak;
    this.#gaps = state.gaps;
    this.#origin = state.base;
    this.memoryLine.restore(state.memory);
    this.#rate.restore(state.rate);
    this.#moment.restore(state.moment);
    for (let i = 0; i < attempts.length; i++) {
      const attempt = attempts[i];
      this.tryPeak.data[attempt] = state.tryPeak[i];
      this.trySum.data[attempt] = state.trySum[i];
      this.tryCount.set(attempt, state.tryCount[i]);
      this.tryCpu.data[attempt] = state.tryCpu[i];
    }
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

  #hold(from: number, until: number, memory: number, sign: 1 | -1): void {
    if (memory > 0) this.memoryLine.add(from, until, sign * memory);
  }

  #grow(clock: Clock, attempt: number, from: number, cpu: number, later: number, sign: 1 | -1) {
    this.#rise(clock, attempt, from, cpu, this.#time(clock, later), this.#cpu.data[later], sign);
  }

  /** Counts the CPU time between two samples of a try; a clock that falls used nothing. */
  #rise(
    clock: Clock,
    attempt: number,
    from: number,
    cpuFrom: number,
    to: number,
    cpuTo: number,
    sign: 1 | -1,
  ): void {
    const used = Math.max(0, cpuTo - cpuFrom);
    const known = this.tryCpu.data[attempt];
    this.tryCpu.data[attempt] = (Number.isNaN(known) ? 0 : known) + sign * used;
    this.#gaps += sign;
    if (!(to > from) || used === 0) return;
    const rate = sign * (used * 1000) / (to - from);
    this.#rate.add(from, to, rate);
    this.#moment.step(from, rate * (from - clock.base));
    this.#moment.step(to, -rate * (to - clock.base));
  }
}
