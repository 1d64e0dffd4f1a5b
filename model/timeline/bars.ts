import { stateOfTry } from "../figures/try_state.ts";
import type { Lanes } from "./lanes.ts";
import type { Run } from "../run/run.ts";
import { endOf } from "../figures/series.ts";

/** A part of the timeline: naive ms, and lanes. */
export interface BarWindow {
  from: number;
  to: number;
  /** The first lane, and how many. */
  first: number;
  lanes: number;
  /** So many columns of equal width are told apart between `from` and `to`. */
  columns: number;
}

/** Tries that no column tells apart, or one: its edges in columns. */
export interface Bar {
  /** Counted from the first lane of the window. */
  lane: number;
  begin: number;
  end: number;
  /** Index into the run's apps; of several tries that of the longest. */
  app: number;
  /** Index into the run's states: that of the task, of earlier tries that of a retry. */
  state: number;
}

/** What a window may ask for. */
export const MOST_COLUMNS = 8192;
export const MOST_LANES = 1024;

/** Stand for an app and a state that are not known; packed, -1 is the same. */
export const UNKNOWN_APP = 0xffff;
export const UNKNOWN_STATE = 0xff;

const RECORD = 9;
/** Bars up to this many columns run together where they touch. */
const NARROW = 2;

/**
 * The window that numbers by name describe; null when they describe none.
 *
 * @param number gives a number by its name, NaN where there is none
 */
export function barWindow(number: (name: keyof BarWindow) => number): BarWindow | null {
  const window = {
    from: number("from"),
    to: number("to"),
    first: number("first"),
    lanes: number("lanes"),
    columns: number("columns"),
  };
  const within = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  return Number.isFinite(window.to - window.from) && window.to > window.from &&
      within(window.first, 0, Infinity) && within(window.lanes, 1, MOST_LANES) &&
      within(window.columns, 1, MOST_COLUMNS)
    ? window
    : null;
}

/** The bars of a window: a record of nine bytes each, see {@link readBars}. Its size depends on the window alone. */
export function laneBars(run: Run, lanes: Lanes, window: BarWindow): Uint8Array<ArrayBuffer> {
  const out = new BarList();
  const last = Math.min(lanes.count, window.first + window.lanes);
  for (let lane = window.first; lane < last; lane++) addLane(run, lanes, lane, window, out);
  return out.bytes();
}

/** The bars that {@link laneBars} packed. */
export function readBars(bytes: Uint8Array): Bar[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / RECORD) }, (_, n) => {
    const at = n * RECORD;
    return {
      lane: view.getUint16(at, true),
      begin: view.getUint16(at + 2, true),
      end: view.getUint16(at + 4, true),
      app: view.getUint16(at + 6, true),
      state: view.getUint8(at + 8),
    };
  });
}

/** The first try of a lane that ends after an instant, as an index into `lanes.tries`. */
export function firstAfter(
  run: Run,
  { tries, offsets }: Lanes,
  lane: number,
  time: number,
): number {
  let low = offsets[lane];
  let high = offsets[lane + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endOf(run, tries[middle]) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function addLane(run: Run, lanes: Lanes, lane: number, window: BarWindow, out: BarList): void {
  const { from, to, columns } = window;
  const scale = columns / (to - from);
  const end = lanes.offsets[lane + 1];
  /** The longest try of the bar that is being made, ms. */
  let longest = 0;
  let bar: Bar | undefined;
  for (let at = firstAfter(run, lanes, lane, from); at < end; at++) {
    const attempt = lanes.tries[at];
    const start = run.tryRunning.data[attempt];
    const stop = endOf(run, attempt);
    if (start > to) break;
    const first = Math.max(0, Math.min(columns - 1, Math.floor((start - from) * scale)));
    const last = Math.max(first + 1, Math.min(columns, Math.round((stop - from) * scale)));
    const app = run.taskApp.data[run.tryTask.data[attempt]];
    const state = stateOfTry(run, attempt);
    const within = bar && last <= bar.end;
    if (bar && within) {
      // It has no column of its own.
      if (stop - start > longest && bar.end - bar.begin === 1) {
        Object.assign(bar, { app, state });
        longest = stop - start;
      }
      continue;
    }
    const next = {
      lane: lane - window.first,
      begin: Math.max(first, bar?.end ?? 0),
      end: last,
      app,
      state,
    };
    if (bar && runsOn(bar, next)) bar.end = last;
    else {
      if (bar) out.push(bar);
      bar = next;
    }
    longest = stop - start;
  }
  if (bar) out.push(bar);
}

/** Whether two bars look like one. */
function runsOn(bar: Bar, next: Bar): boolean {
  return next.begin === bar.end && next.app === bar.app && next.state === bar.state &&
    next.end - next.begin <= NARROW;
}

/** Bars as they are packed. */
class BarList {
  #view = new DataView(new ArrayBuffer(RECORD * 1024));
  #length = 0;

  push({ lane, begin, end, app, state }: Bar): void {
    if (this.#length === this.#view.byteLength) {
      this.#view = new DataView(this.#view.buffer.transfer(2 * this.#length));
    }
    const at = this.#length;
    this.#view.setUint16(at, lane, true);
    this.#view.setUint16(at + 2, begin, true);
    this.#view.setUint16(at + 4, end, true);
    this.#view.setUint16(at + 6, app < UNKNOWN_APP ? app : UNKNOWN_APP, true);
    this.#view.setUint8(at + 8, state < UNKNOWN_STATE ? state : UNKNOWN_STATE);
    this.#length += RECORD;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#view.buffer, 0, this.#length);
  }
}
