/** When the tasks of a trace ran, where it does not tell. */
import { Heap } from "./heap.ts";
import { ImportError } from "./import_error.ts";
import type { Trace, TraceTask } from "./trace.ts";
import { elapsed } from "./wf_time.ts";

/** Times of tasks, by their place in the trace, in milliseconds after the beginning of the run. */
export interface Schedule {
  launched: Float64Array;
  started: Float64Array;
  ended: Float64Array;
  /** Name of the machine; null where neither the trace nor its only machine tells. */
  machines: (string | null)[];
  /** When the last task ended. */
  end: number;
  /** Tasks whose start the trace tells. */
  known: number;
}

/** How close to the trace's makespan a schedule has to end, as a part of it. */
const CLOSE = 1e-4;
const MOST_STEPS = 30;
/** No machine has more cores than this; where a trace says so, tasks do not wait for them. */
const MOST_CORES = 1_000_000;

interface Plan {
  trace: Trace;
  /** Recorded starts, NaN without. */
  recorded: Float64Array;
  /** The machine of every task. */
  machines: (string | null)[];
  children: number[][];
}

/**
 * Places every task: at its recorded start, else as early as its parents and the cores of its
 * machine allow, first ready first served. When that ends before the trace's makespan, tasks are
 * launched one after the other in even steps, as wide as makes the run as long as it was. Cores are
 * not counted when the trace's makespan would not do with them.
 *
 * @throws {ImportError} when tasks wait for each other in a circle.
 */
export function schedule(trace: Trace): Schedule {
  const plan = planOf(trace);
  const makespan = (trace.makespan ?? 0) * 1000;
  let counted = true;
  let best = place(plan, 0, counted);
  if (best.end > makespan && makespan > 0) {
    const unlimited = place(plan, 0, false);
    if (unlimited.end <= makespan) {
      best = unlimited;
      counted = false;
    }
  }
  let [low, high] = [0, makespan];
  for (let step = 0; step < MOST_STEPS && best.end < makespan * (1 - CLOSE); step++) {
    const gap = (low + high) / 2;
    const tried = place(plan, gap, counted);
    if (tried.end > makespan) high = gap;
    else {
      low = gap;
      best = tried;
    }
  }
  return best;
}

function planOf(trace: Trace): Plan {
  const { tasks, machines, began } = trace;
  const only = machines.length === 1 ? machines[0].name : null;
  const children: number[][] = tasks.map(() => []);
  tasks.forEach((task, place) => {
    for (const parent of task.parents) children[parent].push(place);
  });
  const starts = tasks.map(({ started }) => started === null ? NaN : elapsed(began, started));
  return {
    trace,
    recorded: Float64Array.from(starts, (start) => Math.max(0, start)),
    machines: tasks.map((task) => task.machine ?? only),
    children,
  };
}

/** @param gap milliseconds between one launch and the next */
function place(plan: Plan, gap: number, counted: boolean): Schedule {
  const { tasks, machines } = plan.trace;
  const launched = new Float64Array(tasks.length);
  const started = new Float64Array(tasks.length);
  const ended = new Float64Array(tasks.length);
  const ready = new Float64Array(tasks.length);
  const waitsFor = Int32Array.from(tasks, (task) => task.parents.length);
  const cores = new Map<string, Heap<number>>();
  for (const machine of counted ? machines : []) {
    const { name, cores: count } = machine;
    if (count !== null && count <= MOST_CORES) cores.set(name, idle(count));
  }
  const queue = new Heap<number>((a, b) => ready[a] < ready[b] || (ready[a] === ready[b] && a < b));
  waitsFor.forEach((count, task) => {
    if (count === 0) queue.push(task);
  });
  let next = 0;
  let end = 0;
  let known = 0;
  let done = 0;
  for (let task = queue.pop(); task !== undefined; task = queue.pop()) {
    done++;
    const runtime = tasks[task].runtime * 1000;
    if (Number.isNaN(plan.recorded[task])) {
      launched[task] = Math.max(ready[task], next);
      next = launched[task] + gap;
      const free = cores.get(plan.machines[task] ?? "");
      started[task] = take(free, launched[task], runtime, tasks[task].cores ?? 1);
    } else {
      known++;
      started[task] = plan.recorded[task];
      launched[task] = Math.min(ready[task], started[task]);
    }
    ended[task] = started[task] + runtime;
    end = Math.max(end, ended[task]);
    for (const child of plan.children[task]) {
      ready[child] = Math.max(ready[child], ended[task]);
      if (--waitsFor[child] === 0) queue.push(child);
    }
  }
  if (done < tasks.length) {
    const { id } = tasks[inCircle(tasks, waitsFor)];
    throw new ImportError(`its tasks wait for each other in a circle, ${id} among them`);
  }
  return { launched, started, ended, machines: plan.machines, end, known };
}

/** A task of a circle: from one that still waits, back to parents that do, until one comes twice. */
function inCircle(tasks: readonly TraceTask[], waitsFor: Int32Array): number {
  const seen = new Set<number>();
  let task = waitsFor.findIndex((count) => count > 0);
  while (!seen.has(task)) {
    seen.add(task);
    task = tasks[task].parents.find((parent) => waitsFor[parent] > 0)!;
  }
  return task;
}

/** The times from which each of some cores is free. */
function idle(count: number): Heap<number> {
  const free = new Heap<number>((a, b) => a < b);
  for (let i = 0; i < count; i++) free.push(0);
  return free;
}

/** When a task can start that needs some cores; they are taken for as long as it runs. */
function take(
  free: Heap<number> | undefined,
  launched: number,
  runtime: number,
  cores: number,
): number {
  if (free === undefined || free.size === 0) return launched;
  const wanted = Math.min(Math.ceil(cores), free.size);
  let start = launched;
  for (let i = 0; i < wanted; i++) start = Math.max(start, free.pop()!);
  for (let i = 0; i < wanted; i++) free.push(start + runtime);
  return start;
}
