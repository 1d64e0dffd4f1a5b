import { type DagPlace, placeOf } from "./dag_place.ts";
import { memo } from "./memo.ts";
import type { Run } from "./run.ts";

/** One task of the critical path; times in ms. */
export interface CriticalStep extends DagPlace {
  taskId: number;
  app: string;
  waiting: number;
  queueing: number;
  running: number;
}

/** What determined how long a run took; `waiting`, `queueing` and `running` add up to `makespan`. */
export interface CriticalPath {
  /** From the beginning of the run to the end of the task that ended last. */
  makespan: number;
  /** In the order in which they ran; of more than 500 those that took longest. */
  steps: CriticalStep[];
  more: number;
  waiting: number;
  queueing: number;
  running: number;
}

const MOST_STEPS = 500;

/**
 * The critical path of a run: from the task that ended last back to a task without dependencies,
 * always to the dependency that ended last, which is what the task had to wait for. A step begins
 * where the one before it ended, the first one with the run, so the steps fill the makespan. Of a
 * step the newest try counts: `waiting` is until it was launched, earlier tries included, `queueing`
 * until it ran on a worker, `running` until it ended. Clocks that disagree are cut to fit.
 */
export function criticalPath(run: Run): CriticalPath {
  return memo(run, "critical path", () => {
    const path = pathBack(run);
    const out: CriticalPath = {
      makespan: 0,
      steps: [],
      more: 0,
      waiting: 0,
      queueing: 0,
      running: 0,
    };
    if (path.length === 0) return out;
    const took = new Float64Array(path.length);
    const marks = new Float64Array(path.length * 4);
    let end = endOf(run, path[0]);
    const last = end;
    for (let i = 0; i < path.length; i++) {
      const before = i + 1 < path.length ? endOf(run, path[i + 1]) : run.began;
      const from = Math.min(end, before);
      const { launched, running } = startOf(run, path[i]);
      const left = within(launched, from, end);
      const began = within(running, left, end);
      marks.set([from, left, began, end], i * 4);
      took[i] = end - from;
      out.waiting += left - from;
      out.queueing += began - left;
      out.running += end - began;
      end = from;
    }
    out.makespan = last - end;
    out.more = Math.max(0, path.length - MOST_STEPS);
    const shown = [...longest(took, MOST_STEPS)].sort((a, b) => b - a);
    out.steps = shown.map((i): CriticalStep => ({
      taskId: run.taskId.data[path[i]],
      app: run.apps.at(run.taskApp.data[path[i]]) ?? "unknown",
      ...placeOf(run, path[i]),
      waiting: marks[i * 4 + 1] - marks[i * 4],
      queueing: marks[i * 4 + 2] - marks[i * 4 + 1],
      running: marks[i * 4 + 3] - marks[i * 4 + 2],
    }));
    return out;
  });
}

/** The tasks of the path by index, the last one first. */
function pathBack(run: Run): number[] {
  const isLater = (a: number, b: number) => {
    const later = endOf(run, a) - endOf(run, b);
    return later > 0 || (later === 0 && run.taskId.data[a] < run.taskId.data[b]);
  };
  let last = -1;
  for (let task = 0; task < run.tasks; task++) {
    if (Number.isNaN(endOf(run, task))) continue;
    if (last < 0 || isLater(task, last)) last = task;
  }
  const path: number[] = [];
  const seen = new Uint8Array(run.tasks);
  while (last >= 0) {
    path.push(last);
    seen[last] = 1;
    let next = -1;
    for (const id of run.dependenciesOf(last)) {
      const task = run.indexOf(id);
      if (task === undefined || seen[task] === 1 || Number.isNaN(endOf(run, task))) continue;
      if (next < 0 || isLater(task, next)) next = task;
    }
    last = next;
  }
  return path;
}

/** When a task ended: its newest try, or a join with what it waited for. NaN is not known. */
function endOf(run: Run, task: number): number {
  const returned = run.taskReturned.data[task];
  const attempt = run.taskLastTry.data[task];
  if (attempt < 0) return returned;
  const ended = run.tryEnded.data[attempt];
  if (Number.isNaN(ended) || (run.isInternal(attempt) && returned > ended)) return returned;
  return ended;
}

function startOf(run: Run, task: number): { launched: number; running: number } {
  const attempt = run.taskLastTry.data[task];
  if (attempt < 0) return { launched: NaN, running: NaN };
  return { launched: run.tryLaunched.data[attempt], running: run.tryRunning.data[attempt] };
}

/** A time within two others; what is not known is as late as can be. */
function within(time: number, from: number, to: number): number {
  return Number.isNaN(time) ? to : Math.min(to, Math.max(from, time));
}

/** The places of the greatest values, at most so many; of equal ones the first. */
function longest(values: Float64Array, most: number): Iterable<number> {
  if (values.length <= most) return values.keys();
  const least = values.toSorted()[values.length - most];
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) if (values[i] > least) found.push(i);
  for (let i = 0; i < values.length && found.length < most; i++) {
    if (values[i] === least) found.push(i);
  }
  return found;
}
