import { type Bar, type BarWindow, MOST_COLUMNS, MOST_LANES } from "../../model/timeline/bars.ts";
import type { TimelineApi } from "./api.ts";

/** Bars, and the part of the timeline that they are of. */
export interface Bars {
  window: BarWindow;
  bars: Bar[];
  /** Of the run that they are of. */
  version: number;
}

/** Rest between two questions, ms: while the view moves, and while the run goes on. */
const PAUSE_MS = 60;
const NEWS_MS = 1000;
/** What is asked for beyond what is seen, on each side, as a share of it. */
const MARGIN = 0.5;
/** Bars that are this much coarser than wanted are asked for again. */
const COARSER = 0.75;

/** The bars that are drawn: asked for anew when what is seen moves beyond them, or the run has news. */
export class BarStore {
  /** What came last; it is drawn until better comes. */
  current: Bars | undefined;
  readonly #api: Pick<TimelineApi, "bars">;
  readonly #changed: () => void;
  readonly #end = new AbortController();
  #wanted: { window: BarWindow; version: number } | undefined;
  #asking = false;
  #askedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param changed called when bars came */
  constructor(api: Pick<TimelineApi, "bars">, changed: () => void) {
    this.#api = api;
    this.#changed = changed;
  }

  /** Says what is seen, and of which version of the run. */
  want(window: BarWindow, version: number): void {
    this.#wanted = { window, version };
    this.#consider();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#end.abort();
  }

  #consider(): void {
    clearTimeout(this.#timer);
    if (this.#asking || !this.#wanted || this.#end.signal.aborted) return;
    const { window, version } = this.#wanted;
    const seen = this.current !== undefined && covers(this.current.window, window);
    if (seen && this.current!.version === version) return;
    const wait = this.#askedAt + (seen ? NEWS_MS : PAUSE_MS) - performance.now();
    this.#timer = setTimeout(() => void this.#ask(), Math.max(0, wait));
  }

  async #ask(): Promise<void> {
    const { window, version } = this.#wanted!;
    this.#asking = true;
    this.#askedAt = performance.now();
    try {
      const around = withMargin(window);
      const bars = await this.#api.bars(around, this.#end.signal);
      this.current = { window: around, bars, version };
      this.#changed();
    } catch {
      // What was there stays; the next move or news asks again.
      this.#wanted = undefined;
    }
    this.#asking = false;
    this.#consider();
  }
}

/** Whether a window holds all of another, as fine. */
function covers(has: BarWindow, wanted: BarWindow): boolean {
  return has.from <= wanted.from && has.to >= wanted.to && has.first <= wanted.first &&
    has.first + has.lanes >= wanted.first + wanted.lanes &&
    fineness(has) >= COARSER * fineness(wanted);
}

function fineness({ from, to, columns }: BarWindow): number {
  return columns / (to - from);
}

function withMargin({ from, to, first, lanes, columns }: BarWindow): BarWindow {
  const time = MARGIN * (to - from);
  const above = Math.ceil(MARGIN * lanes);
  const begin = Math.max(0, first - above);
  return {
    from: from - time,
    to: to + time,
    first: begin,
    lanes: Math.min(MOST_LANES, first + lanes + above - begin),
    columns: Math.min(MOST_COLUMNS, Math.ceil(columns * (1 + 2 * MARGIN))),
  };
}
