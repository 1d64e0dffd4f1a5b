import type { DagLinks } from "./links.ts";
import { type DagGroup, type DagStructure, dagStructure, grouped } from "./structure.ts";
import type { DagTasks } from "./tasks.ts";

/** The most parts of an opened group. */
const MOST_PARTS = 60;

/** Some of a workflow's tasks as a workflow of their own, in the given order. */
export function within(tasks: DagTasks, members: Int32Array): DagTasks {
  const of = (column: ArrayLike<number>) => members.map((task) => column[task]);
  return {
    ...tasks,
    count: members.length,
    ids: of(tasks.ids),
    order: null,
    app: of(tasks.app),
    state: of(tasks.state),
    joins: tasks.joins && of(tasks.joins),
    tries: tasks.tries && { ...tasks.tries, newest: of(tasks.tries.newest) },
  };
}

/**
 * Splits a group into at most 60 parts: by app and depth where its tasks depend on each other, else
 * by the dependency that they share, else into stretches of as many tasks each. The ids of the parts
 * begin with the group's.
 *
 * @param parentOf something of a task's that its siblings have, too; -1 for nothing
 */
export function splitGroup(
  tasks: DagTasks,
  links: DagLinks,
  id: string,
  parentOf: (task: number) => number,
): DagStructure {
  const byDepth = dagStructure(tasks, links, { most: MOST_PARTS, finest: true });
  if (byDepth.groups.length > 1) {
    for (const group of byDepth.groups) group.id = `${id}/${group.id}`;
    return byDepth;
  }
  const { level, apart, tasksOfApp, groups: [{ app, depth, deepest }] } = byDepth;
  const { part, parts } = siblings(tasks.count, parentOf) ?? stretches(tasks.count);
  const first: number[] = [];
  const last: number[] = [];
  for (let i = 0; i < tasks.count; i++) {
    first[part[i]] ??= tasks.ids[i];
    last[part[i]] = tasks.ids[i];
  }
  const groups = Array.from({ length: parts }, (_, p): DagGroup => ({
    id: `${id}/${p}`,
    app,
    label: first[p] === last[p] ? `task ${first[p]}` : `tasks ${first[p]} to ${last[p]}`,
    depth,
    deepest,
    inner: 0,
  }));
  return grouped(tasks, links, groups, part, { level, apart, tasksOfApp });
}

interface Parts {
  part: Uint16Array;
  parts: number;
}

/** Parts of the same parent; null when all have one, or too many have another. */
function siblings(count: number, parentOf: (task: number) => number): Parts | null {
  const number = new Map<number, number>();
  const part = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const parent = parentOf(i);
    const known = number.get(parent) ?? number.size;
    if (known >= MOST_PARTS) return null;
    number.set(parent, known);
    part[i] = known;
  }
  return number.size > 1 ? { part, parts: number.size } : null;
}

/** Stretches of 1, 2 or 5 times a power of ten. */
function stretches(count: number): Parts {
  let size = 1;
  for (let step = 0; Math.ceil(count / size) > MOST_PARTS; step++) size *= [2, 2.5, 2][step % 3];
  return {
    part: Uint16Array.from({ length: count }, (_, i) => Math.floor(i / size)),
    parts: Math.ceil(count / size),
  };
}
