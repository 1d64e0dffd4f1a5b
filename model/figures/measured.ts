/** Figures of what tries used that say whether the system itself told them, or samples did. */
import type { Measured } from "../run/measured.ts";
import type { Run } from "../run/run.ts";

/** CPU seconds that a try used; see `cpuOf` of `figures.ts`. */
export function tryCpu(run: Run, attempt: number): Measured {
  const { usage } = run.samples;
  return { value: usage.cpu.get(attempt), unit: "seconds", exact: usage.isExact(attempt, "cpu") };
}

/** Highest resident memory of a try, bytes. */
export function tryPeak(run: Run, attempt: number): Measured {
  const { usage } = run.samples;
  return { value: usage.peak.get(attempt), unit: "bytes", exact: usage.isExact(attempt, "peak") };
}

/** CPU seconds of all tries of a task; exact when that of each try that used any is. */
export function taskCpu(run: Run, task: number): Measured {
  const { cpu } = run.samples.usage;
  const sum: Measured = { value: null, unit: "seconds", exact: false };
  let sampled = false;
  for (let t = run.taskLastTry.data[task]; t >= 0; t = run.tryPrev.data[t]) {
    const value = cpu.data[t];
    if (value !== value) {
      // A try that ran and of which nothing is known: the sum is less than it was.
      if (!Number.isNaN(run.tryRunning.data[t])) sampled = true;
      continue;
    }
    sum.value = (sum.value ?? 0) + value;
    if (!run.samples.usage.isExact(t, "cpu")) sampled = true;
  }
  return { ...sum, exact: sum.value !== null && !sampled };
}

/** Highest resident memory of a task's tries, bytes; exact when that of the try that had it is. */
export function taskMemory(run: Run, task: number): Measured {
  let peak: Measured = { value: null, unit: "bytes", exact: false };
  for (let t = run.taskLastTry.data[task]; t >= 0; t = run.tryPrev.data[t]) {
    const of = tryPeak(run, t);
    if (of.value !== null && (peak.value === null || of.value > peak.value)) peak = of;
  }
  return peak;
}

/** In a CSV: whether a figure is exact; null where there is none. */
export function exactness({ value, exact }: Measured): string | null {
  return value === null ? null : exact ? "yes" : "no";
}
