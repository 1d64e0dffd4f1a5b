/**
 * The dependencies of a workflow as the DAG needs them: known tasks only, no self loops, each
 * dependency once. Task t waits for `deps[offsets[t] .. offsets[t + 1]]`, which are task indexes;
 * offsets are count + 1 long.
 */
export interface DagLinks {
  count: number;
  offsets: Int32Array;
  deps: Int32Array;
}

/** The same dependencies the other way round: task t is waited for by `users[offsets[t] ..]`. */
export interface DagUsers {
  offsets: Int32Array;
  users: Int32Array;
}

/**
 * Cleans dependencies given as CSR: `offsets` is count + 1 long, `deps` holds task indexes. Entries
 * outside 0..count-1, self loops and repeats are dropped. Works in place, on the arrays that the
 * result then holds. O(tasks + entries).
 */
export function dagLinks(count: number, offsets: Int32Array, deps: Int32Array): DagLinks {
  let seenBy: Int32Array | null = null;
  let used = 0;
  let from = offsets[0];
  for (let task = 0; task < count; task++) {
    const to = offsets[task + 1];
    const start = used;
    if (to - from > SHORT) {
      seenBy ??= new Int32Array(count).fill(-1);
      for (let i = from; i < to; i++) {
        const dep = deps[i];
        if (dep < 0 || dep >= count || dep === task || seenBy[dep] === task) continue;
        seenBy[dep] = task;
        deps[used++] = dep;
      }
    } else {
      for (let i = from; i < to; i++) {
        const dep = deps[i];
        if (dep < 0 || dep >= count || dep === task) continue;
        let k = start;
        while (k < used && deps[k] !== dep) k++;
        if (k === used) deps[used++] = dep;
      }
    }
    offsets[task + 1] = used;
    from = to;
  }
  offsets[0] = 0;
  if (seenBy) release(seenBy);
  return { count, offsets, deps: deps.subarray(0, used) };
}

/** Lists up to this length are searched, longer ones marked. */
const SHORT = 8;

/** Turns dependencies round; users stand in the order of their indexes. O(tasks + dependencies). */
export function dagUsers({ count, offsets, deps }: DagLinks): DagUsers {
  const start = new Int32Array(count + 1);
  for (let i = 0; i < deps.length; i++) start[deps[i] + 1]++;
  for (let task = 0; task < count; task++) start[task + 1] += start[task];
  const users = new Int32Array(deps.length);
  for (let task = 0; task < count; task++) {
    for (let i = offsets[task]; i < offsets[task + 1]; i++) users[start[deps[i]]++] = task;
  }
  start.copyWithin(1, 0, count);
  start[0] = 0;
  return { offsets: start, users };
}

/** Gives the memory of arrays back at once; they are empty then. */
export function release(...arrays: Int32Array[]): void {
  for (const { buffer } of arrays) (buffer as ArrayBuffer).transfer(0);
}
