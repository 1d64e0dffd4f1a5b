import { type Manager, managersOf } from "./capacity.ts";
import { type DagColour, type DagView, dagView } from "./dag.ts";
import {
  type AppFigures,
  appFigures,
  type Count,
  cpuOf,
  type FailureGroup,
  failureGroups,
  finishedTasks,
  type Histogram,
  histogram,
  peakMemory,
  queueTime,
  runTime,
  stateCounts,
  taskUsage,
} from "./figures.ts";
import { liveness, newestTime } from "./liveness.ts";
import type { BlockRow, ResourceRow, StatusRow, TaskText, TryRow } from "./rows.ts";
import type { Run } from "./run.ts";
import {
  appSeries,
  busyAt,
  cpuSeries,
  memorySeries,
  type Series,
  stateSeries,
  workerSeries,
} from "./series.ts";
import { type Order, ordered } from "./sort.ts";
import { isFailed, stateRank } from "./states.ts";
import { selectTasks, type TaskLine, taskLine, type TaskQuery } from "./task_table.ts";

/** What every page of a run says at its top. Times naive ms, durations ms. */
export interface RunHead {
  runId: string;
  name: string;
  version: string | null;
  status: "running" | "completed" | "failed" | "lost";
  /** Since the newest row, ms; null for a run that ended. */
  silence: number | null;
  began: number | null;
  completed: number | null;
  duration: number;
  host: string | null;
  user: string | null;
  rundir: string | null;
  tasks: number;
  finished: number;
  failed: number;
  states: Count[];
}

/** The head of a run's pages. `now` is the submit host's naive clock in ms. */
export function runHead(run: Run, now: number): RunHead {
  const w = run.workflow;
  const states = stateCounts(run);
  const failed = states.filter((s) => isFailed(s.name)).reduce((sum, s) => sum + s.count, 0);
  return {
    runId: run.runId,
    name: w.name ?? run.runId.slice(0, 8),
    version: w.version,
    ...liveness(w.completed, failed, newestTime(run), now),
    began: w.began,
    completed: w.completed,
    duration: run.end - run.began,
    host: w.host,
    user: w.user,
    rundir: w.rundir,
    tasks: run.tasks,
    finished: finishedTasks(run),
    failed,
    states,
  };
}

/** The summary page. */
export interface SummaryView {
  head: RunHead;
  apps: AppFigures[];
  appOrder: Order;
  failures: FailureGroup[];
  stateSeries: Series;
  appSeries: Series;
  busyNow: number;
  peakMemory: number | null;
}

export const APP_KEYS = [
  "app",
  "tasks",
  "failed",
  "tries",
  "medianRun",
  "longestRun",
  "medianQueue",
  "totalRun",
  "peakMemory",
] as const;
type AppKey = typeof APP_KEYS[number];

/** The apps as they come unless told otherwise: the one with most tasks first. */
export const APP_ORDER: Order = { sort: "tasks", descending: true };

/** The summary of a run. */
export function summaryView(run: Run, now: number, appOrder = APP_ORDER): SummaryView {
  return {
    head: runHead(run, now),
    apps: ordered(appFigures(run), (a) => a[appOrder.sort as AppKey], appOrder.descending),
    appOrder,
    failures: failureGroups(run),
    stateSeries: stateSeries(run),
    appSeries: appSeries(run),
    busyNow: run.workflow.completed === null ? busyAt(run, [run.end])[0] : 0,
    peakMemory: peakMemory(run),
  };
}

/** A page of the task table, of all tasks or of one app's. */
export interface TasksView {
  head: RunHead;
  query: TaskQuery;
  total: number;
  pages: number;
  lines: TaskLine[];
  states: Count[];
  apps: string[];
  app: AppFigures | null;
}

/** The page of the task table that a query asks for; null when it names an app the run has not. */
export function tasksView(
  run: Run,
  now: number,
  query: TaskQuery,
  onlyApp: string | null,
): TasksView | null {
  const apps = appFigures(run);
  const app = onlyApp === null ? null : apps.find((a) => a.app === onlyApp) ?? null;
  if (onlyApp !== null && app === null) return null;
  const selected = selectTasks(run, query);
  const pages = Math.max(1, Math.ceil(selected.length / query.perPage));
  const page = Math.min(query.page, pages);
  const head = runHead(run, now);
  return {
    head,
    query: { ...query, page },
    total: selected.length,
    pages,
    lines: selected.slice((page - 1) * query.perPage, page * query.perPage).map((t) =>
      taskLine(run, t)
    ),
    states: app ? app.states : head.states,
    apps: apps.map((a) => a.app),
    app,
  };
}

/** One try on the task page. */
export interface TryView {
  tryId: number;
  executor: string | null;
  host: string | null;
  block: string | null;
  launched: number | null;
  running: number | null;
  ended: number | null;
  returned: number | null;
  queued: number | null;
  ran: number | null;
  cpuSeconds: number | null;
  peakMemory: number | null;
  failure: string | null;
  joins: number[];
}

/** The task page. */
export interface TaskView {
  head: RunHead;
  line: TaskLine;
  text: TaskText;
  tries: TryView[];
  events: { state: string; tryId: number; time: number }[];
  depends: { taskId: number; app: string; state: string }[];
  dependents: { taskId: number; app: string; state: string }[];
  moreDependents: number;
  memoize: boolean;
  failCount: number;
  samples: {
    time: number[];
    memory: (number | null)[];
    virtual: (number | null)[];
    cpu: (number | null)[];
    read: (number | null)[];
    write: (number | null)[];
  };
}

/** The long texts and samples of a task, as the store gives them. */
export interface TaskRecordLike {
  text: TaskText;
  tries: TryRow[];
  statuses: StatusRow[];
  resources: ResourceRow[];
}

/** Everything about one task; null when the run has no such task. */
export function taskView(
  run: Run,
  now: number,
  taskId: number,
  record: TaskRecordLike,
): TaskView | null {
  const task = run.indexOf(taskId);
  if (task === undefined) return null;
  const brief = (id: number) => {
    const index = run.indexOf(id);
    return {
      taskId: id,
      app: index === undefined ? "unknown" : run.apps.at(run.taskApp.data[index]) ?? "unknown",
      state: index === undefined ? "unknown" : run.stateOf(index),
    };
  };
  const dependents: number[] = [];
  for (let other = 0; other < run.tasks; other++) {
    if (run.dependenciesOf(other).includes(taskId)) dependents.push(run.taskId.data[other]);
  }
  const failures = new Map(record.tries.map((t) => [t.tryId, t.failHistory]));
  const samples = [...record.resources].sort((a, b) => a.tryId - b.tryId || a.time - b.time);
  return {
    head: runHead(run, now),
    line: taskLine(run, task, 200),
    text: record.text,
    tries: run.triesOf(task).map((t) => ({
      tryId: run.tryNumber.data[t],
      executor: run.names.at(run.tryExecutor.data[t]),
      host: run.names.at(run.tryHost.data[t]),
      block: run.names.at(run.tryBlock.data[t]),
      launched: run.tryLaunched.get(t),
      running: run.tryRunning.get(t),
      ended: run.tryEnded.get(t),
      returned: run.tryReturned.get(t),
      queued: queueTime(run, t),
      ran: runTime(run, t),
      cpuSeconds: cpuOf(run, t),
      peakMemory: run.tryPeakMemory.get(t),
      failure: failures.get(run.tryNumber.data[t]) || null,
      joins: (run.texts.at(run.tryJoins.data[t]) ?? "").split(",").map((s) =>
        Number.parseInt(s, 10)
      )
        .filter(Number.isInteger),
    })),
    events: orderedRows(record.statuses),
    depends: Array.from(run.dependenciesOf(task), brief).slice(0, 200),
    dependents: dependents.slice(0, 200).map(brief),
    moreDependents: Math.max(0, dependents.length - 200),
    memoize: run.taskMemoize.data[task] === 1,
    failCount: run.taskFailCount.data[task],
    samples: {
      time: samples.map((s) => s.time),
      memory: samples.map((s) => s.resident),
      virtual: samples.map((s) => s.virtual),
      cpu: samples.map((s) =>
        s.cpuUser === null && s.cpuSystem === null ? null : (s.cpuUser ?? 0) + (s.cpuSystem ?? 0)
      ),
      read: samples.map((s) => s.diskRead),
      write: samples.map((s) => s.diskWrite),
    },
  };
}

/** Status rows as they were recorded, in the order of the task's life. */
function orderedRows(rows: StatusRow[]): { state: string; tryId: number; time: number }[] {
  return [...rows]
    .sort((a, b) => a.tryId - b.tryId || stateRank(a.state) - stateRank(b.state) || a.time - b.time)
    .map(({ state, tryId, time }) => ({ state, tryId, time }));
}

/** The DAG page. */
export interface DagPageView {
  head: RunHead;
  dag: DagView;
}

/** The DAG of a run, coloured by app or by state. */
export function dagPageView(run: Run, now: number, colour: DagColour): DagPageView {
  const offsets = new Int32Array(run.tasks + 1);
  const deps = new Int32Array(run.depIds.length);
  let at = 0;
  for (let task = 0; task < run.tasks; task++) {
    for (const id of run.dependenciesOf(task)) deps[at++] = run.indexOf(id) ?? -1;
    offsets[task + 1] = at;
  }
  const unknownApp = run.apps.list.length;
  const unknownState = run.states.list.length;
  return {
    head: runHead(run, now),
    dag: dagView({
      count: run.tasks,
      ids: run.taskId.data.slice(0, run.tasks),
      app: Int32Array.from(
        { length: run.tasks },
        (_, i) => run.taskApp.data[i] < 0 ? unknownApp : run.taskApp.data[i],
      ),
      state: Uint8Array.from(
        { length: run.tasks },
        (_, i) => run.taskState.data[i] < 0 ? unknownState : run.taskState.data[i],
      ),
      apps: [...run.apps.list, "unknown"],
      states: [...run.states.list, "unknown"],
      offsets,
      deps: deps.subarray(0, at),
    }, { colour }),
  };
}

/** The resource page. */
export interface ResourcesView {
  head: RunHead;
  workers: Series & { capacity: (number | null)[] };
  cpu: Series & { capacity: (number | null)[] };
  memory: Series & { capacity: (number | null)[] };
  cpuPerTask: Histogram;
  meanMemoryPerTask: Histogram;
  peakMemoryPerTask: Histogram;
  samples: number;
  managers: Manager[];
  blocks: BlockRow[];
}

/** What a run used, against what there was. */
export function resourcesView(run: Run, now: number): ResourcesView {
  const usage = taskUsage(run);
  return {
    head: runHead(run, now),
    workers: workerSeries(run),
    cpu: cpuSeries(run),
    memory: memorySeries(run),
    cpuPerTask: histogram(usage.cpu),
    meanMemoryPerTask: histogram(usage.meanMemory),
    peakMemoryPerTask: histogram(usage.peakMemory),
    samples: run.sampleTry.length,
    managers: managersOf(run),
    blocks: run.blocks.slice(-200),
  };
}
