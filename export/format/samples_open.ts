/** Opens what samples told. */
import { byLevel } from "../../model/run/levels.ts";
import type { SampleState } from "../../model/run/sample_state.ts";
import type { TimelineState } from "../../model/run/step_line.ts";
import type { LineHeader, SamplesHeader } from "./header.ts";
import { ints, type Opening, reals } from "./opening.ts";

/** The figures of tries and the timelines, bit by bit as they were packed. */
export function openSamples(header: SamplesHeader, opening: Opening): SampleState {
  const { tries } = header;
  const tryCount = ints(header.tryCount, tries, opening);
  const hasCpu = ints(header.hasCpu, tries, opening);
  const peaks = reals(header.tryPeak, positive(tryCount), opening);
  const below = reals(header.tryBelow, peaks.length, opening);
  const cpu = reals(header.tryCpu, positive(hasCpu), opening);
  opening.room.take(tries * 24);
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
    steps: reals(steps, n, opening),
  });
  return {
    count: header.count,
    misplaced: header.misplaced,
    peak: header.peak ?? NaN,
    gaps: header.gaps,
    base: header.base,
    first: header.first,
    last: header.last,
    taskId: ints(header.taskId, tries, opening),
    tryId: ints(header.tryId, tries, opening),
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
