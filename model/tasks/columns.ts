/**
 * The table of tasks: what its lines hold and what its columns are. A column more is one more entry
 * of each list; pages, their order, the CSV and the printed part of a report follow.
 */
import { exactness, taskCpu, taskMemory } from "../figures/measured.ts";
import { runMs, runTime } from "../figures/try_times.ts";
import type { Run } from "../run/run.ts";
import { csvOf, type SortKeyOf, sortKeys, type TableColumn } from "../table/column.ts";
import {
  byHighest,
  byNewestTry,
  byNumber,
  bySum,
  byText,
  byTextOfTry,
  type TaskOrder,
} from "./order.ts";

/**
 * The table's line for a task, given by its index: times naive ms, durations ms, memory bytes; of
 * its dependencies the first few.
 */
export function taskLine(run: Run, task: number, mostDepends = 8) {
  const last = run.taskLastTry.data[task];
  const hasTry = last >= 0;
  return {
    taskId: run.taskId.data[task],
    app: run.appOf(task),
    state: run.stateOf(task),
    tries: run.taskTries.data[task],
    depends: Array.from(run.dependenciesOf(task).subarray(0, mostDepends)),
    /** Dependencies not listed, when there are many. */
    moreDepends: Math.max(0, run.depCount.data[task] - mostDepends),
    invoked: run.taskInvoked.get(task),
    returned: run.taskReturned.get(task),
    /** Time on a worker in the last try. */
    ran: hasTry ? runTime(run, last) : null,
    host: hasTry ? run.names.at(run.tryHost.data[last]) : null,
    executor: hasTry ? run.names.at(run.tryExecutor.data[last]) : null,
    cpu: taskCpu(run, task),
    memory: taskMemory(run, task),
  };
}

/** One line of the table of tasks. */
export type TaskLine = ReturnType<typeof taskLine>;

type TaskColumn =
  & TableColumn<TaskLine>
  & (
    | { sort: "least" | "most"; by: (run: Run) => TaskOrder }
    | { sort?: undefined; by?: undefined }
  );

/** The columns of the table of tasks as a page has them, from the left. */
export const TASK_COLUMNS = [
  {
    key: "id",
    label: "Task",
    kind: "task",
    value: (t) => t.taskId,
    sort: "least",
    by: (run) => byNumber(run.taskId.data),
    csv: "task_id",
    print: "always",
  },
  {
    key: "app",
    label: "App",
    kind: "app",
    value: (t) => t.app,
    sort: "least",
    by: (run) => byText(run.apps, run.taskApp.data),
    csv: "app",
    print: "always",
  },
  {
    key: "state",
    label: "State",
    kind: "state",
    value: (t) => t.state,
    sort: "least",
    by: (run) => byNumber(run.taskState.data),
    csv: "state",
    print: "always",
  },
  {
    key: "tries",
    label: "Tries",
    kind: "count",
    value: (t) => t.tries,
    sort: "least",
    by: (run) => byNumber(run.taskTries.data),
    csv: "tries",
    print: "always",
  },
  {
    key: "depends",
    label: "Depends on",
    kind: "dependencies",
    value: (t) => ({ taskId: t.taskId, ids: t.depends, more: t.moreDepends }),
    sort: "most",
    by: (run) => byNumber(run.depCount.data),
    csv: "depends",
    print: "always",
  },
  {
    key: "invoked",
    label: "Invoked",
    kind: "time",
    value: (t) => t.invoked,
    sort: "least",
    by: (run) => byNumber(run.taskInvoked.data),
    csv: "invoked",
    print: "always",
  },
  {
    key: "returned",
    label: "Completed",
    kind: "time",
    value: (t) => t.returned,
    sort: "least",
    by: (run) => byNumber(run.taskReturned.data),
    csv: "returned",
  },
  {
    key: "ran",
    label: "Run time",
    kind: "duration",
    value: (t) => t.ran,
    sort: "most",
    by: byNewestTry(runMs),
    csv: "run_seconds",
    print: "always",
  },
  {
    key: "memory",
    label: "Peak memory",
    kind: "measured",
    value: (t) => t.memory,
    sort: "most",
    by: (run) => byHighest(run, run.samples.tryPeak.data),
    csv: "peak_memory_bytes",
    csvAfter: "executor",
    print: "known",
  },
  {
    key: "cpu",
    label: "CPU time",
    kind: "measured",
    value: (t) => t.cpu,
    sort: "most",
    by: (run) => bySum(run, run.samples.tryCpu.data),
    csv: "cpu_seconds",
    csvAfter: "memory",
  },
  {
    key: "host",
    label: "Host",
    kind: "text",
    value: (t) => t.host,
    sort: "least",
    by: (run) => byTextOfTry(run, run.names, run.tryHost.data),
    csv: "hostname",
    print: "always",
  },
  {
    key: "executor",
    label: "Executor",
    kind: "text",
    value: (t) => t.executor,
    sort: "least",
    by: (run) => byTextOfTry(run, run.names, run.tryExecutor.data),
    csv: "executor",
  },
  {
    key: "cpuExact",
    kind: "text",
    value: (t) => exactness(t.cpu),
    csv: "cpu_exact",
    csvAfter: "cpu",
  },
  {
    key: "memoryExact",
    kind: "text",
    value: (t) => exactness(t.memory),
    csv: "peak_memory_exact",
    csvAfter: "memory",
  },
] as const satisfies readonly TaskColumn[];

/** What the table of tasks can be sorted by. */
export type SortKey = SortKeyOf<typeof TASK_COLUMNS>;
export const SORT_KEYS: readonly SortKey[] = sortKeys(TASK_COLUMNS);

/** The CSV of the table of tasks. */
export const TASKS_CSV = csvOf<TaskLine>(TASK_COLUMNS);

/** How tasks are sorted by a column. */
export function orderOf(run: Run, sort: SortKey): TaskOrder {
  return BY[sort](run);
}

const BY = Object.fromEntries(
  TASK_COLUMNS.flatMap((column) => "by" in column ? [[column.key, column.by]] : []),
) as Record<
  SortKey,
  (run: Run) => TaskOrder
>;
