import type { Clock } from "./clock.ts";
import { byLevel, type Level, LEVEL_NAMES } from "./levels.ts";
import type { SampleState } from "./sample_state.ts";
import { Timeline } from "./step_line.ts";

/** A quantity over time that changes by steps. */
export interface Steps {
  /** The values at some edges, naive ms, ascending. */
  valuesAt(edges: readonly number[]): number[];
  /** The value after all steps. */
  readonly total: number;
}

/** Bins that one host's lines keep: as many as a chart needs, and again. */
const HOST_BINS = 512;

/** CPU and levels over time of the tries on one host, by the submit host's clock. */
export class HostLines {
  /** In the order of `LEVEL_NAMES`. */
  readonly levels: readonly Timeline[];
  /** Cores in use, and each change of it times when it came (ms since the clock's base). */
  readonly rate: Timeline;
  readonly moment: Timeline;

  constructor(bins = HOST_BINS) {
    this.levels = LEVEL_NAMES.map(() => new Timeline(bins));
    this.rate = new Timeline(bins);
    this.moment = new Timeline(bins);
  }

  /**
   * Counts a value of a level from one instant until another, or with sign -1 takes that back.
   *
   * @param level its place in `LEVEL_NAMES`
   */
  hold(level: number, from: number, until: number, value: number, sign: 1 | -1): void {
    if (value > 0) this.levels[level].add(from, until, sign * value);
  }

  /** Spreads CPU seconds over the time between two instants; negative seconds take that back. */
  use(clock: Clock, from: number, to: number, seconds: number): void {
    if (!(to > from) || seconds === 0) return;
    const rate = (seconds * 1000) / (to - from);
    this.rate.add(from, to, rate);
    this.moment.step(from, rate * (from - clock.base));
    this.moment.step(to, -rate * (to - clock.base));
  }

  /** Whether nothing is held. */
  get isEmpty(): boolean {
    return [...this.levels, this.rate, this.moment].every((line) => line.isFlat);
  }

  /** Takes in all that other lines hold, each change so many ms later. */
  add(other: HostLines, later = 0): void {
    this.levels.forEach((line, level) => line.addSteps(other.levels[level], later));
    this.rate.addSteps(other.rate, later);
    this.moment.addSteps(other.moment, later);
    // A moment is a rate times an instant: where the instant moves, so does the moment.
    if (later !== 0) this.moment.addSteps(other.rate, later, later);
  }
}

/**
 * CPU and levels over time of all tries: lines for each host, for a host's clock may turn out to be
 * ahead when samples of it have been forgotten already.
 */
export class SampleLines {
  /** By host index + 1. */
  #hosts: (HostLines | undefined)[] = [];
  /** What the moments are relative to, where it is not the clock's base. */
  #base = NaN;

  /** Bytes taken. */
  get bytes(): number {
    return this.#all().reduce(
      (sum, { levels, rate, moment }) =>
        [...levels, rate, moment].reduce((more, line) => more + line.bytes, sum),
      0,
    );
  }

  /** The lines of a host; -1 stands for an unknown one. */
  of(host: number): HostLines {
    return this.#hosts[host + 1] ??= new HostLines();
  }

  /** Gives a host empty lines in place of those that it had, which are returned. */
  replace(host: number): HostLines {
    const lines = this.of(host);
    this.#hosts[host + 1] = undefined;
    return lines;
  }

  /** Width in ms of the finest bins that all lines can be read in. */
  get width(): number {
    return this.#all().reduce(
      (most, { levels, rate }) => Math.max(most, rate.width, ...levels.map(({ width }) => width)),
      1,
    );
  }

  /** A level, over all tries. */
  level(level: Level): Steps {
    const place = LEVEL_NAMES.indexOf(level);
    const parts = this.#all().map(({ levels }) => levels[place]);
    return {
      valuesAt: (edges) => sums(edges, parts.map((line) => line.valuesAt(edges))),
      total: parts.reduce((sum, line) => sum + line.total, 0),
    };
  }

  /** CPU time used until each of some edges (naive ms, ascending), in core-ms from any fixed point. */
  usedUntil(clock: Clock, edges: readonly number[]): number[] {
    const base = Number.isNaN(this.#base) ? clock.base : this.#base;
    return sums(
      edges,
      this.#all().map(({ rate, moment }) => {
        const rates = rate.valuesAt(edges);
        const moments = moment.valuesAt(edges);
        return edges.map((edge, i) => (edge - base) * rates[i] - moments[i]);
      }),
    );
  }

  /** All lines as one. */
  pack(clock: Clock): Pick<SampleState, "base" | Level | "rate" | "moment"> {
    const parts = this.#all();
    let [all] = parts;
    if (parts.length !== 1) {
      all = new HostLines(8 * HOST_BINS);
      for (const lines of parts) all.add(lines);
    }
    return {
      base: Number.isNaN(this.#base) ? clock.base : this.#base,
      ...byLevel((_, place) => all.levels[place].pack()),
      rate: all.rate.pack(),
      moment: all.moment.pack(),
    };
  }

  /** Becomes what {@link pack} gave. */
  restore(state: Pick<SampleState, "base" | Level | "rate" | "moment">): void {
    const lines = new HostLines();
    lines.levels.forEach((line, place) => line.restore(state[LEVEL_NAMES[place]]));
    lines.rate.restore(state.rate);
    lines.moment.restore(state.moment);
    this.#hosts = [lines];
    this.#base = state.base;
  }

  #all(): HostLines[] {
    return this.#hosts.filter((lines) => lines !== undefined).filter((lines) => !lines.isEmpty);
  }
}

function sums(edges: readonly number[], lists: number[][]): number[] {
  return edges.map((_, i) => lists.reduce((sum, values) => sum + values[i], 0));
}
