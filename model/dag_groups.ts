import type { DagLinks } from "./dag_links.ts";

/** Which group each task is in: `group[task]`, groups numbered 0..groups-1 by (depth, app). */
export interface DagGroups {
  groups: number;
  group: Int32Array;
  /** Per group: its app index, or -1 where apps had to share one group. */
  app: Int32Array;
}

/**
 * Groups tasks by (app, depth). While that leaves more than `maxNodes` groups it merges, in turn:
 * chains (groups of one app, each the other's only neighbour on that side), then the groups of one
 * app in depth bands of doubling height, then the apps with fewest tasks into one group of app -1.
 * `app` and `depth` hold one entry per task. O(tasks + dependencies).
 */
export function dagGroups(
  links: DagLinks,
  app: ArrayLike<number>,
  depth: Int32Array,
  maxNodes: number,
): DagGroups {
  const cells = byAppAndDepth(links.count, app, depth);
  let parent: Int32Array = Int32Array.from(cells.app, (_, cell) => cell);
  if (cells.app.length > maxNodes) {
    parent = chains(links, cells);
    if (heads(parent) > maxNodes) parent = bands(cells, parent, maxNodes);
    if (heads(parent) > maxNodes) return fewApps(links.count, app, maxNodes);
  }
  return numbered(cells, parent);
}

/** Runs of equal (app, depth), ordered by app, then depth. */
interface Cells {
  app: Int32Array;
  depth: Int32Array;
  of: Int32Array;
}

function byAppAndDepth(count: number, app: ArrayLike<number>, depth: Int32Array): Cells {
  const order = sortedBy(sortedBy(Int32Array.from(depth.keys()), depth), app);
  const of = new Int32Array(count);
  const cellApp = new Int32Array(count);
  const cellDepth = new Int32Array(count);
  let cells = 0;
  for (const task of order) {
    const fresh = cells === 0 || cellApp[cells - 1] !== app[task] ||
      cellDepth[cells - 1] !== depth[task];
    if (fresh) {
      cellApp[cells] = app[task];
      cellDepth[cells++] = depth[task];
    }
    of[task] = cells - 1;
  }
  return { app: cellApp.subarray(0, cells), depth: cellDepth.subarray(0, cells), of };
}

/** A stable counting sort of `order` by a key of small non-negative integers. */
function sortedBy(order: Int32Array, key: ArrayLike<number>): Int32Array {
  let top = 0;
  for (let i = 0; i < order.length; i++) if (key[i] > top) top = key[i];
  const next = new Int32Array(top + 2);
  for (let i = 0; i < order.length; i++) next[key[i] + 1]++;
  for (let k = 0; k <= top; k++) next[k + 1] += next[k];
  const sorted = new Int32Array(order.length);
  for (const item of order) sorted[next[key[item]]++] = item;
  return sorted;
}

function heads(parent: Int32Array): number {
  let count = 0;
  for (let cell = 0; cell < parent.length; cell++) if (parent[cell] === cell) count++;
  return count;
}

const NONE = -1;
const MANY = -2;

/** Per cell the first cell of the chain it is in; a chain's cells share one app. */
function chains(links: DagLinks, cells: Cells): Int32Array {
  const after = new Int32Array(cells.app.length).fill(NONE);
  const before = new Int32Array(cells.app.length).fill(NONE);
  for (let task = 0; task < links.count; task++) {
    const to = cells.of[task];
    for (let i = links.depOffsets[task]; i < links.depOffsets[task + 1]; i++) {
      const from = cells.of[links.deps[i]];
      after[from] = after[from] === NONE || after[from] === to ? to : MANY;
      before[to] = before[to] === NONE || before[to] === from ? from : MANY;
    }
  }
  const parent = new Int32Array(cells.app.length);
  for (let cell = 0; cell < parent.length; cell++) {
    const from = before[cell];
    const joins = from >= 0 && after[from] === cell && from < cell &&
      cells.app[from] === cells.app[cell];
    parent[cell] = joins ? parent[from] : cell;
  }
  return parent;
}

/** Merges heads of one app whose depths fall in one band, the band's height doubling until few. */
function bands(cells: Cells, chain: Int32Array, maxNodes: number): Int32Array {
  const deepest = cells.depth.reduce((top, depth) => depth > top ? depth : top, 0);
  const parent = new Int32Array(chain.length);
  for (let height = 2;; height *= 2) {
    let last = NONE;
    let count = 0;
    for (let cell = 0; cell < chain.length; cell++) {
      if (chain[cell] !== cell) {
        parent[cell] = parent[chain[cell]];
        continue;
      }
      const same = last !== NONE && cells.app[last] === cells.app[cell] &&
        Math.floor(cells.depth[last] / height) === Math.floor(cells.depth[cell] / height);
      if (!same) {
        last = cell;
        count++;
      }
      parent[cell] = last;
    }
    if (count <= maxNodes || height > deepest) return parent;
  }
}

function numbered(cells: Cells, parent: Int32Array): DagGroups {
  const top = Array.from(parent.keys()).filter((cell) => parent[cell] === cell)
    .sort((a, b) => cells.depth[a] - cells.depth[b] || cells.app[a] - cells.app[b]);
  const number = new Int32Array(parent.length);
  top.forEach((cell, at) => number[cell] = at);
  const group = new Int32Array(cells.of.length);
  for (let task = 0; task < group.length; task++) group[task] = number[parent[cells.of[task]]];
  return { groups: top.length, group, app: Int32Array.from(top, (cell) => cells.app[cell]) };
}

/** One group per app for the apps with most tasks, the last group for all the others. */
function fewApps(count: number, app: ArrayLike<number>, maxNodes: number): DagGroups {
  let top = 0;
  for (let task = 0; task < count; task++) if (app[task] > top) top = app[task];
  const tasks = new Int32Array(top + 1);
  for (let task = 0; task < count; task++) tasks[app[task]]++;
  const kept = Array.from(tasks.keys()).sort((a, b) => tasks[b] - tasks[a] || a - b)
    .slice(0, maxNodes - 1).sort((a, b) => a - b);
  const number = new Int32Array(top + 1).fill(kept.length);
  kept.forEach((one, at) => number[one] = at);
  const group = new Int32Array(count);
  for (let task = 0; task < count; task++) group[task] = number[app[task]];
  return { groups: kept.length + 1, group, app: Int32Array.of(...kept, -1) };
}
