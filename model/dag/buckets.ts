/** Bytes by which the cells of the DAG's grids tell what they are coloured by. */

/** Of a duration that is not known; of a task that never ran: no host, no try. */
export const NO_BUCKET = 255;
/** Of a host that has no colour of its own. */
export const OTHER_HOST = 254;
/** Durations fall into buckets 0 to 15. */
export const DURATION_BUCKETS = 16;
/** The last of them begins at 2 to this power, in ms. */
export const DOUBLINGS = 20;

/** The bucket of a duration in ms: 0 up to 2 ms, 15 from 2^20 ms (17 minutes), logarithmic. */
export function durationBucket(ms: number): number {
  if (Number.isNaN(ms)) return NO_BUCKET;
  const doublings = ms >= 2 ** DOUBLINGS ? DOUBLINGS : 31 - Math.clz32(Math.max(1, ms));
  return Math.floor(doublings * (DURATION_BUCKETS - 1) / DOUBLINGS);
}
