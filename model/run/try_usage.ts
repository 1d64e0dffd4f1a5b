import { Floats, SmallInts } from "./columns.ts";
import type { SampleState } from "./sample_state.ts";

/** What samples told of each try: a figure a try, by its index. */
export class TryUsage {
  /** Highest resident memory of any sample, bytes; NaN without. */
  most = NaN;
  /** Highest resident memory of a try's samples, their sum and number. */
  readonly peak = new Floats();
  readonly sum = new Floats();
  readonly count = new SmallInts();
  /** By how many seconds a try's CPU clock grew; NaN with less than two samples of it. */
  readonly cpu = new Floats();

  /** Bytes taken. */
  get bytes(): number {
    return this.peak.bytes + this.sum.bytes + this.count.bytes + this.cpu.bytes;
  }

  /** Makes room for one more try. */
  add(): void {
    this.peak.push(null);
    this.sum.push(0);
    this.count.push(0);
    this.cpu.push(null);
  }

  /** Takes in a try's resident memory, bytes. */
  measure(attempt: number, memory: number): void {
    this.sum.data[attempt] += memory;
    this.count.set(attempt, this.count.data[attempt] + 1);
    if (!(this.peak.data[attempt] >= memory)) this.peak.data[attempt] = memory;
    if (!(this.most >= memory)) this.most = memory;
  }

  /** Takes in by how much a try's CPU clock grew, seconds; negative takes that back. */
  use(attempt: number, seconds: number): void {
    const known = this.cpu.data[attempt];
    this.cpu.data[attempt] = (Number.isNaN(known) ? 0 : known) + seconds;
  }

  /** The figures of some tries. */
  pack(
    attempts: Uint32Array,
  ): Pick<SampleState, "peak" | "tryPeak" | "trySum" | "tryCount" | "tryCpu"> {
    const of = ({ data }: { data: ArrayLike<number> }) => {
      const out = new Float64Array(attempts.length);
      for (let i = 0; i < attempts.length; i++) out[i] = data[attempts[i]];
      return out;
    };
    return {
      peak: this.most,
      tryPeak: of(this.peak),
      trySum: of(this.sum),
      tryCount: of(this.count),
      tryCpu: of(this.cpu),
    };
  }

  /** Becomes what {@link pack} gave, for tries at these indexes. */
  restore(
    state: Pick<SampleState, "peak" | "tryPeak" | "trySum" | "tryCount" | "tryCpu">,
    attempts: ArrayLike<number>,
  ): void {
    this.most = state.peak;
    for (let i = 0; i < attempts.length; i++) {
      const attempt = attempts[i];
      this.peak.data[attempt] = state.tryPeak[i];
      this.sum.data[attempt] = state.trySum[i];
      this.count.set(attempt, state.tryCount[i]);
      this.cpu.data[attempt] = state.tryCpu[i];
    }
  }
}
