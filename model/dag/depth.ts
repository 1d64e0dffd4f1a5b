import { type DagLinks, dagUsers, release } from "./links.ts";

/**
 * The depth of every task: 0 with no dependency, else one more than its deepest dependency. A cycle
 * is cut at its task of lowest index among those still waiting, whose depth is then what its finished
 * dependencies give, so every task has a depth and the result depends on the input alone. Returns
 * count depths. O(tasks + dependencies), no recursion.
 */
export function dagDepths(links: DagLinks): Int32Array {
  const { count, offsets, deps } = links;
  const depth = new Int32Array(count);
  for (let task = 0; task < count; task++) {
    let deepest = -1;
    for (let i = offsets[task]; i < offsets[task + 1]; i++) {
      const dep = deps[i];
      // Parsl numbers tasks after those that they depend on; other orders need a queue.
      if (dep > task) return queuedDepths(links, depth.fill(0));
      if (depth[dep] > deepest) deepest = depth[dep];
    }
    depth[task] = deepest + 1;
  }
  return depth;
}

/** Kahn's algorithm. */
function queuedDepths(links: DagLinks, depth: Int32Array): Int32Array {
  const { count, offsets } = links;
  const { offsets: userOffsets, users } = dagUsers(links);
  const waiting = new Int32Array(count);
  const queue = new Int32Array(count);
  let tail = 0;
  for (let task = 0; task < count; task++) {
    waiting[task] = offsets[task + 1] - offsets[task];
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
  release(userOffsets, users, waiting, queue);
  return depth;
}
