/** What a plan needs: workers, and of each task those that wait for it. */
import { EXECUTORS, INTERNAL, meanDuration } from "./apps.ts";
import type { Plan } from "./plan.ts";

/** Workers by executor that keep up with a plan. */
export function workersFor(plan: Plan, share: number): number[] {
  const work = EXECUTORS.map(() => 0);
  for (let p = 0; p < plan.size; p++) {
    const app = plan.appOf(p);
    work[EXECUTORS.indexOf(app.executor)] += meanDuration(app);
  }
  return work.map((seconds, executor) => {
    if (executor === INTERNAL) return 0;
    if (EXECUTORS[executor] === "threads") return Math.max(2, Math.ceil(seconds * share * 1.6));
    return seconds === 0 ? 0 : Math.max(4, Math.ceil(seconds * share * 1.3));
  });
}

/** The tasks that depend on each: those on p are `tasks` from `start[p]` to `start[p + 1]`. */
export function dependentsOf(plan: Plan): { start: Int32Array; tasks: Int32Array } {
  const { dependencies, size } = plan;
  const start = new Int32Array(size + 2);
  for (let at = 0; at < dependencies.length; at++) start[dependencies.data[at] + 2]++;
  for (let p = 2; p < start.length; p++) start[p] += start[p - 1];
  const tasks = new Int32Array(dependencies.length);
  for (let p = 0; p < size; p++) {
    for (const dependency of plan.dependenciesOf(p)) tasks[start[dependency + 1]++] = p;
  }
  return { start, tasks };
}
