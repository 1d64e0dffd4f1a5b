import type { Run } from "../run/run.ts";

/**
 * A stretch of the critical path: a task, or of a join that waited for others its body, or what came
 * after the last of them.
 */
export interface Stretch {
  /** Index in the run. */
  task: number;
  part: StretchPart;
  /** Naive ms; the next stretch begins then. */
  end: number;
}

export type StretchPart = "task" | "body" | "joined";

/**
 * The stretches of a run's critical path, the last one first: from the task that ended last, always
 * to what the task had to wait for, which is its dependency that ended last. A join that waited after
 * its body had ended leads to the last of the tasks that it joins; from those the way leads back to
 * the join's body where that is what they began with: nothing that they depend on ended later than
 * they were made. O(tasks + dependencies).
 */
export function wayBack(run: Run): Stretch[] {
  const way: Stretch[] = [];
  const seen = new Uint8Array(run.tasks);
  const makers = new Makers(run);
  let next = stretchOf(run, lastOfAll(run), seen);
  while (next) {
    way.push(next);
    const { task, part } = next;
    seen[task] = 1;
    if (part === "joined") makers.enter(task);
    next = part === "joined"
      ? stretchOf(run, lastJoined(run, task, seen), seen)
      : beforeTask(run, task, makers, seen);
  }
  return way;
}

/** What a task's beginning waited for; null when that was nothing. */
function beforeTask(run: Run, task: number, makers: Makers, seen: Uint8Array): Stretch | null {
  const dependency = lastOf(run, run.dependenciesOf(task), seen);
  const join = makers.of(task);
  if (join !== undefined) {
    const invoked = run.taskInvoked.data[task];
    const body = bodyEnd(run, join);
    const made = invoked <= body ? invoked : body;
    const later = dependency >= 0 && wayEnd(run, dependency) > made;
    if (!later && !Number.isNaN(made)) {
      makers.leave(join);
      return { task: join, part: "body", end: made };
    }
  }
  return stretchOf(run, dependency, seen);
}

/** The whole of a task, or of a join that waited only what came after that; null for -1. */
function stretchOf(run: Run, task: number, seen: Uint8Array): Stretch | null {
  if (task < 0) return null;
  const last = run.joins.has(task) ? lastJoined(run, task, seen) : -1;
  const waited = last >= 0 && wayEnd(run, last) > bodyEnd(run, task);
  return { task, part: waited ? "joined" : "task", end: wayEnd(run, task) };
}

/** The task that ended last of those that a task joins; -1 without any. */
function lastJoined(run: Run, task: number, seen: Uint8Array): number {
  const before = seen[task];
  seen[task] = 1;
  const last = lastOf(run, run.joins.of(task), seen);
  seen[task] = before;
  return last;
}

/** The task that ended last; -1 without any. */
function lastOfAll(run: Run): number {
  let last = -1;
  for (let task = 0; task < run.tasks; task++) last = later(run, last, task);
  return last;
}

/** The same of tasks by their ids that were not seen yet. */
function lastOf(run: Run, ids: Int32Array, seen: Uint8Array): number {
  let last = -1;
  for (let i = 0; i < ids.length; i++) {
    const task = run.indexOf(ids[i]);
    if (task !== undefined && seen[task] === 0) last = later(run, last, task);
  }
  return last;
}

/** Of two tasks the one that ended later, of equal ends that of the lower id; -1 is none. */
function later(run: Run, task: number, other: number): number {
  const end = wayEnd(run, other);
  if (Number.isNaN(end)) return task;
  if (task < 0) return other;
  const after = end - wayEnd(run, task);
  if (after !== 0) return after > 0 ? other : task;
  return run.taskId.data[other] < run.taskId.data[task] ? other : task;
}

/**
 * When a task ended, in naive ms: with its newest try, a join with what it waited for. NaN is not yet
 * or not known.
 */
export function wayEnd(run: Run, task: number): number {
  const returned = run.taskReturned.data[task];
  const ended = bodyEnd(run, task);
  if (Number.isNaN(ended)) return returned;
  const joins = run.joins.has(task);
  if (joins && run.stateOf(task) === "joining") return NaN;
  const internal = joins || run.isInternal(run.taskLastTry.data[task]);
  return internal && returned > ended ? returned : ended;
}

/** When the newest try of a task ended by itself; NaN is not known. */
function bodyEnd(run: Run, task: number): number {
  const attempt = run.taskLastTry.data[task];
  return attempt < 0 ? NaN : run.tryEnded.data[attempt];
}

/**
 * Whose bodies made the tasks of a way: of a task that a join joins that join, of others on the way
 * to such a task the join that the way is in.
 */
class Makers {
  readonly #run: Run;
  /** The join that joins a task. */
  readonly #joiner = new Map<number, number>();
  /** The joins that the way is in, the innermost last. */
  readonly #inside: number[] = [];
  readonly #left = new Set<number>();

  constructor(run: Run) {
    this.#run = run;
    for (let i = 0; i < run.joins.tasks.length; i++) {
      const join = run.joins.tasks.data[i];
      for (const id of run.joins.of(join)) {
        const task = run.indexOf(id);
        if (task !== undefined && task !== join) this.#joiner.set(task, join);
      }
    }
  }

  /** Says that the way goes into what a join joins. */
  enter(join: number): void {
    if (!this.#left.has(join) && !this.#inside.includes(join)) this.#inside.push(join);
  }

  /** Says that the way goes on with a join's body. */
  leave(join: number): void {
    this.#inside.pop();
    this.#left.add(join);
  }

  /** Whether a task was there before a join began; ids are given in that order. */
  #isOlder(task: number, join: number): boolean {
    const { taskId, taskInvoked } = this.#run;
    return taskId.data[task] < taskId.data[join] ||
      taskInvoked.data[task] < launchOf(this.#run, join);
  }

  /** The join that made a task; undefined for what the program made itself. */
  of(task: number): number | undefined {
    const joiner = this.#joiner.get(task);
    if (joiner !== undefined) this.enter(joiner);
    // What was there before a join began is none of its making, nor is what that depends on.
    for (let join = this.#inside.at(-1); join !== undefined; join = this.#inside.at(-1)) {
      if (!this.#isOlder(task, join)) return join;
      this.#inside.pop();
    }
    return undefined;
  }
}

function launchOf(run: Run, task: number): number {
  const attempt = run.taskLastTry.data[task];
  return attempt < 0 ? NaN : run.tryLaunched.data[attempt];
}
