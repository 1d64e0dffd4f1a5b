/** Circles in a graph of tasks. */

/** What was taken out of a graph. */
export interface DroppedCircles {
  dropped: number;
  /** Place of a task of some circle; -1 without one. */
  example: number;
}

/**
 * Takes every link out that lies on a circle: both its ends can be reached from each other. What is
 * left has no circles.
 */
export function dropCircles(parents: readonly Set<number>[]): DroppedCircles {
  const circle = circlesOf(parents);
  let [dropped, example] = [0, -1];
  parents.forEach((links, place) => {
    for (const parent of links) {
      if (circle[parent] !== circle[place]) continue;
      links.delete(parent);
      if (dropped++ === 0) example = place;
    }
  });
  return { dropped, example };
}

/** A number for every task, the same for two that can be reached from each other (after Tarjan). */
function circlesOf(parents: readonly Set<number>[]): Int32Array {
  const count = parents.length;
  const circle = new Int32Array(count).fill(-1);
  const found = new Int32Array(count).fill(-1);
  const lowest = new Int32Array(count);
  const open: number[] = [];
  let finds = 0;
  for (let root = 0; root < count; root++) {
    if (found[root] >= 0) continue;
    const path: { task: number; links: Iterator<number> }[] = [];
    const enter = (task: number) => {
      found[task] = lowest[task] = finds++;
      open.push(task);
      path.push({ task, links: parents[task].values() });
    };
    enter(root);
    while (path.length > 0) {
      const { task, links } = path[path.length - 1];
      const { value: next, done } = links.next();
      if (!done) {
        if (found[next] < 0) enter(next);
        else if (circle[next] < 0) lowest[task] = Math.min(lowest[task], found[next]);
        continue;
      }
      path.pop();
      if (path.length > 0) {
        const { task: before } = path[path.length - 1];
        lowest[before] = Math.min(lowest[before], lowest[task]);
      }
      if (lowest[task] < found[task]) continue;
      for (let last = -1; last !== task;) {
        last = open.pop()!;
        circle[last] = task;
      }
    }
  }
  return circle;
}
