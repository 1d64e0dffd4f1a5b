/** The most bins that a timeline keeps unless told otherwise. */
const MOST_BINS = 4096;

/** The steps of a timeline, from the edge `first` (a multiple of `width` ms) on. */
export interface TimelineState {
  width: number;
  first: number;
  steps: Float64Array;
}

/**
 * A quantity that changes by steps, over time, in bounded memory.
 *
 * Steps are kept per fine bin. A bin is a power of two of milliseconds wide, at least 1, and begins
 * at a multiple of its width since 1970; the width doubles when the steps would need more bins than
 * it may keep. A step at time t counts from the first bin edge at or after t on, so the value at an edge is
 * exact, and stays so when bins are merged in pairs. Adding and taking back are O(1).
 */
export class Timeline {
  /** Width of a bin in ms. */
  width = 1;
  /** The edges from which steps count, as multiples of the width: the first and the last used. */
  #first = 0;
  #last = -1;
  /** The edge that `#steps[0]` stands for. */
  #base = 0;
  #steps = new Float64Array(0);
  #total = 0;
  readonly #most: number;

  /** @param most bins that it keeps at most */
  constructor(most = MOST_BINS) {
    this.#most = most;
  }

  /** Bytes taken. */
  get bytes(): number {
    return this.#steps.byteLength;
  }

  /** The value after all steps. */
  get total(): number {
    return this.#total;
  }

  /** Whether the value never changes. */
  get isFlat(): boolean {
    return this.#steps.every((step) => step === 0);
  }

  /** Changes the value from a time (ms, whole or not, of any sign) on. */
  step(time: number, by: number): void {
    let edge = Math.ceil(time / this.width);
    if (edge < this.#first || edge > this.#last) {
      this.#reach(edge);
      edge = Math.ceil(time / this.width);
    }
    this.#steps[edge - this.#base] += by;
    this.#total += by;
  }

  /** Adds to the value over [start, end), ms; an endless interval has end Infinity. */
  add(start: number, end: number, weight = 1): void {
    if (!(end > start)) return;
    this.step(start, weight);
    if (end !== Infinity) this.step(end, -weight);
  }

  /**
   * The values at some edges in ms, ascending. One that is no multiple of `width` gets the value at
   * the multiple before it.
   */
  valuesAt(edges: readonly number[]): number[] {
    let sum = 0;
    let next = this.#first;
    return edges.map((edge) => {
      const until = Math.min(Math.floor(edge / this.width), this.#last);
      for (; next <= until; next++) sum += this.#steps[next - this.#base];
      return sum;
    });
  }

  /** Takes in all steps of another, each so many ms later and times a factor. */
  addSteps(other: Timeline, later: number, factor = 1): void {
    for (let edge = other.#first; edge <= other.#last; edge++) {
      const step = other.#steps[edge - other.#base];
      if (step !== 0) this.step(edge * other.width + later, factor * step);
    }
  }

  /** All that it holds. */
  pack(): TimelineState {
    const from = this.#first - this.#base;
    const steps = this.#steps.slice(from, Math.max(from, this.#last - this.#base + 1));
    return { width: this.width, first: this.#first, steps };
  }

  /** Becomes what {@link pack} gave; whatever it held is forgotten. */
  restore({ width, first, steps }: TimelineState): void {
    this.width = width;
    this.#first = this.#base = first;
    this.#last = first + steps.length - 1;
    this.#steps = steps.slice();
    this.#total = steps.reduce((sum, step) => sum + step, 0);
  }

  /** Makes room for a step at an edge, given in the present width. */
  #reach(edge: number): void {
    const empty = this.#last < this.#first;
    let first = empty ? edge : Math.min(this.#first, edge);
    let last = empty ? edge : Math.max(this.#last, edge);
    let halvings = 0;
    for (; last - first >= this.#most; halvings++) {
      first = Math.ceil(first / 2);
      last = Math.ceil(last / 2);
    }
    for (; halvings > 0; halvings--) this.#halve();
    const size = this.#steps.length;
    if (first < this.#base || last >= this.#base + size || empty) {
      const needed = Math.min(this.#most, Math.max(64, 2 * (last - first + 1)));
      // Room on the side that grows: to the left of what is known only when that is where it goes.
      const base = !empty && first < this.#first ? last - needed + 1 : first;
      const steps = new Float64Array(needed);
      for (let at = this.#first; at <= this.#last; at++) {
        steps[at - base] = this.#steps[at - this.#base];
      }
      this.#steps = steps;
      this.#base = base;
    }
    this.#first = first;
    this.#last = last;
  }

  /** Doubles the width: an edge that is no multiple any more counts from the next that is. */
  #halve(): void {
    this.width *= 2;
    if (this.#last < this.#first) return;
    const base = Math.ceil(this.#base / 2);
    const steps = new Float64Array(this.#steps.length);
    for (let at = this.#first; at <= this.#last; at++) {
      steps[Math.ceil(at / 2) - base] += this.#steps[at - this.#base];
    }
    this.#steps = steps;
    this.#base = base;
    this.#first = Math.ceil(this.#first / 2);
    this.#last = Math.ceil(this.#last / 2);
  }
}
