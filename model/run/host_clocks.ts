/**
 * The clocks of the hosts that ran tries, against the submit host's.
 *
 * A worker stamps when a try began and ended, the submit host when it was launched and when it
 * returned. A try cannot begin before its launch nor end after its return, so each try bounds how far
 * its host's clock is ahead; the tightest bounds of all its tries are the estimate. Zones count as
 * any other difference.
 */
import { Floats } from "./columns.ts";

/** Differences up to this many ms are taken for none: stamps themselves take that long. */
export const JITTER_MS = 50;
/** Bounds that cross by at most this many ms are a clock that drifts; by more, one that was set. */
const DRIFT_MS = 1000;
/** Zones differ by multiples of this many ms. */
const QUARTER_HOUR_MS = 900_000;
/** With one bound only, a zone explains it when a try waited at most this many ms. */
const PROMPT_MS = 60_000;

/** Between bounds that are further apart, ms, the middle is no better than what is nearest to 0. */
const WIDE_MS = 10_000;
/** Some releases and programs stamp whole seconds, cutting off the rest: this many ms may be missing. */
const SECOND_MS = 1000;

/** How many ms may be missing from a stamp. */
export function cutOff(stamp: number): number {
  return stamp % SECOND_MS === 0 ? SECOND_MS : 0;
}

/** How far a host's clock is ahead of the submit host's, ms; negative is behind. */
export interface ClockEstimate {
  /** What its stamps are taken back by: whole ms, 0 when nothing speaks against 0. */
  shift: number;
  /** The truth lies within so many ms of `shift`; Infinity when only one side is bounded. */
  within: number;
  /** By how many ms the bounds contradict each other; 0 when they do not. */
  contradiction: number;
}

/**
 * The estimate from the tightest bounds, ms: ahead by at least `lower` and at most `upper`
 * (-Infinity and Infinity where no try tells).
 */
export function clockEstimate(lower: number, upper: number): ClockEstimate {
  const low = Math.min(lower, upper);
  const high = Math.max(lower, upper);
  const crossed = Number.isFinite(lower - upper) ? Math.max(0, lower - upper) : 0;
  const contradiction = crossed > DRIFT_MS ? crossed : 0;
  const shift = shiftBetween(low, high);
  const within = Math.max(high - shift, shift - low);
  return { shift, within: Number.isNaN(within) ? Infinity : within, contradiction };
}

function shiftBetween(low: number, high: number): number {
  const has = (shift: number) => low - JITTER_MS <= shift && shift <= high + JITTER_MS;
  if (has(0)) return 0;
  if (low === -Infinity) {
    const zone = Math.floor((high + JITTER_MS) / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
    return high - zone <= PROMPT_MS ? zone : Math.floor(high);
  }
  if (high === Infinity) {
    const zone = Math.ceil((low - JITTER_MS) / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
    return zone - low <= PROMPT_MS ? zone : Math.ceil(low);
  }
  const middle = (low + high) / 2;
  const zone = Math.round(middle / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
  if (zone !== 0 && has(zone)) return zone;
  if (high - low <= WIDE_MS) return Math.round(middle);
  return low > 0 ? Math.ceil(low) : Math.floor(high);
}

/** What is known of each host's clock, by the host's index in the run's names; -1 is no host. */
export class HostClocks {
  readonly #lower = new Floats();
  readonly #upper = new Floats();
  /** What the stamps of the host's tries have been taken back by, ms. */
  readonly #shift = new Floats();
  /** The first and the last stamp of the host, by its own clock, naive ms. */
  readonly #first = new Floats();
  readonly #last = new Floats();
  /** Hosts whose bounds have moved since the last {@link settle}, or that had news where they cross. */
  readonly #moved = new Set<number>();
  /** Whether anything is known of a host that has a name. */
  #isNamed = false;
  #span: { first: number; last: number } | null = null;

  /** Bytes taken. */
  get bytes(): number {
    return [this.#lower, this.#upper, this.#shift, this.#first, this.#last]
      .reduce((sum, column) => sum + column.bytes, 0);
  }

  /** Whether a {@link settle} may change a shift. */
  get isDue(): boolean {
    return this.#moved.size > 0;
  }

  /** Says that a host's clock is ahead by at least so many ms. */
  atLeast(host: number, ahead: number): void {
    const slot = this.#slot(host);
    if (ahead > this.#lower.data[slot]) this.#lower.data[slot] = ahead;
    else if (!this.contradicts(host)) return;
    this.#moved.add(host);
  }

  /** Says that a host's clock is ahead by at most so many ms. */
  atMost(host: number, ahead: number): void {
    const slot = this.#slot(host);
    if (ahead < this.#upper.data[slot]) this.#upper.data[slot] = ahead;
    else if (!this.contradicts(host)) return;
    this.#moved.add(host);
  }

  /** Takes the estimate for a host's first stamp at once, so that nothing has to be moved later. */
  adopt(host: number): void {
    const slot = this.#slot(host);
    if (host < 0 || this.#first.data[slot] < Infinity) return;
    this.#shift.data[slot] = this.estimateOf(host).shift;
    this.#moved.delete(host);
  }

  /** The hosts whose bounds have moved since the last {@link settle}. */
  moved(): Set<number> {
    return new Set(this.#moved);
  }

  /** Takes in that a host's clock stamped something at a naive time, ms. */
  see(host: number, time: number): void {
    const slot = this.#slot(host);
    if (time >= this.#first.data[slot] && time <= this.#last.data[slot]) return;
    this.#first.data[slot] = Math.min(time, this.#first.data[slot]);
    this.#last.data[slot] = Math.max(time, this.#last.data[slot]);
    this.#span = null;
  }

  /** What stamps of a host have been taken back by, ms. */
  shiftOf(host: number): number {
    return host + 1 < this.#shift.length ? this.#shift.data[host + 1] : 0;
  }

  /** The estimate for a host. */
  estimateOf(host: number): ClockEstimate {
    const slot = this.#slot(host);
    return clockEstimate(this.#lower.data[slot], this.#upper.data[slot]);
  }

  /** Whether the bounds of a host contradict each other. */
  contradicts(host: number): boolean {
    if (host === -1 && this.#isNamed) return false;
    const slot = host + 1;
    return slot < this.#lower.length && this.#lower.data[slot] - this.#upper.data[slot] > DRIFT_MS;
  }

  /** Brings the shifts up to the estimates; by how many ms each changed one has grown, by host. */
  settle(): Map<number, number> {
    const changed = new Map<number, number>();
    for (const host of this.#moved) {
      // Tries of no known host are of any host, unless none is known at all.
      const shift = host === -1 && this.#isNamed ? 0 : this.estimateOf(host).shift;
      const by = shift - this.#shift.data[host + 1];
      if (by === 0) continue;
      changed.set(host, by);
      this.#shift.data[host + 1] = shift;
    }
    this.#moved.clear();
    this.#span = null;
    return changed;
  }

  /**
   * The first and the last stamp of all hosts, by the submit host's clock, naive ms; Infinity and
   * -Infinity without any. Stamps of no host count only where no host is known.
   */
  get span(): { first: number; last: number } {
    return this.#span ??= this.#spanOf();
  }

  #spanOf(): { first: number; last: number } {
    let first = Infinity;
    let last = -Infinity;
    for (let slot = this.#isNamed ? 1 : 0; slot < this.#first.length; slot++) {
      first = Math.min(first, this.#first.data[slot] - this.#shift.data[slot]);
      last = Math.max(last, this.#last.data[slot] - this.#shift.data[slot]);
    }
    return { first, last };
  }

  #slot(host: number): number {
    if (host >= 0 && !this.#isNamed) {
      this.#isNamed = true;
      if (this.#shift.length > 0) this.#moved.add(-1);
    }
    while (this.#shift.length <= host + 1) {
      this.#lower.push(-Infinity);
      this.#upper.push(Infinity);
      this.#shift.push(0);
      this.#first.push(Infinity);
      this.#last.push(-Infinity);
    }
    return host + 1;
  }
}
