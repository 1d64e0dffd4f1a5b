import type { DagTasks } from "./tasks.ts";

/** Stands for the app of a task whose app is not known (yet). */
export const UNKNOWN = -1;
/** Stands for apps that share a group. */
export const SEVERAL = -2;

/** Up to this many apps each has groups of its own; of more, this many. */
const MOST_APPS = 100;
const APART = 40;

/** Apps as the DAG tells them apart: `of[task]` indexes `app`. */
export interface AppClasses {
  of: Int32Array;
  /** Per class an app's index, `UNKNOWN` or `SEVERAL`. */
  app: number[];
  /** The apps that stay apart, when others share a class. */
  apart: ReadonlySet<number> | null;
  /** Tasks by app index + 1. */
  tally: Int32Array;
}

/**
 * Tells apps apart, never more than `most`: where they are too many, those with most tasks keep a
 * class of their own and the others share one. `before` is who kept one until now, and does still.
 */
export function appClasses(
  tasks: DagTasks,
  most: number,
  before: ReadonlySet<number> | null,
): AppClasses {
  const { count, app } = tasks;
  const tally = new Int32Array(tasks.apps.length + 1);
  for (let task = 0; task < count; task++) tally[app[task] + 1]++;
  const present = [...tally.keys()].filter((slot) => tally[slot] > 0);
  const many = present.length > Math.min(MOST_APPS, most);
  let apart: Set<number> | null = null;
  if (many) {
    const rank = (slot: number) => before?.has(slot - 1) ? 0 : 1;
    apart = new Set(
      present.toSorted((a, b) => rank(a) - rank(b) || tally[b] - tally[a] || a - b)
        .slice(0, Math.min(APART, most - 1)).map((slot) => slot - 1),
    );
  }
  const classOf = new Int32Array(tally.length);
  const classes: number[] = [];
  for (const slot of present) {
    if (apart && !apart.has(slot - 1)) continue;
    classOf[slot] = classes.push(slot === 0 ? UNKNOWN : slot - 1) - 1;
  }
  if (apart) {
    const shared = classes.push(SEVERAL) - 1;
    for (const slot of present) if (!apart.has(slot - 1)) classOf[slot] = shared;
  }
  const of = new Int32Array(count);
  for (let task = 0; task < count; task++) of[task] = classOf[app[task] + 1];
  return { of, app: classes, apart, tally };
}
