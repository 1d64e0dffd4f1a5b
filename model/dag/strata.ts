import { type DagLinks, release } from "./links.ts";

/**
 * The strata of a workflow: the tasks of one app at one depth are a stratum. Strata are numbered by
 * app, then depth.
 */
export interface DagStrata {
  count: number;
  app: Int32Array;
  depth: Int32Array;
  /** Which stratum each task is in. */
  of: Int32Array;
}

/** Dependencies between parts of a graph, each pair of parts once and with its number. */
export interface PartLinks {
  from: Int32Array;
  to: Int32Array;
  count: Int32Array;
}

/** The strata of tasks; `app` and `depth` hold one entry per task, none negative. O(tasks). */
export function dagStrata(app: Int32Array, depth: Int32Array): DagStrata {
  const tasks = depth.length;
  let apps = 0;
  for (let task = 0; task < tasks; task++) if (app[task] >= apps) apps = app[task] + 1;
  // Depths without gaps: each app's own range, where strata without tasks are then left out.
  const least = new Int32Array(apps).fill(0x7fffffff);
  const most = new Int32Array(apps).fill(-1);
  for (let task = 0; task < tasks; task++) {
    const a = app[task];
    const d = depth[task];
    if (d < least[a]) least[a] = d;
    if (d > most[a]) most[a] = d;
  }
  const start = new Float64Array(apps + 1);
  for (let a = 0; a < apps; a++) start[a + 1] = start[a] + Math.max(0, most[a] - least[a] + 1);
  if (start[apps] > 8 * tasks + 65536) return sortedStrata(app, depth);
  const number = new Int32Array(start[apps]);
  const of = new Int32Array(tasks);
  for (let task = 0; task < tasks; task++) {
    const slot = start[app[task]] + depth[task] - least[app[task]];
    of[task] = slot;
    number[slot] = 1;
  }
  let count = 0;
  for (let slot = 0; slot < number.length; slot++) if (number[slot] === 1) number[slot] = count++;
  const strata = { count, app: new Int32Array(count), depth: new Int32Array(count), of };
  for (let task = 0; task < tasks; task++) {
    const stratum = of[task] = number[of[task]];
    strata.app[stratum] = app[task];
    strata.depth[stratum] = depth[task];
  }
  release(number);
  return strata;
}

/** The same by sorting, where most apps have few tasks at depths far apart. */
function sortedStrata(app: Int32Array, depth: Int32Array): DagStrata {
  const order = Int32Array.from(depth.keys())
    .sort((a, b) => app[a] - app[b] || depth[a] - depth[b] || a - b);
  const of = new Int32Array(order.length);
  const apps: number[] = [];
  const depths: number[] = [];
  for (const task of order) {
    const last = apps.length - 1;
    if (last < 0 || apps[last] !== app[task] || depths[last] !== depth[task]) {
      apps.push(app[task]);
      depths.push(depth[task]);
    }
    of[task] = apps.length - 1;
  }
  return { count: apps.length, app: Int32Array.from(apps), depth: Int32Array.from(depths), of };
}

/** The dependencies between strata, those inside of one among them. O(tasks + dependencies). */
export function strataLinks(strata: DagStrata, links: DagLinks): PartLinks {
  const { of } = strata;
  const { offsets, deps } = links;
  if (strata.count <= TABLE) {
    const table = new Int32Array(strata.count * strata.count);
    for (let task = 0; task < links.count; task++) {
      const row = of[task] * strata.count;
      for (let i = offsets[task]; i < offsets[task + 1]; i++) table[row + of[deps[i]]]++;
    }
    return listed(table, strata.count);
  }
  const to = new Int32Array(deps.length);
  const from = new Int32Array(deps.length);
  for (let task = 0; task < links.count; task++) {
    for (let i = offsets[task]; i < offsets[task + 1]; i++) {
      to[i] = of[task];
      from[i] = of[deps[i]];
    }
  }
  const found = summed({ from, to, count: new Int32Array(deps.length).fill(1) }, strata.count);
  release(from, to);
  return found;
}

/** Up to this many parts their links are counted in a table of all pairs. */
const TABLE = 1024;

function listed(table: Int32Array, parts: number): PartLinks {
  let found = 0;
  for (let i = 0; i < table.length; i++) if (table[i] > 0) found++;
  const from = new Int32Array(found);
  const to = new Int32Array(found);
  const count = new Int32Array(found);
  let at = 0;
  for (let i = 0; i < table.length; i++) {
    if (table[i] === 0) continue;
    from[at] = i % parts;
    to[at] = Math.floor(i / parts);
    count[at++] = table[i];
  }
  return { from, to, count };
}

/** Links between parts that were given new numbers, `part[old]` of `parts`. */
export function renumbered(links: PartLinks, part: Int32Array, parts: number): PartLinks {
  const { from, to, count } = links;
  if (parts > TABLE) {
    const moved = { from: from.map((p) => part[p]), to: to.map((p) => part[p]), count };
    const found = summed(moved, parts);
    release(moved.from, moved.to);
    return found;
  }
  const table = new Int32Array(parts * parts);
  for (let i = 0; i < from.length; i++) table[part[to[i]] * parts + part[from[i]]] += count[i];
  return listed(table, parts);
}

/** Sums links of equal ends: sorted by their ends, with a mark for each start. */
function summed({ from, to, count }: PartLinks, parts: number): PartLinks {
  const next = new Int32Array(parts + 1);
  for (let i = 0; i < to.length; i++) next[to[i] + 1]++;
  for (let p = 0; p < parts; p++) next[p + 1] += next[p];
  const order = new Int32Array(to.length);
  for (let i = 0; i < to.length; i++) order[next[to[i]]++] = i;
  const place = new Int32Array(parts).fill(-1);
  const out = {
    from: new Int32Array(to.length),
    to: new Int32Array(to.length),
    count: new Int32Array(to.length),
  };
  let used = 0;
  let first = 0;
  for (let k = 0; k < order.length; k++) {
    const i = order[k];
    if (k > 0 && to[i] !== to[order[k - 1]]) first = used;
    let at = place[from[i]];
    if (at < first) {
      at = place[from[i]] = used++;
      out.from[at] = from[i];
      out.to[at] = to[i];
    }
    out.count[at] += count[i];
  }
  release(next, order, place);
  return {
    from: out.from.subarray(0, used),
    to: out.to.subarray(0, used),
    count: out.count.subarray(0, used),
  };
}
