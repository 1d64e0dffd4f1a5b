/** The highest rate of datagrams at which a receiver loses none and keeps up. */
import { type Load, type Outcome, send } from "./load.ts";
import type { Starter } from "./sides.ts";

/** Seconds after the last datagram within which all must be committed. */
export const PATIENCE_S = 3;
/** Attempts at each rate: one that succeeds is enough, for the machine may have been busy. */
const ATTEMPTS = 2;
/** The search ends when what holds and what does not are nearer than this. */
const NEARNESS = 1.12;

/** What the search found. */
export interface Pace {
  /** The highest rate that held, and what became of it; null when none did. */
  rate: number;
  held: Outcome | null;
  /** The lowest rate that did not. */
  broke: { rate: number; outcome: Outcome } | null;
  /** Most datagrams committed per second in any attempt, those that lost some included. */
  best: number;
}

/** Where to look, and how. */
export interface Search {
  name: string;
  start: Starter;
  sender: string;
  load: Load;
  /** The first rate to try; doubled until it does not hold. */
  from: number;
  /** Seconds of sending at each rate. */
  seconds: number;
}

/** Runs one receiver with a database of its own, and removes it. */
export async function withFresh<T>(
  start: Starter,
  use: (side: Awaited<ReturnType<Starter>>) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-bench-" });
  try {
    const side = await start(folder);
    try {
      return await use(side);
    } finally {
      await side.stop();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Looks for the pace of a receiver. */
export async function findPace(search: Search): Promise<Pace> {
  const pace: Pace = { rate: 0, held: null, broke: null, best: 0 };
  for (let rate = search.from;;) {
    const { outcome, holds } = await attempt(search, rate, pace);
    if (holds) {
      pace.rate = rate;
      pace.held = outcome;
    } else {
      pace.broke = { rate, outcome };
    }
    const low = pace.rate;
    const high = pace.broke?.rate ?? Infinity;
    if (high / low < NEARNESS || high < 100) return pace;
    const most = Math.floor(search.load.datagrams / search.seconds);
    if (rate === most && holds) return pace;
    rate = Math.min(most, Math.round(high === Infinity ? low * 2 : middle(low, high)));
  }
}

function middle(low: number, high: number): number {
  return low === 0 ? high / 2 : Math.sqrt(low * high);
}

async function attempt(search: Search, rate: number, pace: Pace) {
  const { name, start, sender, load, seconds } = search;
  for (let n = 1;; n++) {
    const outcome = await withFresh(
      start,
      (side) => send(sender, side, load, Math.round(rate * seconds), rate),
    );
    pace.best = Math.max(pace.best, outcome.pace);
    const holds = outcome.lost === 0 && outcome.lag <= PATIENCE_S;
    console.error(
      `  ${name} at ${rate}/s: ${outcome.lost} of ${outcome.sent} lost, last commit after ` +
        `${outcome.lag.toFixed(1)} s, ${Math.round(outcome.pace)} committed per second`,
    );
    if (holds || n === ATTEMPTS) return { outcome, holds };
  }
}
