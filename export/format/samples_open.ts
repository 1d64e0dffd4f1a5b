/** Opens what samples told. */
import { byLevel } from "../../model/run/levels.ts";
import type { SampleState } from "../../model/run/sample_state.ts";
import type { TimelineState } from "../../model/run/step_line.ts";
import { type Fetch, ints, reals } from "./column_open.ts";
import type { LineHeader, SamplesHeader } from "./header.ts";

/** The figures of tries and the timelines, bit by bit as they were packed. */
export function openSamples(header: SamplesHeader, fetch: Fetch): SampleState {
  const { tries } = header;
  const tryCount = ints(header.tryCount, tries, fetch);
  const hasCpu = ints(header.hasCpu, tries, fetch);
  const peaks = reals(header.tryPeak, positive(tryCount), fetch);
  const below = reals(header.tryBelow, peaks.length, fetch);
  const cpu = reals(header.tryCpu, positive(hasCpu), fetch);
  const tryPeak = new Float64Array(tries).fill(NaN);
  const trySum = new Float64Array(tries);
  const tryCpu = new Float64Array(tries).fill(NaN);
  for (let i = 0, peak = 0, used = 0; i < tries; i++) {
    if (tryCount[i] > 0) {
      tryPeak[i] = peaks[peak];
      trySum[i] = peaks[peak] * tryCount[i] - below[peak++];
    }
    if (hasCpu[i] === 1) tryCpu[i] = cpu[used++];
  }
  const line = ({ width, first, n, steps }: LineHeader): TimelineState => ({
    width,
    first,
    steps: reals(steps, n, fetch),
  });
  return {
    count: header.count,
    misplaced: header.misplaced,
    peak: header.peak ?? NaN,
    gaps: header.gaps,
    base: header.base,
    first: header.first,
    last: header.last,
    taskId: ints(header.taskId, tries, fetch),
    tryId: ints(header.tryId, tries, fetch),
    tryPeak,
    trySum,
    tryCount,
    tryCpu,
    ...byLevel((level) => {
      const known = header[level];
      // A report that was made before there was this level does not have it.
      return known ? line(known) : { width: 1, first: 0, steps: new Float64Array() };
    }),
    rate: line(header.rate),
    moment: line(header.moment),
  };
}

function positive(values: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > 0) count++;
  return count;
}
