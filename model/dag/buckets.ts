/**
 * The bytes by which the cells of the DAG's grids tell what they are coloured by: how each is made of
 * a task, and what it means. `cells.ts` writes them, `picture/dag/` reads them.
 */

/** Of a duration that is not known; of a task that never ran: no host, no try. */
export const NO_BUCKET = 255;
/** Of a host that has no colour of its own. */
export const OTHER_HOST = 254;
/** In place of a byte that has not come yet: no duration, host or number of tries has it. */
export const NOT_YET = 253;

/** The most hosts that have a colour of their own: 0 to 29. */
export const MOST_HOSTS = 30;
/** The most tries that are told apart: 1 to 9. */
export const MOST_TRIES = 9;
/** Durations fall into buckets 0 to 15. */
export const DURATION_BUCKETS = 16;
/** The last of them begins at 2 to this power, in ms. */
const DOUBLINGS = 20;

/** The byte of an app, given by its index in the list of a view's apps. */
export function appByte(app: number): number {
  return app & 255;
}

/** The byte of a number of tries. */
export function triesByte(tries: number): number {
  return tries === 0 ? NO_BUCKET : Math.min(MOST_TRIES, tries);
}

/** The byte of a host, given by its place among those that have a colour; -1 for another. */
export function hostByte(place: number): number {
  return place < 0 ? OTHER_HOST : place;
}

/** The bucket of a duration in ms: 0 up to 2 ms, 15 from 2^20 ms (17 minutes), logarithmic. */
export function durationBucket(ms: number): number {
  if (Number.isNaN(ms)) return NO_BUCKET;
  const doublings = ms >= 2 ** DOUBLINGS ? DOUBLINGS : 31 - Math.clz32(Math.max(1, ms));
  return Math.floor(doublings * (DURATION_BUCKETS - 1) / DOUBLINGS);
}

/** The least duration in a bucket, ms. */
export function leastDuration(bucket: number): number {
  return bucket === 0 ? 0 : 2 ** Math.ceil(bucket * DOUBLINGS / (DURATION_BUCKETS - 1));
}
