import { type Stretch, type StretchPart, wayBack } from "./critical_way.ts";
import { type DagPlace, type DagShown, placeOf } from "./task_place.ts";
import { memo } from "../figures/memo.ts";
import type { Run } from "../run/run.ts";
import { runDuration } from "../figures/try_times.ts";

/** One task of the critical path, or a part of a join; times in ms. */
export interface CriticalStep extends DagPlace {
  taskId: number;
  /** Of a join whose tasks are on the path: its "body" before them, or once they were "joined". */
  part: StretchPart;
  app: string;
  waiting: number;
  queueing: number;
  running: number;
}

/** What determined how long a run took; `waiting`, `queueing` and `running` add up to `makespan`. */
export interface CriticalPath {
  /**
   * From the beginning of the run to the end of the task that ended last; null where the clock was
   * set back meanwhile, so that no path can be told.
   */
  makespan: number | null;
  /** In the order in which they ran; of more than 500 those that took longest. */
  steps: CriticalStep[];
  more: number;
  waiting: number;
  queueing: number;
  running: number;
}

const MOST_STEPS = 500;

/**
 * The critical path of a run: from the task that ended last back to what began with the run, see
 * {@link wayBack}. A step begins where the one before it ended, the first one with the run, so the
 * steps fill the makespan. Of a step the newest try counts: `waiting` is until it was launched,
 * earlier tries included, `queueing` until it ran on a worker, `running` until it ended; what a join
 * takes once its tasks have ended is waiting. Clocks that disagree are cut to fit.
 *
 * @param shown how the graph is drawn that the steps' places are in
 */
export function criticalPath(run: Run, shown: DagShown = {}): CriticalPath {
  const { steps, ...totals } = memo(run, "critical path", () => timedPath(run));
  return {
    ...totals,
    steps: steps.map(({ task, ...step }) => ({ ...step, ...placeOf(run, task, shown) })),
  };
}

interface TimedPath extends Omit<CriticalPath, "steps"> {
  steps: (Omit<CriticalStep, keyof DagPlace> & { task: number })[];
}

function timedPath(run: Run): TimedPath {
  const way = wayBack(run);
  const out: TimedPath = { makespan: 0, steps: [], more: 0, waiting: 0, queueing: 0, running: 0 };
  if (way.length === 0) return out;
  if (runDuration(run) === null) return { ...out, makespan: null };
  const took = new Float64Array(way.length);
  const marks = new Float64Array(way.length * 4);
  const last = way[0].end;
  let end = last;
  for (let i = 0; i < way.length; i++) {
    const before = i + 1 < way.length ? way[i + 1].end : run.began;
    const from = Math.min(end, before);
    const { launched, running } = startOf(run, way[i]);
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
  out.more = Math.max(0, way.length - MOST_STEPS);
  const shown = [...longest(took, MOST_STEPS)].sort((a, b) => b - a);
  out.steps = shown.map((i) => ({
    task: way[i].task,
    taskId: run.taskId.data[way[i].task],
    app: run.appOf(way[i].task),
    part: way[i].part,
    waiting: marks[i * 4 + 1] - marks[i * 4],
    queueing: marks[i * 4 + 2] - marks[i * 4 + 1],
    running: marks[i * 4 + 3] - marks[i * 4 + 2],
  }));
  return out;
}

function startOf(run: Run, { task, part }: Stretch): { launched: number; running: number } {
  const attempt = run.taskLastTry.data[task];
  if (attempt < 0 || part === "joined") return { launched: NaN, running: NaN };
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
