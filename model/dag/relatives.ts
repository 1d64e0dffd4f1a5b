import { release } from "./links.ts";
import { openedGroup } from "./open.ts";
import { RunsWriter } from "./places.ts";
import type { DagShown } from "./task_place.ts";
import { runDag, runUsers } from "./run.ts";
import type { DagStructure } from "./structure.ts";
import type { Run } from "../run/run.ts";

/** The tasks that a task needs, directly or not, and those that need it; it is not among them. */
export interface Relatives {
  ancestors: number;
  descendants: number;
  /** By the id of a drawn node; nodes without any, and groups that are open, are left out. */
  groups: Record<string, RelativesInGroup>;
}

export interface RelativesInGroup {
  ancestors: number;
  descendants: number;
  /** Which of the group's tasks, as {@link RunsWriter} writes it. */
  cells?: string;
  /** The cells would have been too long. */
  truncated?: true;
}

const ANCESTOR = 1;
const DESCENDANT = 2;

/**
 * The relatives of a task by its id; null when the run has no such task. What a join joins is among
 * its ancestors. O(their dependencies + tasks).
 */
export function relatives(run: Run, taskId: number, shown: DagShown = {}): Relatives | null {
  const task = run.indexOf(taskId);
  if (task === undefined) return null;
  const { links, structure } = runDag(run, shown.nodes);
  const out: Relatives = { ancestors: 0, descendants: 0, groups: {} };
  if (task >= links.count) return out;
  const users = runUsers(run);
  const marks = new Uint8Array(links.count);
  const queue = new Int32Array(links.count);
  out.ancestors = spread(task, links.offsets, links.deps, { marks, queue, mark: ANCESTOR });
  out.descendants = spread(task, users.offsets, users.users, { marks, queue, mark: DESCENDANT });
  release(queue);
  const add = (id: string, tasks: Int32Array) => {
    const found = inGroup(marks, tasks);
    if (found) out.groups[id] = found;
  };
  const addTasks = (tasks: Iterable<number>) => {
    for (const at of tasks) if (marks[at] !== 0) add(`t${run.taskId.data[at]}`, Int32Array.of(at));
  };
  const addGroup = (id: string, tasks: Int32Array) => {
    const inside = shown.opened?.has(id) ? openedGroup(run, id) : null;
    if (!inside) add(id, tasks);
    else if (!inside.structure) addTasks(tasks);
    else eachGroup(inside.structure, (part, places) => addGroup(part, places.map((p) => tasks[p])));
  };
  if (structure) eachGroup(structure, addGroup);
  else addTasks(marks.keys());
  return out;
}

function eachGroup(
  { groups, start, members }: DagStructure,
  visit: (id: string, members: Int32Array) => void,
): void {
  groups.forEach(({ id }, g) => visit(id, members.subarray(start[g], start[g + 1])));
}

/** Marks all that can be reached from a task; returns how many, the task itself left out. */
function spread(
  task: number,
  offsets: Int32Array,
  next: Int32Array,
  { marks, queue, mark }: { marks: Uint8Array; queue: Int32Array; mark: number },
): number {
  let tail = 1;
  queue[0] = task;
  marks[task] |= mark;
  for (let head = 0; head < tail; head++) {
    const at = queue[head];
    for (let i = offsets[at]; i < offsets[at + 1]; i++) {
      const other = next[i];
      if ((marks[other] & mark) !== 0) continue;
      marks[other] |= mark;
      queue[tail++] = other;
    }
  }
  marks[task] &= ~mark;
  return tail - 1;
}

/** The marked ones of some tasks; null without any. */
function inGroup(marks: Uint8Array, tasks: Int32Array): RelativesInGroup | null {
  let ancestors = 0;
  let descendants = 0;
  const runs = new RunsWriter();
  let last = 0;
  let length = 0;
  let skip = 0;
  for (let i = 0; i < tasks.length; i++) {
    const mark = marks[tasks[i]];
    const related = mark !== 0 ? 1 : 0;
    ancestors += mark & ANCESTOR;
    descendants += mark >> 1;
    if (related !== last) {
      if (related === 1) skip = length;
      else runs.add(skip, length);
      last = related;
      length = 0;
    }
    length++;
  }
  if (last === 1) runs.add(skip, length);
  if (ancestors + descendants === 0) return null;
  return runs.overflow
    ? { ancestors, descendants, truncated: true }
    : { ancestors, descendants, cells: runs.base64() };
}
