/** Words that stand in columns of our own tables. */

/** How a try ended, as its worker saw it, or somebody beside a worker that was killed. */
export const ENDS = ["returned", "raised", "killed"] as const;
export type TryEnd = typeof ENDS[number];
/** Of what totals are: of all of the worker's process, or of the one thread that ran the try. */
export const SCOPES = ["process", "thread"] as const;
/** What a peak of memory is: the system's own, or the largest of samples. */
export const PEAKS = ["exact", "sampled"] as const;
