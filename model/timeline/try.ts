import { queueTime, runTime } from "../figures/figures.ts";
import { firstAfter } from "./bars.ts";
import { stateOfTry } from "../figures/try_state.ts";
import type { Lanes } from "./lanes.ts";
import { type WorkerName, workerName } from "../run/own_rows.ts";
import type { Run } from "../run/run.ts";
import { endOf, onWorker } from "../figures/series.ts";

/** A try on the timeline. Times naive ms, durations ms; null is unknown. */
export interface LaneTry {
  taskId: number;
  app: string;
  state: string;
  /** Its number, from 0, and how many its task has. */
  number: number;
  tries: number;
  host: string | null;
  executor: string | null;
  /** Who ran it, where that is known. */
  worker: WorkerName | null;
  began: number;
  ended: number | null;
  /** Between its launch and its start. */
  queued: number | null;
  duration: number | null;
  /** Other tries of the lane between the same instants. */
  others: number;
}

/** Where a task ran. */
export interface TaskOnLanes {
  taskId: number;
  lane: number;
  /** Of its newest try that ran, naive ms. */
  began: number;
  ended: number;
}

/** The longest try of a lane between two instants; null when there is none. */
export function tryBetween(
  run: Run,
  lanes: Lanes,
  lane: number,
  from: number,
  to: number,
): LaneTry | null {
  if (!(lane >= 0 && lane < lanes.count)) return null;
  let longest = -1;
  let most = -1;
  let others = -1;
  for (let at = firstAfter(run, lanes, lane, from); at < lanes.offsets[lane + 1]; at++) {
    const attempt = lanes.tries[at];
    const start = run.tryRunning.data[attempt];
    if (start > to) break;
    others++;
    const time = endOf(run, attempt) - start;
    if (time <= most) continue;
    most = time;
    longest = attempt;
  }
  return longest < 0 ? null : tryOf(run, longest, others);
}

function tryOf(run: Run, attempt: number, others: number): LaneTry {
  const task = run.tryTask.data[attempt];
  return {
    taskId: run.taskId.data[task],
    app: run.appOf(task),
    state: run.states.at(stateOfTry(run, attempt)) ?? "unknown",
    number: run.tryNumber.data[attempt],
    tries: run.taskTries.data[task],
    host: run.names.at(run.tryHost.data[attempt]),
    executor: run.names.at(run.tryExecutor.data[attempt]),
    worker: nameOfWorker(run, attempt),
    began: run.tryRunning.data[attempt],
    ended: run.tryEnded.get(attempt),
    queued: queueTime(run, attempt),
    duration: runTime(run, attempt),
    others,
  };
}

function nameOfWorker(run: Run, attempt: number): WorkerName | null {
  const worker = run.workers.of(attempt);
  return worker && workerName(worker);
}

/** Where a task is on the timeline, by its index in the run; null when it never ran on a worker. */
export function taskOnLanes(run: Run, lanes: Lanes, task: number): TaskOnLanes | null {
  for (
    let attempt = run.taskLastTry.data[task];
    attempt >= 0;
    attempt = run.tryPrev.data[attempt]
  ) {
    const place = onWorker(run, attempt) ? lanes.tries.indexOf(attempt) : -1;
    if (place < 0) continue;
    return {
      taskId: run.taskId.data[task],
      lane: laneAt(lanes.offsets, place),
      began: run.tryRunning.data[attempt],
      ended: endOf(run, attempt),
    };
  }
  return null;
}

/** The lane whose tries have this place among them. */
function laneAt(offsets: Int32Array, place: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle + 1] <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}
