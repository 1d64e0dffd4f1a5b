/**
 * Naive times cannot tell the two passes of the hour in which daylight saving ends: a clock that was
 * set back shows as a later event with an earlier stamp of the same clock.
 */

/** Stamps of one clock may be out of order by this many ms without meaning anything. */
const LEAST_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A clock that was set back: an instant between two stamps is not known any more. */
export interface SetBack {
  /** The stretch of naive time, ms, that was passed twice, as far as is known. */
  from: number;
  to: number;
  /** By at least so many ms. */
  by: number;
  /** Whether it is the hour in which daylight saving may have ended. */
  daylight: boolean;
}

/** Looks for a clock that was set back, in pairs of stamps whose order is known. */
export class SetBackWatch {
  found: SetBack | null = null;

  /** Takes in two stamps of one clock, naive ms, the first of which was made first. */
  see(first: number, second: number): void {
    if (!(second < first - LEAST_MS)) return;
    const known = this.found;
    const from = Math.min(second, known?.from ?? second);
    const to = Math.max(first, known?.to ?? first);
    const by = Math.max(first - second, known?.by ?? 0);
    const daylight = to - from <= 2 * HOUR_MS && isDaylightHour(from) && isDaylightHour(to - 1);
    this.found = { from, to, by, daylight };
  }
}

/** Whether clocks are set back at such an hour: the night to a Sunday, until four. Naive ms. */
export function isDaylightHour(time: number): boolean {
  const day = new Date(time).getUTCDay();
  const hour = Math.floor((((time % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS);
  return (day === 0 && hour < 4) || (day === 6 && hour === 23);
}

/** Whether a stretch of naive time overlaps such an hour. */
export function touchesDaylightHour(from: number, to: number): boolean {
  if (to - from >= 7 * DAY_MS) return true;
  for (let time = Math.floor(from / HOUR_MS) * HOUR_MS; time <= to; time += HOUR_MS) {
    if (isDaylightHour(time)) return true;
  }
  return false;
}

/**
 * Whether the time between two stamps cannot be told, for the clock was set back between them or may
 * have been. Two stamps within the stretch that was passed twice are taken for ones of one pass.
 */
export function isTorn(setBack: SetBack | null, from: number, to: number): boolean {
  if (setBack === null) return false;
  const [low, high] = setBack.daylight
    ? [Math.floor(setBack.from / HOUR_MS) * HOUR_MS, Math.ceil(setBack.to / HOUR_MS) * HOUR_MS]
    : [setBack.from, setBack.to];
  if (from >= high || to < low) return false;
  return !(from >= low && to < high);
}
