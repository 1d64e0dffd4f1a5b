import { SORT_KEYS, SortKey, TaskQuery } from "./query.ts";
import type { Run } from "../run/run.ts";
import { csvLine, csvTime } from "../figures/csv.ts";
import { runTime, taskPeak } from "../figures/figures.ts";
import { parseRelated } from "./related.ts";

export { selectTasks, taskPage } from "./selection.ts";

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

/** Reads a table query from URL parameters; what makes no sense becomes the default. */
export function parseTaskQuery(params: URLSearchParams, app: string | null = null): TaskQuery {
  const sort = params.get("sort") ?? "id";
  return {
    sort: (SORT_KEYS as readonly string[]).includes(sort) ? sort as SortKey : "id",
    descending: params.get("order") === "desc",
    search: (params.get("q") ?? "").trim(),
    state: params.get("state") ?? "",
    app: app ?? params.get("app"),
    related: parseRelated(params),
    ...params.get("cause") ? { cause: params.get("cause")! } : {},
    page: Math.max(1, Math.floor(Number(params.get("page"))) || 1),
    perPage: 50,
  };
}

/** Index of a task's newest try; -1 if it has none. */
export function lastTry(run: Run, task: number): number {
  return run.taskLastTry.data[task];
}

/** The table's line for a task. */
export function taskLine(run: Run, task: number, maxDepends = 8): TaskLine {
  const last = lastTry(run, task);
  const depends = run.dependenciesOf(task);
  return {
    taskId: run.taskId.data[task],
    app: run.appOf(task),
    state: run.stateOf(task),
    tries: run.taskTries.data[task],
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

const CSV_HEADER =
  "task_id,app,state,tries,depends,invoked,returned,run_seconds,hostname,executor,peak_memory_bytes\r\n";

/** The lines of a selection as CSV with a header, RFC 4180. */
export function tasksCsv(run: Run, tasks: ArrayLike<number>): string {
  return [...tasksCsvParts(run, tasks)].join("");
}

/** The same in parts of some 100 kB, none made before it is asked for. */
export function* tasksCsvParts(
  run: Run,
  tasks: ArrayLike<number>,
  linesPerPart = 1000,
): Generator<string> {
  let part = CSV_HEADER;
  for (let i = 0; i < tasks.length; i++) {
    const l = taskLine(run, tasks[i], Infinity);
    part += csvLine([
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
    ]);
    if ((i + 1) % linesPerPart === 0) {
      yield part;
      part = "";
    }
  }
  if (part !== "") yield part;
}
