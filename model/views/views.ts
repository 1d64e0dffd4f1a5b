import { type Block, blocksOf } from "../figures/blocks.ts";
import { type Manager, managersOf } from "../figures/capacity.ts";
import type { DagColour, DagView } from "../dag/view.ts";
import type { DagNodes } from "../dag/nodes.ts";
import { runDagView } from "../dag/run.ts";
import {
  type AppFigures,
  appFigures,
  appNames,
  type Count,
  cpuOf,
  failedOf,
  type FailureGroup,
  failureGroups,
  finishedTasks,
  type Histogram,
  peakMemory,
  queueTime,
  runTime,
  stateCounts,
  usageHistograms,
} from "../figures/figures.ts";
import { liveness, newestTime } from "../figures/liveness.ts";
import { type PageOf, pageOf } from "../figures/pages.ts";
import { type Remark, remarksOf, taskRemarks } from "../figures/remarks.ts";
import type { ResourceRow, StatusRow, TaskText, TryRow } from "../run/rows.ts";
import type { Run } from "../run/run.ts";
import { runName } from "../figures/run_name.ts";
import {
  appSeries,
  busyNow,
  cpuSeries,
  memorySeries,
  type Series,
  stateSeries,
  workerSeries,
} from "../figures/series.ts";
import { type Order, ordered } from "../figures/sort.ts";
import { parseSearch, searchNotes } from "../tasks/search_terms.ts";
import { type TaskSamples, taskSamples } from "../tasks/samples.ts";
import { isStampedByWorker, stateRank } from "../../parsl/states.ts";
import { runDuration } from "../figures/try_times.ts";
import { taskIds } from "../../parsl/task_ids.ts";
import { type TaskLine, taskLine, taskPage, type TaskQuery } from "../tasks/table.ts";
import { NO_TEXTS, type Texts } from "../tasks/texts.ts";

/** What every page of a run says at its top. Times naive ms, durations ms. */
export interface RunHead {
  /** What pages and questions name the run by. */
  runId: string;
  /** Its id in the database, where another database has a run of the same id, too. */
  recordedId?: string;
  /** Why what is shown may not be all that there is to know, in a sentence. */
  problem?: string;
  name: string;
  version: string | null;
  status: "running" | "completed" | "failed" | "lost";
  /** Since the newest row, ms; null for a run that ended. */
  silence: number | null;
  began: number | null;
  completed: number | null;
  /** Null where the clock that tells it was set back meanwhile. */
  duration: number | null;
  host: string | null;
  user: string | null;
  rundir: string | null;
  tasks: number;
  finished: number;
  /** Tasks that failed for good, and tasks that were not run because a dependency failed. */
  failed: number;
  notRun: number;
  states: Count[];
}

/** The head of a run's pages. `now` is the submit host's naive clock in ms. */
export function runHead(run: Run, now: number): RunHead {
  const w = run.workflow;
  const states = stateCounts(run);
  const { failed, notRun } = failedOf(states);
  return {
    runId: run.runId,
    name: runName(w),
    version: w.version,
    ...liveness(w.completed, failed + notRun, newestTime(run), now),
    began: w.began,
    completed: w.completed,
    duration: runDuration(run),
    host: w.host,
    user: w.user,
    rundir: w.rundir,
    tasks: run.tasks,
    finished: finishedTasks(run),
    failed,
    notRun,
    states,
  };
}

/** The summary page. */
export interface SummaryView {
  head: RunHead;
  /** What to know about the data behind all pages' figures. */
  remarks: Remark[];
  apps: AppFigures[];
  appOrder: Order;
  /** All of them; the texts of those after the first 50 are shortened. */
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
  "notRun",
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
    remarks: remarksOf(run),
    apps: ordered(appFigures(run), (a) => a[appOrder.sort as AppKey], appOrder.descending),
    appOrder,
    failures: failureGroups(run).map((group, i) => i < WHOLE ? group : briefly(group)),
    stateSeries: stateSeries(run),
    appSeries: appSeries(run),
    busyNow: busyNow(run),
    peakMemory: peakMemory(run),
  };
}

/** So many groups of failures come with their texts as long as they are kept. */
const WHOLE = 50;
/** The most of the text of another. */
const BRIEF = 300;

function briefly(group: FailureGroup): FailureGroup {
  const { example } = group;
  return example.length <= BRIEF ? group : { ...group, example: `${example.slice(0, BRIEF)}…` };
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
  searched: Searched;
}

/** How a search was understood, and what it has not found yet or cannot find. */
export interface Searched {
  /** Why it was not understood, or its texts were not searched; null when all is well. */
  problem: string | null;
  /** Rows whose texts were searched and in all, while there are more to search; else null. */
  texts: { done: number; total: number } | null;
  /** Sentences on what was not searched. */
  notes: string[];
}

/**
 * The page of the task table that a query asks for; null when it names an app the run has not.
 *
 * @param texts what is known of the tasks' texts
 */
export function tasksView(
  run: Run,
  now: number,
  query: TaskQuery,
  onlyApp: string | null,
  texts: Texts = NO_TEXTS,
): TasksView | null {
  const app = onlyApp === null ? null : appFigures(run).find((a) => a.app === onlyApp) ?? null;
  if (onlyApp !== null && app === null) return null;
  const { total, page, pages, tasks } = taskPage(run, query, texts);
  const { problem } = parseSearch(query.search);
  const unsearched = texts.problem && `Texts could not be searched: ${texts.problem}`;
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
    searched: {
      problem: problem ?? unsearched,
      texts: texts.progress,
      notes: [...texts.lacks, ...searchNotes(query.search)],
    },
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
  /** The others, by commas, where the table of tasks cannot list them; else empty. */
  otherJoins: string;
}

/** The task page. */
export interface TaskView {
  head: RunHead;
  /** What to know of the clocks behind its times. */
  remarks: Remark[];
  line: TaskLine;
  text: TaskText;
  /** One page of its tries; the last one unless another is asked for. */
  tries: TryView[];
  triesPage: Omit<PageOf<TryView>, "lines">;
  /** Of the tries that are listed. */
  events: { state: string; tryId: number; time: number }[];
  /** The first 200, and how many there are beside. */
  depends: { taskId: number; app: string; state: string }[];
  moreDepends: number;
  dependents: { taskId: number; app: string; state: string }[];
  moreDependents: number;
  memoize: boolean;
  failCount: number;
  /** Of the tries that are listed. */
  samples: TaskSamples;
}

/** The long texts and samples of a task, as the store gives them. */
export interface TaskRecordLike {
  text: TaskText;
  tries: TryRow[];
  statuses: StatusRow[];
  resources: ResourceRow[];
}

/**
 * Everything about one task; null when the run has no such task.
 *
 * @param triesPage the page of its tries, from 1
 */
export function taskView(
  run: Run,
  now: number,
  taskId: number,
  record: TaskRecordLike,
  triesPage = Infinity,
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
  // All times of the page are of the submit host's clock.
  const shifts = new Map(
    run.triesOf(task).map((t) => [run.tryNumber.data[t], run.tries.shiftOf(t)]),
  );
  const shiftOf = (tryId: number) => shifts.get(tryId) ?? 0;
  const recorded = new Map(record.tries.map((row) => [row.tryId, row]));
  const line = taskLine(run, task, LISTED);
  const { lines: attempts, ...page } = pageOf(run.triesOf(task), triesPage, TRIES);
  const isListed = listed(run, attempts, page);
  return {
    head: runHead(run, now),
    remarks: taskRemarks(run, task),
    line,
    text: record.text,
    tries: attempts.map((t) => tryView(run, t, recorded.get(run.tryNumber.data[t]))),
    triesPage: page,
    events: orderedRows(record.statuses.filter(({ tryId }) => isListed(tryId)), shiftOf),
    depends: line.depends.map(brief),
    moreDepends: line.moreDepends,
    dependents: dependents.ids.map(brief),
    moreDependents: dependents.more,
    memoize: run.taskMemoize.data[task] === 1,
    failCount: run.taskFailCount.data[task],
    samples: taskSamples(
      record.resources.map((row) => ({ ...row, time: row.time - shiftOf(row.tryId) })),
      isListed,
    ),
  };
}

/** Tries on one page of a task. */
const TRIES = 100;

/** Whether a try belongs to a page of tries; numbers that the run has not yet read are the last's. */
function listed(
  run: Run,
  attempts: readonly number[],
  { page, pages }: { page: number; pages: number },
): (tryId: number) => boolean {
  const number = (at: number) => run.tryNumber.data[attempts.at(at)!];
  const from = page === 1 ? -Infinity : number(0);
  const to = page === pages ? Infinity : number(-1);
  return (tryId) => tryId >= from && tryId <= to;
}

/** The most tasks that a page lists of those that one task is connected with. */
const LISTED = 200;

function tryView(run: Run, attempt: number, row: TryRow | undefined): TryView {
  const joins = taskIds(row?.joins ?? "");
  const others = joins.slice(LISTED);
  const newest = run.joins.of(run.tryTask.data[attempt]);
  const isNewest = newest.length === joins.length && joins.every((id, i) => id === newest[i]);
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
    moreJoins: others.length,
    otherJoins: isNewest ? "" : others.join(", "),
  };
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

/** Status rows in the order of the task's life, the worker's clock taken back by its shift. */
function orderedRows(
  rows: StatusRow[],
  shiftOf: (tryId: number) => number,
): { state: string; tryId: number; time: number }[] {
  return [...rows]
    .sort((a, b) => a.tryId - b.tryId || stateRank(a.state) - stateRank(b.state) || a.time - b.time)
    .map(({ state, tryId, time }) => ({
      state,
      tryId,
      time: isStampedByWorker(state) ? time - shiftOf(tryId) : time,
    }));
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
  managers: PageOf<Manager>;
  blocks: PageOf<Block>;
}

/** Which pages of the resource page's tables are asked for, from 1. */
export interface FleetPages {
  managers: number;
  blocks: number;
}

/** Managers and blocks on one page of their tables. */
const FLEET_LINES = 100;

/** What a run used, against what there was. */
export function resourcesView(
  run: Run,
  now: number,
  pages: FleetPages = { managers: 1, blocks: 1 },
): ResourcesView {
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
    managers: pageOf(managersOf(run), pages.managers, FLEET_LINES),
    blocks: pageOf(blocksOf(run), pages.blocks, FLEET_LINES),
  };
}
