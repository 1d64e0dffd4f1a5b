import { type Manager, managersOf } from "./capacity.ts";
import type { DagColour, DagView } from "./dag.ts";
import type { DagNodes } from "./dag_nodes.ts";
import { runDagView } from "./dag_run.ts";
import {
  type AppFigures,
  appFigures,
  appNames,
  type Count,
  cpuOf,
  type FailureGroup,
  failureGroups,
  finishedTasks,
  type Histogram,
  peakMemory,
  queueTime,
  runTime,
  stateCounts,
  usageHistograms,
} from "./figures.ts";
import { liveness, newestTime } from "./liveness.ts";
import type { BlockRow, ResourceRow, StatusRow, TaskText, TryRow } from "./rows.ts";
import type { Run } from "./run.ts";
import {
  appSeries,
  busyNow,
  cpuSeries,
  memorySeries,
  type Series,
  stateSeries,
  workerSeries,
} from "./series.ts";
import { type Order, ordered } from "./sort.ts";
import { isFailed, stateRank } from "./states.ts";
import { taskIds } from "./task_ids.ts";
import { type TaskLine, taskLine, taskPage, type TaskQuery } from "./task_table.ts";

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
  const seen = states.filter((s) => isFailed(s.name)).reduce((sum, s) => sum + s.count, 0);
  // The run's own row knows of failures that have not been read yet.
  const failed = Math.max(seen, w.tasksFailed ?? 0);
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
  /** The first 100 groups. */
  failures: FailureGroup[];
  /** Groups of failures not listed. */
  moreFailures: number;
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
  const failures = failureGroups(run);
  return {
    head: runHead(run, now),
    apps: ordered(appFigures(run), (a) => a[appOrder.sort as AppKey], appOrder.descending),
    appOrder,
    failures: failures.slice(0, 100),
    moreFailures: Math.max(0, failures.length - 100),
    stateSeries: stateSeries(run),
    appSeries: appSeries(run),
    busyNow: busyNow(run),
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
  const app = onlyApp === null ? null : appFigures(run).find((a) => a.app === onlyApp) ?? null;
  if (onlyApp !== null && app === null) return null;
  const { total, page, pages, tasks } = taskPage(run, query);
  const head = runHead(run, now);
  return {
    head,
    query: { ...query, page },
    total,
    pages,
    lines: tasks.map((task) => taskLine(run, task)),
    states: app ? app.states : head.states,
    apps: appNames(run),
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
  /** The first 200 of the tasks that a join waits for, and how many there are beside. */
  joins: number[];
  moreJoins: number;
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
  /** Every sample, or every nth of a task that has thousands. */
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
  const dependents = dependentsOf(run, taskId, LISTED);
  const recorded = new Map(record.tries.map((row) => [row.tryId, row]));
  const samples = thinned(
    [...record.resources].sort((a, b) => a.tryId - b.tryId || a.time - b.time),
  );
  return {
    head: runHead(run, now),
    line: taskLine(run, task, 200),
    text: record.text,
    tries: run.triesOf(task).map((t) => tryView(run, t, recorded.get(run.tryNumber.data[t]))),
    events: orderedRows(record.statuses),
    depends: Array.from(run.dependenciesOf(task).subarray(0, LISTED), brief),
    dependents: dependents.ids.map(brief),
    moreDependents: dependents.more,
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

/** The most tasks that a page lists of those that one task is connected with. */
const LISTED = 200;

function tryView(run: Run, attempt: number, row: TryRow | undefined): TryView {
  const joins = taskIds(row?.joins ?? "");
  return {
    tryId: run.tryNumber.data[attempt],
    executor: run.names.at(run.tryExecutor.data[attempt]),
    host: run.names.at(run.tryHost.data[attempt]),
    block: row?.blockId ?? null,
    launched: run.tryLaunched.get(attempt),
    running: run.tryRunning.get(attempt),
    ended: run.tryEnded.get(attempt),
    returned: row?.returned ?? null,
    queued: queueTime(run, attempt),
    ran: runTime(run, attempt),
    cpuSeconds: cpuOf(run, attempt),
    peakMemory: run.samples.tryPeak.get(attempt),
    failure: row?.failHistory || null,
    joins: joins.slice(0, LISTED),
    moreJoins: Math.max(0, joins.length - LISTED),
  };
}

/** Rows of a long task, every so many of them, so that a page holds some 2,000 at most. */
function thinned<Row>(rows: Row[]): Row[] {
  const every = Math.ceil(rows.length / 2000);
  return rows.filter((_, i) => i % every === 0 || i === rows.length - 1);
}

/** Ids of the first tasks that wait for a task, and how many more there are. */
function dependentsOf(run: Run, taskId: number, most: number): { ids: number[]; more: number } {
  const ids: number[] = [];
  let more = 0;
  const { data } = run.depIds;
  for (let other = 0; other < run.tasks; other++) {
    const end = run.depStart.data[other] + run.depCount.data[other];
    for (let i = run.depStart.data[other]; i < end; i++) {
      if (data[i] !== taskId) continue;
      if (ids.length < most) ids.push(run.taskId.data[other]);
      else more++;
      break;
    }
  }
  return { ids, more };
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
  /** What it was asked to be drawn of; null for whatever reads best. */
  nodes: DagNodes | null;
}

/** The DAG of a run, of `nodes` or of what reads best. */
export function dagPageView(
  run: Run,
  now: number,
  colour: DagColour,
  nodes?: DagNodes,
): DagPageView {
  return { head: runHead(run, now), dag: runDagView(run, colour, nodes), nodes: nodes ?? null };
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
  const usage = usageHistograms(run);
  return {
    head: runHead(run, now),
    workers: workerSeries(run),
    cpu: cpuSeries(run),
    memory: memorySeries(run),
    cpuPerTask: usage.cpu,
    meanMemoryPerTask: usage.meanMemory,
    peakMemoryPerTask: usage.peakMemory,
    samples: run.samples.count,
    managers: managersOf(run),
    blocks: run.blocks.slice(-200),
  };
}
