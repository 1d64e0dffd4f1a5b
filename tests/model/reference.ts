// Figures of a run in the plainest way, for comparison.

import { endOf, onWorker } from "../../model/figures/series.ts";
import type { Run } from "../../model/run/run.ts";

/** A change of a task's state. */
export interface TaskEvent {
  /** Index into the run's states. */
  state: number;
  try: number;
  /** Naive ms. */
  time: number;
}

/** The events of a task in the order of its life, none later than the one that follows it. */
export function orderedEvents({ life, clock }: Run, task: number): TaskEvent[] {
  const events: TaskEvent[] = [];
  let latest = Infinity;
  for (let at = life.newest.data[task]; at >= 0; at = life.before.data[at]) {
    latest = Math.min(latest, clock.timeOf(life.tick.data[at]));
    events.push({ state: life.state.data[at], try: life.tryNumber.data[at], time: latest });
  }
  return events.reverse();
}

/** When a try occupied a worker, in naive ms; null when it never ran or ran inside Parsl itself. */
export function busyInterval(run: Run, attempt: number): [number, number] | null {
  return onWorker(run, attempt) ? [run.tryRunning.data[attempt], endOf(run, attempt)] : null;
}

/** Number of tries on workers at given instants (naive ms), from every try: O(tries). */
export function busyAt(run: Run, instants: number[]): number[] {
  const counts = instants.map(() => 0);
  for (let attempt = 0; attempt < run.tryTask.length; attempt++) {
    const interval = busyInterval(run, attempt);
    if (!interval) continue;
    instants.forEach((t, i) => {
      if (interval[0] <= t && t < interval[1]) counts[i]++;
    });
  }
  return counts;
}
