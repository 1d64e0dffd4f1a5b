import type { Level } from "./levels.ts";
import type { TimelineState } from "./step_line.ts";

/** What samples told of a run, in place of the samples, each level by its name: {@link Samples} gives and takes it. */
export interface SampleState extends Record<Level, TimelineState> {
  count: number;
  misplaced: number;
  /** Bytes; NaN without. */
  peak: number;
  gaps: number;
  /** Naive ms that the moments are relative to. */
  base: number;
  /** Times of the first and the last sample, naive ms. */
  first: number;
  last: number;
  rate: TimelineState;
  moment: TimelineState;
  /** Of each try with samples: its task's id and its number, and its figures. */
  taskId: ArrayLike<number>;
  tryId: ArrayLike<number>;
  tryPeak: ArrayLike<number>;
  trySum: ArrayLike<number>;
  tryCount: ArrayLike<number>;
  tryCpu: ArrayLike<number>;
}
