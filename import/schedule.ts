/** When the tasks of a trace ran, where it does not tell. */
import { Heap } from "../model/figures/heap.ts";
import { Cores } from "./cores.ts";
import { graphOf, type TaskGraph } from "./order.ts";
import { startsOf } from "./starts.ts";
import type { Trace } from "./trace.ts";

/** Times of tasks, by their place in the trace, in milliseconds after the beginning of the run. */
export interface Schedule {
  launched: Float64Array;
  started: Float64Array;
  ended: Float64Array;
  /** Name of the machine; null where neither the trace nor its only machine tells. */
  machines: (string | null)[];
  /** When the last task ended. */
  end: number;
  /** Tasks whose start is the trace's. */
  known: number;
  /** Tasks whose start the trace tells, but which cannot be; it was computed as well. */
  refused: number;
  /** What is doubtful in the trace's starts, in sentences. */
  remarks: string[];
}

/** What every placing of tasks finds anew. */
type Placing = Omit<Schedule, "machines" | "refused" | "remarks">;

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
  /** When a task has to start so that those behind it can start as recorded; else Infinity. */
  latest: Float64Array;
}

/**
 * Places every task: at its recorded start where it can be right, else as early as its parents and the cores of its
 * machine allow, first ready first served. When that ends before the trace's makespan, tasks are
 * launched one after the other in even steps, as wide as makes the run as long as it was. Cores are
 * not counted when the trace's makespan would not do with them. No step and no core makes a task so
 * late that one behind it could not start as recorded.
 *
 * @throws {ImportError} when tasks wait for each other in a circle.
 */
export function schedule(trace: Trace): Schedule {
  const graph = graphOf(trace.tasks);
  const { recorded, refused, remarks } = startsOf(trace, graph);
  const plan = planOf(trace, graph, recorded);
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
  return { ...best, machines: plan.machines, refused, remarks };
}

function planOf(trace: Trace, { children, order }: TaskGraph, recorded: Float64Array): Plan {
  const { tasks, machines } = trace;
  const only = machines.length === 1 ? machines[0].name : null;
  const latest = new Float64Array(tasks.length).fill(Infinity);
  for (const task of order.toReversed()) {
    for (const child of children[task]) {
      const start = Number.isNaN(recorded[child]) ? latest[child] : recorded[child];
      latest[task] = Math.min(latest[task], start - tasks[task].runtime * 1000);
    }
  }
  return { trace, recorded, machines: tasks.map((t) => t.machine ?? only), children, latest };
}

/** @param gap milliseconds between one launch and the next */
function place(plan: Plan, gap: number, counted: boolean): Placing {
  const { tasks, machines } = plan.trace;
  const launched = new Float64Array(tasks.length);
  const started = new Float64Array(tasks.length);
  const ended = new Float64Array(tasks.length);
  const ready = new Float64Array(tasks.length);
  const waitsFor = Int32Array.from(tasks, (task) => task.parents.length);
  const cores = new Map<string, Cores>();
  for (const machine of counted ? machines : []) {
    const { name, cores: count } = machine;
    if (count !== null && count <= MOST_CORES) cores.set(name, new Cores(count));
  }
  /** Tasks by when they are ready, those that are ready at once as in the trace. */
  const queue = new Heap();
  waitsFor.forEach((count, task) => {
    if (count === 0) queue.push(ready[task], task);
  });
  let next = 0;
  let end = 0;
  let known = 0;
  for (let task = queue.pop(); task !== undefined; task = queue.pop()) {
    const runtime = tasks[task].runtime * 1000;
    if (Number.isNaN(plan.recorded[task])) {
      const latest = Math.max(ready[task], plan.latest[task]);
      launched[task] = Math.min(Math.max(ready[task], next), latest);
      next = Math.max(next, launched[task] + gap);
      const free = cores.get(plan.machines[task] ?? "");
      started[task] = free?.take(launched[task], latest, runtime, tasks[task].cores ?? 1) ??
        launched[task];
    } else {
      known++;
      started[task] = plan.recorded[task];
      launched[task] = Math.min(ready[task], started[task]);
    }
    ended[task] = started[task] + runtime;
    end = Math.max(end, ended[task]);
    for (const child of plan.children[task]) {
      ready[child] = Math.max(ready[child], ended[task]);
      if (--waitsFor[child] === 0) queue.push(ready[child], child);
    }
  }
  return { launched, started, ended, end, known };
}
