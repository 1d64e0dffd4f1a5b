import type { Clock } from "./clock.ts";
import { Ints } from "./columns.ts";
import { IdIndex } from "./id_index.ts";
import { LEVEL_NAMES, readLevels } from "./levels.ts";
import { cpuSeconds } from "./measured.ts";
import type { SampleRow } from "./resource_row.ts";
import type { SampleState } from "./sample_state.ts";
import { Samples } from "./samples.ts";
import { Tries } from "./tries.ts";
import type { TryWatcher } from "./try_watcher.ts";
import { isFailed, isStampedByWorker, RETRIED, stateRank } from "../../parsl/states.ts";

const RUNNING = stateRank("running");

/** The executor of what runs inside Parsl itself (joins), on no worker. */
export const INTERNAL_EXECUTOR = "_parsl_internal";

/** What a state says of the try that is in it. */
export interface StateKind {
  /** Its place in the life of a task. */
  rank: number;
  byWorker: boolean;
  /** The try failed, whatever became of its task. */
  failed: boolean;
}

/** What a state of this name says. */
export function stateKind(name: string): StateKind {
  return {
    rank: stateRank(name),
    byWorker: isStampedByWorker(name),
    failed: isFailed(name) || name === RETRIED,
  };
}

/**
 * How rows tell of tries and their samples: of all that a run is folded from, the part that a
 * report's packing must know as well, to put what samples told in the place of samples.
 */
export class TryFold {
  /** By a task's index. */
  readonly taskId = new Ints();
  readonly samples = new Samples();
  readonly tries: Tries;
  readonly #byId = new IdIndex();
  /** Those of the sample at hand. */
  readonly #levels = new Float64Array(LEVEL_NAMES.length);

  constructor(clock: (samples: Samples) => Clock, watcher: TryWatcher) {
    this.tries = new Tries(clock(this.samples), this.samples, watcher);
  }

  /** Bytes taken, without the samples. */
  get bytes(): number {
    return this.taskId.bytes + this.#byId.bytes + this.tries.bytes;
  }

  /** Index of a task by its id; undefined if unknown. */
  indexOf(taskId: number): number | undefined {
    return this.#byId.get(taskId);
  }

  /** Indexes of all tasks in the order of their ids. */
  tasksById(): Uint32Array {
    return this.#byId.ordered();
  }

  /** The index of a task, given one if new: the next after all others. */
  task(taskId: number): number {
    const known = this.#byId.get(taskId);
    if (known !== undefined) return known;
    const index = this.taskId.length;
    this.#byId.set(taskId, index);
    this.taskId.push(taskId);
    this.tries.addTask();
    return index;
  }

  /**
   * Takes in that a try came into a state, and gives the time of that by the submit host's clock,
   * naive ms.
   *
   * @param time by the clock of who stamped it, naive ms
   */
  status(attempt: number, { rank, byWorker, failed }: StateKind, time: number): number {
    const { tries } = this;
    if (!byWorker) {
      if (rank > RUNNING) tries.return(attempt, time, failed);
      return time;
    }
    if (rank === RUNNING) tries.start(attempt, time);
    else tries.finish(attempt, time);
    return time - tries.shiftOf(attempt);
  }

  /** Takes a sample in. Clocks are to be settled before: samples are forgotten. */
  sample(attempt: number, row: SampleRow): void {
    this.tries.sample(attempt, row.time, cpuSeconds(row), readLevels(row, this.#levels));
  }

  /**
   * All that the samples told, the tries in the order of their tasks' ids and their numbers.
   *
   * @param span times of the first and the last sample, naive ms
   */
  sampleState(span: Pick<SampleState, "first" | "last">): SampleState {
    const found: number[] = [];
    const { lastOf, prev, task, number, clock } = this.tries;
    for (const index of this.tasksById()) {
      const own: number[] = [];
      for (let t = lastOf.data[index]; t >= 0; t = prev.data[t]) {
        if (this.samples.has(t)) own.push(t);
      }
      found.push(...own.reverse());
    }
    const attempts = Uint32Array.from(found);
    return {
      ...this.samples.pack(clock, attempts),
      first: span.first,
      last: span.last,
      taskId: Int32Array.from(attempts, (t) => this.taskId.data[task.data[t]]),
      tryId: Int32Array.from(attempts, (t) => number.data[t]),
    };
  }
}
