import type { Run } from "../run/run.ts";

/** How the tasks of a state stand, as far as failures go. */
export const STANDING = { open: 0, good: 1, failed: 2, notRun: 3 } as const;
export type CauseStanding = (typeof STANDING)[keyof typeof STANDING];

/** In place of a cause: a failure whose text was not recorded. */
export const NOT_RECORDED = -1;

const UNSEEN = -1;
const BEGUN = -2;

/**
 * What failures of other tasks began with: for a task that was not run because of its dependencies,
 * or whose joined tasks failed, the causes of the failed tasks behind it, however many tasks lie
 * between. Each task is looked at once.
 */
export class FailureRoots {
  readonly #run: Run;
  readonly #standing: Uint8Array;
  /** By task the index of its set of causes, or UNSEEN, or BEGUN. */
  readonly #of: Int32Array;
  readonly #sets: (readonly number[])[] = [];
  readonly #index = new Map<string, number>();

  /** @param standing how the tasks of each state stand, by state + 1 */
  constructor(run: Run, standing: Uint8Array) {
    this.#run = run;
    this.#standing = standing;
    this.#of = new Int32Array(run.tasks).fill(UNSEEN);
  }

  /**
   * Indexes of the causes that the failure of a task, by index, began with, in order; -1 is one that
   * was not recorded. Empty when nothing tells.
   */
  of(task: number): readonly number[] {
    const stack = [task];
    while (stack.length > 0) {
      const at = stack[stack.length - 1];
      if (this.#of[at] === UNSEEN) {
        this.#of[at] = BEGUN;
        this.#eachBefore(at, (other) => {
          if (this.#of[other] === UNSEEN) stack.push(other);
        });
      } else {
        if (this.#of[at] === BEGUN) this.#of[at] = this.#setOf(this.#causesOf(at));
        stack.pop();
      }
    }
    return this.#sets[this.#of[task]];
  }

  /** Calls with each task whose failure may be what one failed of. */
  #eachBefore(task: number, call: (other: number) => void): void {
    const run = this.#run;
    const standing = this.#standing[run.taskState.data[task] + 1];
    const own = this.#ownCause(task);
    const ofOthers = own >= 0 && run.causes.rootsOf(own) !== null;
    if (standing !== STANDING.notRun && !ofOthers) return;
    for (const ids of [run.dependenciesOf(task), run.joins.of(task)]) {
      for (let i = 0; i < ids.length; i++) {
        const other = run.indexOf(ids[i]);
        if (other === undefined || other === task) continue;
        if (this.#standing[run.taskState.data[other] + 1] >= STANDING.failed) call(other);
      }
    }
  }

  /** The causes of a task, those before it being known. */
  #causesOf(task: number): readonly number[] {
    const { causes, taskState } = this.#run;
    const own = this.#ownCause(task);
    const told = own < 0 ? null : causes.rootsOf(own);
    const isNotRun = this.#standing[taskState.data[task] + 1] === STANDING.notRun;
    if (!isNotRun && told === null) return [own];
    if (!isNotRun && told !== null && told.length > 0) return told;
    const found = new Set<number>();
    let last = UNSEEN;
    this.#eachBefore(task, (other) => {
      const set = this.#of[other];
      if (set < 0 || set === last) return;
      last = set;
      for (const cause of this.#sets[set]) found.add(cause);
    });
    if (found.size === 0 || found.has(NOT_RECORDED)) {
      // Its own text may tell what was not recorded of the others.
      const texts = told ?? (own < 0 ? [] : [own]);
      if (texts.length > 0) found.delete(NOT_RECORDED);
      for (const cause of texts) found.add(cause);
    }
    if (found.size === 0 && !isNotRun) return [own];
    return [...found].sort((a, b) => a - b);
  }

  #ownCause(task: number): number {
    const attempt = this.#run.taskLastTry.data[task];
    return attempt < 0 ? NOT_RECORDED : this.#run.tryFailure.data[attempt];
  }

  #setOf(causes: readonly number[]): number {
    const key = causes.join();
    let index = this.#index.get(key);
    if (index === undefined) {
      index = this.#sets.push(causes) - 1;
      this.#index.set(key, index);
    }
    return index;
  }
}
