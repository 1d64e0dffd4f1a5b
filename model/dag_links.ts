/**
 * The dependencies of a workflow as the DAG needs them: known tasks only, no self loops, each
 * dependency once, readable in both directions. Task t waits for
 * `deps[depOffsets[t] .. depOffsets[t + 1]]`, and is waited for by
 * `users[userOffsets[t] .. userOffsets[t + 1]]`; all are task indexes, offsets are count + 1 long.
 */
export interface DagLinks {
  count: number;
  depOffsets: Int32Array;
  deps: Int32Array;
  userOffsets: Int32Array;
  users: Int32Array;
}

/**
 * Cleans and reverses dependencies given as CSR: `offsets` is count + 1 long, `deps` holds task
 * indexes. Entries outside 0..count-1, self loops and repeats are dropped. O(tasks + entries).
 */
export function dagLinks(count: number, offsets: Int32Array, deps: Int32Array): DagLinks {
  const depOffsets = new Int32Array(count + 1);
  const clean = new Int32Array(deps.length);
  const userOffsets = new Int32Array(count + 1);
  const seenBy = new Int32Array(count).fill(-1);
  let used = 0;
  for (let task = 0; task < count; task++) {
    for (let i = offsets[task]; i < offsets[task + 1]; i++) {
      const dep = deps[i];
      if (dep < 0 || dep >= count || dep === task || seenBy[dep] === task) continue;
      seenBy[dep] = task;
      clean[used++] = dep;
      userOffsets[dep + 1]++;
    }
    depOffsets[task + 1] = used;
  }
  for (let task = 0; task < count; task++) userOffsets[task + 1] += userOffsets[task];
  const users = new Int32Array(used);
  const next = userOffsets.slice(0, count);
  for (let task = 0; task < count; task++) {
    for (let i = depOffsets[task]; i < depOffsets[task + 1]; i++) users[next[clean[i]]++] = task;
  }
  return { count, depOffsets, deps: clean.subarray(0, used), userOffsets, users };
}
