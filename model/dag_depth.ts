import type { DagLinks } from "./dag_links.ts";

/**
 * The depth of every task: 0 with no dependency, else one more than its deepest dependency
 * (Kahn's algorithm, O(tasks + dependencies), no recursion). A cycle is cut at its task of lowest
 * index among those still waiting, whose depth is then what its finished dependencies give, so every
 * task has a depth and the result depends on the input alone. Returns count depths.
 */
export function dagDepths(links: DagLinks): Int32Array {
  const { count, depOffsets, userOffsets, users } = links;
  const depth = new Int32Array(count);
  const waiting = new Int32Array(count);
  const queue = new Int32Array(count);
  let tail = 0;
  for (let task = 0; task < count; task++) {
    waiting[task] = depOffsets[task + 1] - depOffsets[task];
    if (waiting[task] === 0) queue[tail++] = task;
  }
  let cut = 0;
  for (let head = 0; head < count; head++) {
    if (head === tail) {
      while (waiting[cut] <= 0) cut++;
      waiting[cut] = 0;
      queue[tail++] = cut;
    }
    const task = queue[head];
    waiting[task] = -1;
    const below = depth[task] + 1;
    for (let i = userOffsets[task]; i < userOffsets[task + 1]; i++) {
      const user = users[i];
      if (waiting[user] <= 0) continue;
      if (depth[user] < below) depth[user] = below;
      if (--waiting[user] === 0) queue[tail++] = user;
    }
  }
  return depth;
}
