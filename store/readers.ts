/** From rows of Parsl's tables to those that a run is folded from. */
import type {
  BlockRow,
  NodeRow,
  RowLists,
  RunRows,
  StatusRow,
  TaskRow,
  TryRow,
  WorkflowRow,
} from "../model/run/rows.ts";
import type { ResourceRow, SampleRow } from "../model/run/resource_row.ts";
import type { RunTable } from "../parsl/tables.ts";
import { foldedTotals, gpuSampleRows, nodeSampleRows } from "./own_readers.ts";
import { amountAt, idAt, reader, type RowReader, tryAt } from "./row_source.ts";

/** Null without an id. */
export const workflowRows = reader("workflow", {
  runId: "run_id",
  name: "workflow_name",
  version: "workflow_version",
  began: "time_began",
  completed: "time_completed",
  host: "host",
  user: "user",
  rundir: "rundir",
  tasksFailed: "tasks_failed_count",
  tasksCompleted: "tasks_completed_count",
}, (row, at): WorkflowRow | null => {
  const runId = row.text(at.runId);
  if (runId === null) return null;
  return {
    runId,
    name: row.text(at.name),
    version: row.text(at.version),
    began: row.time(at.began),
    completed: row.time(at.completed),
    host: row.text(at.host),
    user: row.text(at.user),
    rundir: row.text(at.rundir),
    tasksFailed: idAt(row, at.tasksFailed),
    tasksCompleted: idAt(row, at.tasksCompleted),
  };
});

/** Null when its id cannot be one. */
export const taskRows = reader("task", {
  taskId: "task_id",
  app: "task_func_name",
  depends: "task_depends",
  invoked: "task_time_invoked",
  returned: "task_time_returned",
  failCost: "task_fail_cost",
  memoize: "task_memoize",
}, (row, at): TaskRow | null => {
  const taskId = idAt(row, at.taskId);
  if (taskId === null) return null;
  return {
    taskId,
    app: row.text(at.app) ?? "",
    depends: row.text(at.depends),
    invoked: row.time(at.invoked),
    returned: row.time(at.returned),
    failCost: row.number(at.failCost),
    memoize: row.boolean(at.memoize),
  };
});

/** Null when the ids of its task and itself cannot be such. */
export const tryRows = reader("try", {
  taskId: "task_id",
  tryId: "try_id",
  blockId: "block_id",
  hostname: "hostname",
  executor: "task_executor",
  launched: "task_try_time_launched",
  running: "task_try_time_running",
  returned: "task_try_time_returned",
  failHistory: "task_fail_history",
  joins: "task_joins",
}, (row, at): TryRow | null => {
  const taskId = idAt(row, at.taskId);
  const tryId = tryAt(row, at.tryId);
  if (taskId === null || tryId === null) return null;
  return {
    taskId,
    tryId,
    blockId: row.text(at.blockId),
    hostname: row.text(at.hostname),
    executor: row.text(at.executor),
    launched: row.time(at.launched),
    running: row.time(at.running),
    returned: row.time(at.returned),
    failHistory: row.text(at.failHistory),
    joins: row.text(at.joins),
  };
});

/** Null without a task, a state or a time that can be such: it then says nothing. */
export const statusRows = reader("status", {
  taskId: "task_id",
  tryId: "try_id",
  state: "task_status_name",
  time: "timestamp",
}, (row, at): StatusRow | null => {
  const time = row.time(at.time);
  const taskId = idAt(row, at.taskId);
  const tryId = tryAt(row, at.tryId);
  const state = row.text(at.state);
  if (time === null || taskId === null || tryId === null || state === null) return null;
  return { taskId, tryId, state, time };
});

/** Null without a task and a time that can be such. */
export const resourceRows = reader("resource", {
  taskId: "task_id",
  tryId: "try_id",
  time: "timestamp",
  pid: "psutil_process_pid",
  children: "psutil_process_children_count",
  cpuUser: "psutil_process_time_user",
  cpuSystem: "psutil_process_time_system",
  virtual: "psutil_process_memory_virtual",
  resident: "psutil_process_memory_resident",
  memoryPercent: "psutil_process_memory_percent",
  diskRead: "psutil_process_disk_read",
  diskWrite: "psutil_process_disk_write",
  ctxVoluntary: "psutil_process_num_ctx_switches_voluntary",
  ctxInvoluntary: "psutil_process_num_ctx_switches_involuntary",
  processStatus: "psutil_process_status",
}, (row, at): ResourceRow | null => {
  const time = row.time(at.time);
  const taskId = idAt(row, at.taskId);
  const tryId = tryAt(row, at.tryId);
  if (time === null || taskId === null || tryId === null) return null;
  return {
    taskId,
    tryId,
    time,
    pid: row.number(at.pid),
    children: amountAt(row, at.children),
    cpuUser: amountAt(row, at.cpuUser),
    cpuSystem: amountAt(row, at.cpuSystem),
    virtual: amountAt(row, at.virtual),
    resident: amountAt(row, at.resident),
    memoryPercent: amountAt(row, at.memoryPercent),
    diskRead: amountAt(row, at.diskRead),
    diskWrite: amountAt(row, at.diskWrite),
    ctxVoluntary: amountAt(row, at.ctxVoluntary),
    ctxInvoluntary: amountAt(row, at.ctxInvoluntary),
    processStatus: row.text(at.processStatus),
  };
});

/** Of a resource row only what a run is folded from. */
export const sampleRows = reader("resource", {
  taskId: "task_id",
  tryId: "try_id",
  time: "timestamp",
  cpuUser: "psutil_process_time_user",
  cpuSystem: "psutil_process_time_system",
  resident: "psutil_process_memory_resident",
}, (row, at): SampleRow | null => {
  const time = row.time(at.time);
  const taskId = idAt(row, at.taskId);
  const tryId = tryAt(row, at.tryId);
  if (time === null || taskId === null || tryId === null) return null;
  return {
    taskId,
    tryId,
    time,
    cpuUser: amountAt(row, at.cpuUser),
    cpuSystem: amountAt(row, at.cpuSystem),
    resident: amountAt(row, at.resident),
  };
});

/** Null without a time: nothing can be told of when such a manager was there. */
export const nodeRows = reader("node", {
  hostname: "hostname",
  uid: "uid",
  blockId: "block_id",
  cpuCount: "cpu_count",
  totalMemory: "total_memory",
  active: "active",
  workerCount: "worker_count",
  pythonVersion: "python_v",
  time: "timestamp",
}, (row, at): NodeRow | null => {
  const time = row.time(at.time);
  if (time === null) return null;
  return {
    hostname: row.text(at.hostname),
    uid: row.text(at.uid),
    blockId: row.text(at.blockId),
    cpuCount: amountAt(row, at.cpuCount),
    totalMemory: amountAt(row, at.totalMemory),
    active: row.boolean(at.active),
    workerCount: idAt(row, at.workerCount),
    pythonVersion: row.text(at.pythonVersion),
    time,
  };
});

export const blockRows = reader("block", {
  executor: "executor_label",
  blockId: "block_id",
  jobId: "job_id",
  time: "timestamp",
  status: "status",
}, (row, at): BlockRow => ({
  executor: row.text(at.executor),
  blockId: row.text(at.blockId),
  jobId: row.text(at.jobId),
  time: row.time(at.time),
  status: row.text(at.status),
}));

/** How the rows of a table are read for a run, and in which of a run's lists they go. */
interface Folded extends RowReader<unknown> {
  listIn(rows: RunRows): unknown[];
}

function into<L extends keyof RowLists>(
  list: L,
  { table, columns, read }: RowReader<RowLists[L][number] | null>,
): Folded {
  return { table, columns, read, listIn: (rows) => rows[list] };
}

/** What a run is folded from, by table. A row that cannot be read is null. */
export const FOLDED: Readonly<Record<RunTable, Folded>> = {
  task: into("tasks", taskRows),
  try: into("tries", tryRows),
  status: into("statuses", statusRows),
  resource: into("resources", sampleRows),
  node: into("nodes", nodeRows),
  block: into("blocks", blockRows),
  parsloscope_try_totals: into("totals", foldedTotals),
  parsloscope_node_sample: into("nodeSamples", nodeSampleRows),
  parsloscope_gpu_sample: into("gpuSamples", gpuSampleRows),
};
