/** The page of one task. */
import { isStampedByWorker, stateRank } from "../../parsl/states.ts";
import { taskIds } from "../../parsl/task_ids.ts";
import { queueTime, runTime } from "../figures/figures.ts";
import { tryCpu, tryPeak } from "../figures/measured.ts";
import type { Measured } from "../run/measured.ts";
import { type PageOf, pageOf } from "../figures/pages.ts";
import { type Remark, taskRemarks } from "../figures/remarks.ts";
import type { TryEnd } from "../../parsl/own_words.ts";
import {
  type RequestRow,
  type TracebackRow,
  type TryTotals,
  type WorkerName,
  workerName,
} from "../run/own_rows.ts";
import type { StatusRow, TaskText, TryRow } from "../run/rows.ts";
import type { ResourceRow } from "../run/resource_row.ts";
import type { Run } from "../run/run.ts";
import { type TaskSamples, taskSamples } from "../tasks/samples.ts";
import { type TaskLine, taskLine } from "../tasks/columns.ts";
import { type RunHead, runHead } from "./head.ts";
import { type TryUse, tryUses } from "./try_totals.ts";

/** One try on the task page. */
export interface TryView {
  tryId: number;
  executor: string | null;
  host: string | null;
  block: string | null;
  launched: number | null;
  running: number | null;
  ended: number | null;
  queued: number | null;
  ran: number | null;
  cpu: Measured;
  memory: Measured;
  /** Who ran it, and how it ended, where that was told. */
  worker: WorkerName | null;
  outcome: TryEnd | null;
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
  /** Of the tries that are listed. */
  samples: TaskSamples;
  /** What they used and asked for, where that was told. */
  uses: TryUse[];
  /** What they raised, the newest first; alike ones once. */
  tracebacks: Traceback[];
  /** How many more differ from these. */
  moreTracebacks: number;
}

/** What some tries raised. */
export interface Traceback {
  text: string;
  /** Characters that were left out of it. */
  cut: number;
  tries: number[];
}

/** The long texts and samples of a task, as the store gives them. */
export interface TaskRecordLike {
  text: TaskText;
  tries: TryRow[];
  statuses: StatusRow[];
  resources: ResourceRow[];
  /** What our client told; nothing unless it did. */
  totals?: TryTotals[];
  tracebacks?: TracebackRow[];
  requests?: RequestRow[];
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
      app: index === undefined ? "unknown" : run.appOf(index),
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
  const told = new Map(record.totals?.map((row) => [row.tryId, row]));
  const line = taskLine(run, task, LISTED);
  const { lines: attempts, ...page } = pageOf(run.triesOf(task), triesPage, TRIES);
  const isListed = listed(run, attempts, page);
  return {
    head: runHead(run, now),
    remarks: taskRemarks(run, task),
    line,
    text: record.text,
    tries: attempts.map((t) => {
      const number = run.tryNumber.data[t];
      return tryView(run, t, recorded.get(number), told.get(number));
    }),
    triesPage: page,
    events: orderedRows(record.statuses.filter(({ tryId }) => isListed(tryId)), shiftOf),
    depends: line.depends.map(brief),
    moreDepends: line.moreDepends,
    dependents: dependents.ids.map(brief),
    moreDependents: dependents.more,
    memoize: run.taskMemoize.data[task] === 1,
    samples: taskSamples(
      record.resources.map((row) => ({ ...row, time: row.time - shiftOf(row.tryId) })),
      isListed,
    ),
    uses: tryUses(record.totals ?? [], record.requests ?? [], record.resources, isListed),
    ...tracebacksOf((record.tracebacks ?? []).filter(({ tryId }) => isListed(tryId))),
  };
}

/** Tracebacks on one page. */
const TRACEBACKS = 10;

function tracebacksOf(
  rows: readonly TracebackRow[],
): Pick<TaskView, "tracebacks" | "moreTracebacks"> {
  const alike = Map.groupBy(rows.toReversed(), ({ text, cut }) => `${cut} ${text}`);
  const tracebacks = Array.from(alike.values(), (same): Traceback => ({
    text: same[0].text,
    cut: same[0].cut,
    tries: same.map(({ tryId }) => tryId).reverse(),
  }));
  const more = Math.max(0, tracebacks.length - TRACEBACKS);
  return { tracebacks: tracebacks.slice(0, TRACEBACKS), moreTracebacks: more };
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

function tryView(
  run: Run,
  attempt: number,
  row: TryRow | undefined,
  totals: TryTotals | undefined,
): TryView {
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
    queued: queueTime(run, attempt),
    ran: runTime(run, attempt),
    cpu: tryCpu(run, attempt),
    memory: tryPeak(run, attempt),
    worker: totals ? workerName(totals) : null,
    outcome: totals?.ended ?? null,
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
