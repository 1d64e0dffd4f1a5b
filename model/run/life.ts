import type { Clock } from "./clock.ts";
import { Ints, SmallInts, type Strings } from "./columns.ts";
import { isStampedByWorker, stateRank } from "../../parsl/states.ts";
import { Timeline } from "./step_line.ts";

const RUNNING = stateRank("running");

/**
 * The changes of state of all tasks, ten bytes each, and how many tasks were in each state over
 * time. A task's events are a chain in the order of its life, the newest first: by try, then by
 * place in the life cycle, then by time.
 */
export class Life {
  /** Per task: its newest event; -1 before the first. */
  readonly newest = new Ints();
  /** Per event: the one before it in the task's life. */
  readonly before = new Ints();
  readonly tick = new Ints();
  readonly state = new SmallInts();
  readonly tryNumber = new SmallInts();
  /** Per state: how many tasks were in it; none for a state that no event names. */
  lines: (Timeline | undefined)[] = [];
  readonly #states: Strings;
  readonly #ranks: number[] = [];

  constructor(states: Strings) {
    this.#states = states;
  }

  /** Bytes taken. */
  get bytes(): number {
    return [this.newest, this.before, this.tick, this.state, this.tryNumber, ...this.lines]
      .reduce((sum, part) => sum + (part?.bytes ?? 0), 0);
  }

  /** Takes an event in. True when it is the newest of its task, whose state it then tells. */
  add(clock: Clock, task: number, tryNumber: number, state: number, time: number): boolean {
    while (this.#ranks.length < this.#states.list.length) {
      this.#ranks.push(stateRank(this.#states.list[this.#ranks.length]));
    }
    const tick = clock.tick(time);
    const newest = this.newest.data[task];
    const last = newest < 0 || !this.#isAfter(newest, tryNumber, state, tick);
    const event = this.before.length;
    this.tick.push(tick);
    this.state.push(state);
    this.tryNumber.push(tryNumber);
    if (last && (newest < 0 || tick >= this.tick.data[newest])) {
      this.before.push(newest);
      this.newest.data[task] = event;
      this.#pass(newest, event, clock.timeOf(tick), 1);
      return true;
    }
    this.before.push(-1);
    this.#count(clock, task, -1);
    let after = -1;
    let at = newest;
    while (at >= 0 && this.#isAfter(at, tryNumber, state, tick)) {
      after = at;
      at = this.before.data[at];
    }
    this.before.data[event] = at;
    if (after < 0) this.newest.data[task] = event;
    else this.before.data[after] = event;
    this.#count(clock, task, 1);
    return last;
  }

  /**
   * Places what the worker stamped of a try anew.
   *
   * @param running when it began, naive ms; NaN where no stamp says it
   * @param ended when the worker finished, naive ms; NaN where it did not say
   */
  retime(clock: Clock, task: number, tryNumber: number, running: number, ended: number): void {
    this.#count(clock, task, -1);
    for (let at = this.newest.data[task]; at >= 0; at = this.before.data[at]) {
      if (this.tryNumber.data[at] !== tryNumber) continue;
      const name = this.#states.list[this.state.data[at]];
      if (!isStampedByWorker(name)) continue;
      const time = name === "running" ? running : ended;
      if (!Number.isNaN(time)) this.tick.data[at] = clock.tick(time);
    }
    this.#count(clock, task, 1);
  }

  /** Makes the lines over time anew, no coarser than the events need. */
  redraw(clock: Clock): void {
    this.lines = [];
    for (let task = 0; task < this.newest.length; task++) this.#count(clock, task, 1);
  }

  /** When the submit host heard of a try's end, naive ms; NaN when it has not. */
  returned(clock: Clock, task: number, tryNumber: number): number {
    let tick = Infinity;
    for (let at = this.newest.data[task]; at >= 0; at = this.before.data[at]) {
      if (this.tryNumber.data[at] !== tryNumber) continue;
      const state = this.state.data[at];
      if (this.#ranks[state] <= RUNNING || isStampedByWorker(this.#states.list[state])) continue;
      tick = Math.min(tick, this.tick.data[at]);
    }
    return tick === Infinity ? NaN : clock.timeOf(tick);
  }

  #isAfter(event: number, tryNumber: number, state: number, tick: number): boolean {
    const byTry = this.tryNumber.data[event] - tryNumber;
    if (byTry !== 0) return byTry > 0;
    const known = this.state.data[event];
    const byRank = this.#ranks[known] - this.#ranks[state];
    if (byRank !== 0) return byRank > 0;
    const later = this.tick.data[event] - tick;
    return later !== 0 ? later > 0 : known > state;
  }

  /** Adds a task to the timelines or takes it out of them. */
  #count(clock: Clock, task: number, sign: 1 | -1): void {
    let tick = Infinity;
    for (let at = this.newest.data[task]; at >= 0; at = this.before.data[at]) {
      tick = Math.min(tick, this.tick.data[at]);
      this.#pass(this.before.data[at], at, clock.timeOf(tick), sign);
    }
  }

  /** A task passes from one event's state to the next one's. */
  #pass(from: number, to: number, time: number, sign: 1 | -1): void {
    this.#lineOf(to).step(time, sign);
    if (from >= 0) this.#lineOf(from).step(time, -sign);
  }

  #lineOf(event: number): Timeline {
    return this.lines[this.state.data[event]] ??= new Timeline();
  }
}
