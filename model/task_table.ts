import type { Run } from "./run.ts";
import { csv, csvTime } from "./csv.ts";
import { ordered } from "./sort.ts";
import { runTime } from "./figures.ts";

/** One line of the task table. Times in naive ms, durations in ms, memory in bytes. */
export interface TaskLine {
  taskId: number;
  app: string;
  state: string;
  tries: number;
  depends: number[];
  /** Dependencies not listed, when there are many. */
  moreDepends: number;
  invoked: number | null;
  returned: number | null;
  /** Time on a worker in the last try. */
  ran: number | null;
  host: string | null;
  executor: string | null;
  peakMemory: number | null;
}

/** What the task table is asked for. */
export interface TaskQuery {
  sort: SortKey;
  descending: boolean;
  /** Words that app, id, state, host or executor must hold. */
  search: string;
  state: string;
  app: string;
  page: number;
  perPage: number;
}

export const SORT_KEYS = [
  "id",
  "app",
  "state",
  "tries",
  "invoked",
  "returned",
  "ran",
  "memory",
  "host",
] as const;
export type SortKey = typeof SORT_KEYS[number];

/** Reads a table query from URL parameters; what makes no sense becomes the default. */
export function parseTaskQuery(params: URLSearchParams, app = ""): TaskQuery {
  const sort = params.get("sort") ?? "id";
  return {
    sort: (SORT_KEYS as readonly string[]).includes(sort) ? sort as SortKey : "id",
    descending: params.get("order") === "desc",
    search: (params.get("q") ?? "").trim(),
    state: params.get("state") ?? "",
    app: app || (params.get("app") ?? ""),
    page: Math.max(1, Math.floor(Number(params.get("page"))) || 1),
    perPage: 50,
  };
}

/** Indexes of the tasks that a query asks for, in its order, all pages. */
export function selectTasks(run: Run, query: TaskQuery): number[] {
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  const out: number[] = [];
  for (let task = 0; task < run.tasks; task++) {
    const state = run.stateOf(task);
    if (query.state && state !== query.state) continue;
    const app = run.apps.at(run.taskApp.data[task]) ?? "unknown";
    if (query.app && app !== query.app) continue;
    if (words.length > 0) {
      const last = lastTry(run, task);
      const host = last < 0 ? "" : run.names.at(run.tryHost.data[last]) ?? "";
      const executor = last < 0 ? "" : run.names.at(run.tryExecutor.data[last]) ?? "";
      const text = `${run.taskId.data[task]} ${app} ${state} ${host} ${executor}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
    }
    out.push(task);
  }
  const byId = out.sort((a, b) => run.taskId.data[a] - run.taskId.data[b]);
  return ordered(byId, (task) => sortKey(run, task, query.sort), query.descending);
}

/** Index of a task's newest try; -1 if it has none. */
export function lastTry(run: Run, task: number): number {
  let best = -1;
  for (let t = run.taskLastTry.data[task]; t >= 0; t = run.tryPrev.data[t]) {
    if (best < 0 || run.tryNumber.data[t] > run.tryNumber.data[best]) best = t;
  }
  return best;
}

function sortKey(run: Run, task: number, key: SortKey): number | string | null {
  const last = lastTry(run, task);
  switch (key) {
    case "id":
      return run.taskId.data[task];
    case "app":
      return run.apps.at(run.taskApp.data[task]);
    case "state":
      return run.taskState.data[task];
    case "tries":
      return triesCount(run, task);
    case "invoked":
      return run.taskInvoked.get(task);
    case "returned":
      return run.taskReturned.get(task);
    case "ran":
      return last < 0 ? null : runTime(run, last);
    case "memory":
      return taskPeak(run, task);
    case "host":
      return last < 0 ? null : run.names.at(run.tryHost.data[last]);
  }
}

function triesCount(run: Run, task: number): number {
  let count = 0;
  for (let t = run.taskLastTry.data[task]; t >= 0; t = run.tryPrev.data[t]) count++;
  return count;
}

function taskPeak(run: Run, task: number): number | null {
  let peak: number | null = null;
  for (let t = run.taskLastTry.data[task]; t >= 0; t = run.tryPrev.data[t]) {
    const value = run.tryPeakMemory.get(t);
    if (value !== null) peak = Math.max(peak ?? 0, value);
  }
  return peak;
}

/** The table's line for a task. */
export function taskLine(run: Run, task: number, maxDepends = 8): TaskLine {
  const last = lastTry(run, task);
  const depends = run.dependenciesOf(task);
  return {
    taskId: run.taskId.data[task],
    app: run.apps.at(run.taskApp.data[task]) ?? "unknown",
    state: run.stateOf(task),
    tries: triesCount(run, task),
    depends: Array.from(depends.subarray(0, maxDepends)),
    moreDepends: Math.max(0, depends.length - maxDepends),
    invoked: run.taskInvoked.get(task),
    returned: run.taskReturned.get(task),
    ran: last < 0 ? null : runTime(run, last),
    host: last < 0 ? null : run.names.at(run.tryHost.data[last]),
    executor: last < 0 ? null : run.names.at(run.tryExecutor.data[last]),
    peakMemory: taskPeak(run, task),
  };
}

/** The lines of a selection as CSV with a header, RFC 4180. */
export function tasksCsv(run: Run, tasks: number[]): string {
  const lines = tasks.map((task) => {
    const l = taskLine(run, task, Infinity);
    return [
      l.taskId,
      l.app,
      l.state,
      l.tries,
      l.depends.join(" "),
      csvTime(l.invoked),
      csvTime(l.returned),
      l.ran === null ? null : l.ran / 1000,
      l.host,
      l.executor,
      l.peakMemory,
    ];
  });
  return csv(
    "task_id,app,state,tries,depends,invoked,returned,run_seconds,hostname,executor,peak_memory_bytes",
    lines,
  );
}
