import { JITTER_MS } from "../run/host_clocks.ts";
import type { Run } from "../run/run.ts";
import { isTorn, type SetBack, touchesDaylightHour } from "../run/set_back.ts";
import { memo } from "./memo.ts";

/** A difference of two stamps in ms: a little less than nothing is nothing, more is unknown (NaN). */
export function spanMs(ms: number): number {
  return ms < 0 ? ms < -JITTER_MS ? NaN : 0 : ms;
}

/**
 * Time a try spent on a worker in ms; NaN if it never ran, has not ended, or cannot be told. Both
 * stamps are of the worker's clock where it told of the end.
 */
export function runMs(run: Run, attempt: number): number {
  const from = run.tryRunning.data[attempt];
  const to = run.tryEnded.data[attempt];
  const ms = spanMs(to - from);
  return run.setBack === null || !isTorn(run.setBack, from, to) ? ms : NaN;
}

/**
 * Time a try waited between launch and start in ms; NaN if unknown. It lies between two clocks: where
 * what is known of a host's clock contradicts itself, it cannot be told.
 */
export function queueMs(run: Run, attempt: number): number {
  const from = run.tryLaunched.data[attempt];
  const to = run.tryRunning.data[attempt];
  const ms = spanMs(to - from);
  if (ms !== ms || run.tries.clocks.contradicts(run.tryHost.data[attempt])) return NaN;
  return run.setBack === null || !isTorn(run.setBack, from, to) ? ms : NaN;
}

/** {@link runMs}, null where unknown. */
export function runTime(run: Run, attempt: number): number | null {
  return orNull(runMs(run, attempt));
}

/** {@link queueMs}, null where unknown. */
export function queueTime(run: Run, attempt: number): number | null {
  return orNull(queueMs(run, attempt));
}

function orNull(ms: number): number | null {
  return Number.isNaN(ms) ? null : ms;
}

/** What is known of the submit host's clock being set back during a run; null when nothing is. */
export function setBackOf(run: Run): SetBack | null {
  return memo(run, "set back", () => {
    // What no task itself shows, those that wait for others may: only worth a look in some nights.
    if (run.setBack === null && touchesDaylightHour(run.firstTime, run.lastTime)) {
      run.lookForSetBack();
    }
    return run.setBack;
  });
}

/**
 * How long a run has taken so far, in ms; null when the clock was set back meanwhile by more than a
 * hundredth of that, or when it ends before it begins.
 */
export function runDuration(run: Run): number | null {
  const { workflow } = run;
  if (workflow.completed !== null && workflow.completed < run.began) return null;
  const ms = run.end - run.began;
  const setBack = setBackOf(run);
  return setBack !== null && (setBack.daylight || setBack.by > ms / 100) ? null : ms;
}
