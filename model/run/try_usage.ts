import { Floats, SmallInts } from "./columns.ts";
import { measured } from "./measured.ts";
import type { TotalsRow } from "./own_rows.ts";
import type { SampleState } from "./sample_state.ts";

/** Which of a try's figures the system itself told at its end, as bits. */
const CPU = 1;
const PEAK = 2;
/** Its worker was killed: what was told is what was seen of it last. */
const KILLED = 4;

/**
 * What each try used: a figure a try, by its index. Samples tell of it, and where the try's worker
 * took totals at its end, these count instead.
 */
export class TryUsage {
  /**
   * Highest resident memory of a try, bytes; NaN where it is not known. Of samples, their sum and
   * number.
   */
  readonly peak = new Floats();
  readonly sum = new Floats();
  readonly count = new SmallInts();
  /** CPU seconds of a try: by what its clock grew between samples; NaN with less than two of them. */
  readonly cpu = new Floats();
  readonly #exact = new SmallInts();

  /** Bytes taken. */
  get bytes(): number {
    return this.peak.bytes + this.sum.bytes + this.count.bytes + this.cpu.bytes +
      this.#exact.bytes;
  }

  /** Highest resident memory of any try, bytes; NaN without. */
  get most(): number {
    let most = NaN;
    const { data, length } = this.peak;
    for (let attempt = 0; attempt < length; attempt++) {
      if (!(most >= data[attempt]) && data[attempt] === data[attempt]) most = data[attempt];
    }
    return most;
  }

  /** Whether a try's CPU time, or its peak of memory, is the system's own figure. */
  isExact(attempt: number, figure: "cpu" | "peak"): boolean {
    return (this.#exact.data[attempt] & (figure === "cpu" ? CPU | KILLED : PEAK)) ===
      (figure === "cpu" ? CPU : PEAK);
  }

  /**
   * Takes in what was told at a try's end. The peak of a process with children is less than theirs
   * and its own at once: it is no more than another sample.
   */
  total(attempt: number, row: TotalsRow): void {
    const [peak, ofChildren] = [measured(row.peak), measured(row.childrenPeak)];
    let told = this.#exact.data[attempt] & PEAK;
    if (row.ended === "killed") told |= KILLED;
    if (row.cpu !== null) {
      this.cpu.data[attempt] = row.cpu;
      told |= CPU;
    } else told |= this.#exact.data[attempt] & CPU;
    if (peak !== null && row.exactPeak && ofChildren === null && row.ended !== "killed") {
      this.peak.data[attempt] = peak;
      told |= PEAK;
    } else if (peak !== null || ofChildren !== null) {
      this.#atLeast(attempt, Math.max(peak ?? 0, ofChildren ?? 0));
    }
    this.#exact.set(attempt, told);
  }

  #atLeast(attempt: number, memory: number): void {
    if (this.isExact(attempt, "peak") || this.peak.data[attempt] >= memory) return;
    this.peak.data[attempt] = memory;
  }

  /** Makes room for one more try. */
  add(): void {
    this.peak.push(null);
    this.sum.push(0);
    this.count.push(0);
    this.cpu.push(null);
    this.#exact.push(0);
  }

  /** Takes in a try's resident memory, bytes. */
  measure(attempt: number, memory: number): void {
    this.sum.data[attempt] += memory;
    this.count.set(attempt, this.count.data[attempt] + 1);
    this.#atLeast(attempt, memory);
  }

  /** Takes in by how much a try's CPU clock grew, seconds; negative takes that back. */
  use(attempt: number, seconds: number): void {
    if (this.#exact.data[attempt] & CPU) return;
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
    for (let i = 0; i < attempts.length; i++) {
      const attempt = attempts[i];
      if (!Number.isNaN(state.tryPeak[i])) this.#atLeast(attempt, state.tryPeak[i]);
      this.sum.data[attempt] = state.trySum[i];
      this.count.set(attempt, state.tryCount[i]);
      if (!(this.#exact.data[attempt] & CPU)) this.cpu.data[attempt] = state.tryCpu[i];
    }
  }
}
