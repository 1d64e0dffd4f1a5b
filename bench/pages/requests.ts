/** How long pages take to be answered. */

/** What came of one request, or of several: then the time is their median. */
export interface Measure {
  /** Milliseconds until the last byte; null when it did not come before the cap. */
  time: number | null;
  /** 0 when there was no answer. */
  status: number;
  bytes: number;
  /** Why there was no answer, when it was not the cap. */
  failure?: string;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One request; `cap` in milliseconds. */
export async function request(url: string, cap: number): Promise<Measure> {
  const start = performance.now();
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(cap) });
    const body = await response.arrayBuffer();
    const time = performance.now() - start;
    return { time, status: response.status, bytes: body.byteLength };
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    const none = { time: null, status: 0, bytes: 0 };
    return late ? none : { ...none, failure: "connection lost" };
  }
}

/**
 * The median of the requests; a failure or a time-out ends the row.
 *
 * @param patience no new request is begun when they took longer together, in milliseconds
 */
export async function measure(
  one: () => Promise<Measure>,
  requests: number,
  patience = Infinity,
): Promise<Measure> {
  const times: number[] = [];
  const start = performance.now();
  let last: Measure = { time: null, status: 0, bytes: 0 };
  for (let n = 0; n < requests; n++) {
    last = await one();
    if (last.time === null || last.status !== 200) return last;
    times.push(last.time);
    if (performance.now() - start > patience) break;
  }
  return { ...last, time: median(times) };
}

/** Milliseconds for people; an infinite time is `never`. */
export function shownTime(time: number): string {
  if (!Number.isFinite(time)) return "never";
  if (time >= 10_000) return `${(time / 1000).toFixed(1)} s`;
  return time >= 1000 ? `${(time / 1000).toFixed(2)} s` : `${time.toFixed(1)} ms`;
}

/** A measure for people; `–` for none. */
export function shown(result: Measure | undefined, cap: number): string {
  if (result === undefined) return "–";
  if (result.failure !== undefined) return result.failure;
  if (result.time === null) return `> ${cap / 1000} s`;
  const time = shownTime(result.time);
  return result.status === 200 ? time : `${result.status} after ${time}`;
}

/** How many times longer theirs took; `–` when that cannot be said. */
export function slower(
  ours: Measure | undefined,
  theirs: Measure | undefined,
  cap: number,
): string {
  if (ours === undefined || theirs === undefined || theirs.failure !== undefined) return "–";
  if (ours.time === null || ours.status !== 200) return "–";
  if (theirs.time === null) return `> ${Math.floor(cap / ours.time)}×`;
  if (theirs.status !== 200) return "–";
  const value = theirs.time / ours.time;
  return `${value >= 10 ? Math.round(value) : value.toFixed(1)}×`;
}
