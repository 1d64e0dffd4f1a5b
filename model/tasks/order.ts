/** What tasks are sorted by: numbers per task, NaN where unknown. */
import type { Strings } from "../run/columns.ts";
import type { Run } from "../run/run.ts";

/**
 * Puts the numbers that some tasks are sorted by into `keys`, in the order of the tasks, which are
 * given by their indexes. Each kind of column has its own loop: a million tasks take some 10 ms.
 */
export type TaskOrder = (tasks: Uint32Array, keys: Float64Array) => void;

/** Sorted by a number of each task. */
export function byNumber(numbers: ArrayLike<number>): TaskOrder {
  return (tasks, keys) => {
    for (let i = 0; i < tasks.length; i++) keys[i] = numbers[tasks[i]];
  };
}

/** Sorted by a text of each task, given by its index in `strings`, in alphabetic order. */
export function byText(strings: Strings, indexes: ArrayLike<number>): TaskOrder {
  const ranks = ranksOf(strings);
  return (tasks, keys) => {
    for (let i = 0; i < tasks.length; i++) keys[i] = ranks[indexes[tasks[i]] + 1];
  };
}

/** Sorted by a text of each task's newest try, given by its index in `strings`. */
export function byTextOfTry(run: Run, strings: Strings, indexes: ArrayLike<number>): TaskOrder {
  const ranks = ranksOf(strings);
  const newest = run.taskLastTry.data;
  return (tasks, keys) => {
    for (let i = 0; i < tasks.length; i++) {
      const attempt = newest[tasks[i]];
      keys[i] = attempt < 0 ? NaN : ranks[indexes[attempt] + 1];
    }
  };
}

/** Sorted by a number of each task's newest try, NaN where unknown. */
export function byNewestTry(
  numberOf: (run: Run, attempt: number) => number,
): (run: Run) => TaskOrder {
  return (run) => (tasks, keys) => {
    const newest = run.taskLastTry.data;
    for (let i = 0; i < tasks.length; i++) {
      const attempt = newest[tasks[i]];
      keys[i] = attempt < 0 ? NaN : numberOf(run, attempt);
    }
  };
}

/** Sorted by the highest of some numbers of all tries of each task, NaN where none is known. */
export function byHighest(run: Run, numbers: ArrayLike<number>): TaskOrder {
  const newest = run.taskLastTry.data;
  const before = run.tryPrev.data;
  return (tasks, keys) => {
    for (let i = 0; i < tasks.length; i++) {
      let highest = NaN;
      for (let t = newest[tasks[i]]; t >= 0; t = before[t]) {
        const value = numbers[t];
        if (value === value && !(highest >= value)) highest = value;
      }
      keys[i] = highest;
    }
  };
}

/** Sorted by the sum of some numbers of all tries of each task, NaN where none is known. */
export function bySum(run: Run, numbers: ArrayLike<number>): TaskOrder {
  const newest = run.taskLastTry.data;
  const before = run.tryPrev.data;
  return (tasks, keys) => {
    for (let i = 0; i < tasks.length; i++) {
      let sum = NaN;
      for (let t = newest[tasks[i]]; t >= 0; t = before[t]) {
        const value = numbers[t];
        if (value === value) sum = (sum === sum ? sum : 0) + value;
      }
      keys[i] = sum;
    }
  };
}

/** The place of each text in their alphabetic order, by index + 1; NaN for none. */
function ranksOf(strings: Strings): Float64Array {
  const order = strings.list.map((_, index) => index)
    .sort((a, b) => (strings.list[a] < strings.list[b] ? -1 : 1));
  const ranks = new Float64Array(order.length + 1).fill(NaN);
  order.forEach((index, rank) => ranks[index + 1] = rank);
  return ranks;
}
