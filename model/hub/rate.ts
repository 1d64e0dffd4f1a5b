import type { HubSnapshot } from "./accounts.ts";

/** How far back a rate looks, in milliseconds. */
const WINDOW_MS = 60_000;

/** What a rate needs of a snapshot. */
export interface Sample {
  /** Epoch milliseconds by the hub's clock. */
  at: number;
  /** When the hub started: counts of another start cannot be compared. */
  started: number;
  received: number;
  written: number;
}

/** Messages per second; null until two samples are there. */
export interface Rates {
  received: number | null;
  written: number | null;
  /** Milliseconds that the rates are the mean of. */
  over: number;
}

/** The sample of a snapshot. */
export function sampleOf({ at, accounts }: HubSnapshot): Sample {
  const { decoded, written } = accounts.messages;
  return { at, started: accounts.started, received: decoded, written };
}

/**
 * The samples with one more. What is older than a minute is left out, and all of them when the hub
 * was started anew or its clock went back.
 */
export function withSample(samples: readonly Sample[], next: Sample): Sample[] {
  const last = samples.at(-1);
  if (last && (last.started !== next.started || last.at > next.at)) return [next];
  if (last?.at === next.at) return [...samples];
  return [...samples.filter((s) => next.at - s.at <= WINDOW_MS), next];
}

/** The mean rates from the first sample to the last. */
export function rates(samples: readonly Sample[]): Rates {
  const first = samples[0];
  const last = samples.at(-1);
  if (!last || last === first) return { received: null, written: null, over: 0 };
  const over = last.at - first.at;
  return {
    received: (last.received - first.received) / over * 1000,
    written: (last.written - first.written) / over * 1000,
    over,
  };
}
