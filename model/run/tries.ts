import type { Clock } from "./clock.ts";
import { Floats, Ints, SmallInts } from "./columns.ts";
import { cutOff, HostClocks, JITTER_MS } from "./host_clocks.ts";
import type { LevelValues } from "./levels.ts";
import type { HostLines } from "./sample_lines.ts";
import type { Samples } from "./samples.ts";
import { NOBODY, type TryWatcher } from "./try_watcher.ts";

/** Who told of a try's end, and whether it failed, as bits. */
const WORKER = 1;
const FAILED = 2;

/**
 * The tries of a run, in columns by an index in the order in which they first appeared.
 *
 * `running` and, where the worker told of it, `ended` carry the worker's clock. Both are held as
 * naive ms of the submit host's clock: the host's stamps are taken back by what {@link HostClocks}
 * estimates its clock to be ahead, always by whole ms, so that the time between two stamps of one
 * clock stays what it is. The estimate grows with the tries; {@link settle} brings all in line.
 */
export class Tries {
  readonly task = new Ints();
  readonly number = new SmallInts();
  /** The try of the same task with the next lower number; -1 for the first. */
  readonly prev = new Ints();
  /** By task: its try with the highest number; from there on, `prev` goes down. */
  readonly lastOf = new Ints();
  /** Index into the run's names; -1 while unknown. */
  readonly host = new SmallInts();
  readonly launched = new Floats();
  readonly running = new Floats();
  /** When the worker finished; where it did not say, the earliest later sign that it had. */
  readonly ended = new Floats();
  readonly clocks = new HostClocks();
  readonly samples: Samples;
  clock: Clock;
  readonly #told = new SmallInts();
  /** Of hosts whose bounds contradict each other: what a try's own bounds allow. */
  readonly #own = new Map<number, number>();
  readonly #watcher: TryWatcher;
  #rows = 0;

  constructor(clock: Clock, samples: Samples, watcher: TryWatcher = NOBODY) {
    this.clock = clock;
    this.samples = samples;
    this.#watcher = watcher;
  }

  get length(): number {
    return this.task.length;
  }

  /** Bytes taken, without the samples. */
  get bytes(): number {
    const columns = [this.task, this.number, this.prev, this.lastOf, this.host, this.launched];
    return [...columns, this.running, this.ended, this.#told, this.clocks]
      .reduce((sum, column) => sum + column.bytes, 48 * this.#own.size);
  }

  /** Makes room for one more task. */
  addTask(): void {
    this.lastOf.push(-1);
  }

  /** The index of a try of a task, given one if new. */
  of(task: number, number: number): number {
    let above = -1;
    let below = this.lastOf.data[task];
    while (below >= 0 && this.number.data[below] >= number) {
      if (this.number.data[below] === number) return below;
      above = below;
      below = this.prev.data[below];
    }
    const attempt = this.length;
    this.task.push(task);
    this.number.push(number);
    this.prev.push(below);
    if (above < 0) this.lastOf.data[task] = attempt;
    else this.prev.data[above] = attempt;
    this.host.push(-1);
    this.launched.push(null);
    this.running.push(null);
    this.ended.push(null);
    this.#told.push(0);
    this.samples.addTry();
    return attempt;
  }

  /** Whether the worker itself told of a try's end. */
  isEndedByWorker(attempt: number): boolean {
    return (this.#told.data[attempt] & WORKER) !== 0;
  }

  /** By how many ms the worker's stamps of a try were taken back. */
  shiftOf(attempt: number): number {
    if (this.#own.size > 0) {
      const own = this.#own.get(attempt);
      if (own !== undefined) return own;
    }
    return this.clocks.shiftOf(this.host.data[attempt]);
  }

  #setHost(attempt: number, host: number): void {
    const before = this.host.data[attempt];
    if (before === host) return;
    const shift = this.shiftOf(attempt);
    this.host.set(attempt, host);
    this.#own.delete(attempt);
    const { lines } = this.samples;
    this.#move(attempt, this.clocks.shiftOf(host) - shift, lines.of(before), lines.of(host));
    const { running } = this;
    if (!Number.isNaN(running.data[attempt])) {
      this.clocks.see(host, running.data[attempt] + this.shiftOf(attempt));
      if (this.isEndedByWorker(attempt)) this.clocks.see(host, this.#endedByHost(attempt));
    }
    this.#boundStart(attempt);
  }

  /**
   * Takes in what a row tells of a try, naive ms; null where it tells nothing.
   *
   * @param host index into the run's names; -1 where unknown
   */
  stamp(
    attempt: number,
    host: number,
    times: Record<"launched" | "running" | "returned", number | null>,
    failed: boolean,
  ): void {
    const { launched, running, returned } = times;
    if (host >= 0) {
      if (running !== null) {
        if (launched !== null) this.clocks.atMost(host, running + cutOff(running) - launched);
        if (returned !== null && !failed && isInOrder(launched ?? NaN, returned)) {
          this.clocks.atLeast(host, running - returned - cutOff(returned));
        }
        this.clocks.adopt(host);
      }
      this.#setHost(attempt, host);
    }
    if (launched !== null) this.#launch(attempt, launched);
    if (running !== null) this.start(attempt, running);
    if (returned !== null) this.return(attempt, returned, failed);
  }

  #launch(attempt: number, time: number): void {
    this.launched.data[attempt] = time;
    this.#boundStart(attempt);
  }

  /** Takes in when a try began, by its worker's clock, naive ms; the earliest such time counts. */
  start(attempt: number, time: number): void {
    this.clocks.see(this.host.data[attempt], time);
    const placed = time - this.shiftOf(attempt);
    if (this.running.data[attempt] <= placed) return;
    this.#watcher.leave(attempt);
    this.running.data[attempt] = placed;
    this.#watcher.enter(attempt);
    this.#boundStart(attempt);
  }

  /** Takes in when a try ended, by its worker's clock, naive ms; the earliest such time counts. */
  finish(attempt: number, time: number): void {
    const host = this.host.data[attempt];
    this.clocks.see(host, time);
    const known = this.ended.data[attempt];
    const told = this.#told.data[attempt];
    const placed = time - this.shiftOf(attempt);
    if (told & WORKER) {
      if (known <= placed) return;
    } else if (!(told & FAILED)) this.clocks.atLeast(host, time - known - cutOff(known));
    this.#end(attempt, placed, told | WORKER);
  }

  /**
   * Takes in when the submit host heard of a try's end, naive ms; the earliest such time counts. One
   * that failed may have been given up while its worker went on, so it tells nothing of clocks.
   */
  return(attempt: number, time: number, failed: boolean): void {
    const known = this.ended.data[attempt];
    if (failed) this.#told.data[attempt] |= FAILED;
    const told = this.#told.data[attempt];
    if (told & WORKER) {
      if (!(told & FAILED)) {
        this.clocks.atLeast(
          this.host.data[attempt],
          this.#endedByHost(attempt) - time - cutOff(time),
        );
      }
      return;
    }
    if (known <= time) return;
    this.#end(attempt, time, told);
    this.#boundStart(attempt);
  }

  /** Takes in a sample of a try: worker's clock, naive ms; CPU seconds, null where unknown. */
  sample(attempt: number, time: number, cpu: number | null, levels: LevelValues): void {
    const host = this.host.data[attempt];
    this.clocks.see(host, time);
    const placed = time - this.shiftOf(attempt);
    this.samples.add(this.clock, host, attempt, placed, cpu, levels, this.ended.data[attempt]);
  }

  /**
   * Places all stamps by the estimates as they are now. Takes time in proportion to the tries only
   * when an estimate has changed; `force` says that it must not wait for more rows to come. True when
   * any try was moved.
   */
  settle(rows: number, force = false): boolean {
    this.#rows += rows;
    if (!this.clocks.isDue || !(force || this.#rows * 16 >= this.length)) return false;
    this.#rows = 0;
    const moved = this.clocks.moved();
    const changed = this.clocks.settle();
    const torn = new Set([...moved].filter((host) => this.clocks.contradicts(host)));
    if (changed.size === 0 && torn.size === 0) return false;
    const { lines } = this.samples;
    const before = new Map([...changed.keys()].map((host) => [host, lines.replace(host)]));
    for (let attempt = 0; attempt < this.length; attempt++) {
      const host = this.host.data[attempt];
      const from = before.get(host);
      if (torn.has(host)) {
        this.#moveAlone(attempt, changed.get(host) ?? 0, from ?? lines.of(host), lines.of(host));
      } else if (from) this.#move(attempt, changed.get(host)!, from, lines.of(host));
    }
    // What is left is of samples that have been forgotten.
    for (const [host, rest] of before) lines.of(host).add(rest, -changed.get(host)!);
    return true;
  }

  /** A try's end by its host's own clock; NaN when it has not ended. */
  #endedByHost(attempt: number): number {
    return this.ended.data[attempt] + this.shiftOf(attempt);
  }

  #boundStart(attempt: number): void {
    const running = this.running.data[attempt] + this.shiftOf(attempt);
    const host = this.host.data[attempt];
    const most = running + cutOff(running) - this.launched.data[attempt];
    if (!Number.isNaN(most)) this.clocks.atMost(host, most);
    if (this.#told.data[attempt] !== 0) return;
    const ended = this.ended.data[attempt];
    const least = running - ended - cutOff(ended);
    if (!Number.isNaN(least) && isInOrder(this.launched.data[attempt], ended)) {
      this.clocks.atLeast(host, least);
    }
  }

  #end(attempt: number, time: number, told: number): void {
    const host = this.host.data[attempt];
    this.samples.tail(this.clock, host, attempt, this.ended.data[attempt], -1);
    this.#watcher.leave(attempt);
    this.ended.data[attempt] = time;
    this.#told.data[attempt] = told;
    this.#watcher.enter(attempt);
    this.samples.tail(this.clock, host, attempt, time, 1);
  }

  /** Takes the worker's stamps of a try back by so many ms more. */
  #move(attempt: number, by: number, from: HostLines, to: HostLines): void {
    if (by === 0 && from === to) return;
    const byWorker = this.isEndedByWorker(attempt);
    const before = this.ended.data[attempt];
    const after = byWorker ? before - by : before;
    this.samples.move(this.clock, attempt, from, to, by, before, after);
    if (by === 0 || (Number.isNaN(this.running.data[attempt]) && !byWorker)) return;
    this.#watcher.leave(attempt);
    this.running.data[attempt] -= by;
    this.ended.data[attempt] = after;
    this.#watcher.enter(attempt);
    this.#watcher.moved(attempt);
  }

  /** Places a try of a host whose clock was set: as near to the host's shift as its bounds allow. */
  #moveAlone(attempt: number, by: number, from: HostLines, to: HostLines): void {
    const host = this.host.data[attempt];
    const before = this.#own.get(attempt) ?? this.clocks.shiftOf(host) - by;
    const running = this.running.data[attempt] + before;
    const most = running - this.launched.data[attempt];
    const least = this.isEndedByWorker(attempt)
      ? this.ended.data[attempt] + before - this.#watcher.returned(attempt)
      : running - this.ended.data[attempt];
    let shift = this.clocks.shiftOf(host);
    if (shift < least) shift = Math.ceil(least);
    if (shift > most) shift = Math.floor(most);
    this.#own.set(attempt, shift);
    this.#move(attempt, shift - before, from, to);
  }
}

/** Whether the submit host's clock was not set back between a try's launch and its return. */
function isInOrder(launched: number, returned: number): boolean {
  return !(returned < launched - JITTER_MS);
}
