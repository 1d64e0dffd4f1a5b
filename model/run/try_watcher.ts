/** What has to know when a try comes to stand elsewhere in time. */
export interface TryWatcher {
  /** Called before and after anything changes that says when a try was on a worker. */
  leave(attempt: number): void;
  enter(attempt: number): void;
  /** Called after the worker's stamps of a try were placed anew. */
  moved(attempt: number): void;
  /** When the submit host heard of a try's end, naive ms; NaN when it did not. */
  returned(attempt: number): number;
}

/** One who need not know. */
export const NOBODY: TryWatcher = { leave() {}, enter() {}, moved() {}, returned: () => NaN };
