/** Which of Parsl's columns the model wants, through all generations of the schema. */
import type { TextField } from "./text_field.ts";

/** For each value the model wants, the names its column has had, newest first. */
export const COLUMNS = {
  workflow: [
    ["run_id"],
    ["workflow_name"],
    ["workflow_version"],
    ["time_began"],
    ["time_completed"],
    ["host"],
    ["user"],
    ["rundir"],
    ["tasks_failed_count"],
    ["tasks_completed_count"],
  ],
  task: [
    ["task_id"],
    ["task_func_name"],
    ["task_depends"],
    ["task_time_invoked", "task_time_submitted"],
    ["task_time_returned"],
    ["task_fail_count"],
    ["task_fail_cost"],
    ["task_memoize"],
  ],
  text: [
    ["task_hashsum"],
    ["task_inputs"],
    ["task_outputs"],
    ["task_stdin"],
    ["task_stdout"],
    ["task_stderr"],
    ["task_fail_count"],
    ["task_id"],
    ["task_fail_cost"],
    ["task_fail_history"],
  ],
  try: [
    ["task_id"],
    ["try_id", "task_try"],
    ["block_id"],
    ["hostname"],
    ["task_executor", "executor"],
    ["task_try_time_launched", "task_time_launched", "task_time_submitted"],
    ["task_try_time_running", "task_time_running"],
    ["task_try_time_returned", "task_time_returned"],
    ["task_fail_history"],
    ["task_joins"],
  ],
  status: [["task_id"], ["try_id", "task_try"], ["task_status_name", "task_status"], ["timestamp"]],
  resource: [
    ["task_id"],
    ["try_id", "task_try"],
    ["timestamp"],
    ["psutil_process_pid"],
    ["psutil_process_children_count"],
    ["psutil_process_time_user"],
    ["psutil_process_time_system"],
    ["psutil_process_memory_virtual"],
    ["psutil_process_memory_resident"],
    ["psutil_process_memory_percent"],
    ["psutil_process_disk_read"],
    ["psutil_process_disk_write"],
    ["psutil_process_num_ctx_switches_voluntary"],
    ["psutil_process_num_ctx_switches_involuntary"],
    ["psutil_process_status"],
  ],
  sample: [
    ["task_id"],
    ["try_id", "task_try"],
    ["timestamp"],
    ["psutil_process_time_user"],
    ["psutil_process_time_system"],
    ["psutil_process_memory_resident"],
  ],
  oldTask: [
    ["task_id"],
    ["task_fail_count"],
    ["task_executor"],
    ["hostname"],
    ["task_time_submitted"],
    ["task_time_running"],
    ["task_time_returned"],
    ["task_fail_history"],
  ],
  oldStatus: [["task_id"], ["task_status_name", "task_status"], ["timestamp"], ["hostname"]],
  node: [
    ["hostname"],
    ["uid", "manager_id"],
    ["block_id"],
    ["cpu_count"],
    ["total_memory"],
    ["active"],
    ["worker_count"],
    ["python_v", "python_version"],
    ["timestamp", "reg_time"],
  ],
  block: [
    ["executor_label"],
    ["block_id"],
    ["job_id"],
    ["timestamp"],
    ["status"],
  ],
} as const;

/** Columns of one table whose texts are searched. */
export interface SearchedColumns {
  table: "task" | "try";
  columns: readonly string[];
}

const FILES = ["task_stdin", "task_stdout", "task_stderr"];
const ARGUMENTS = ["task_inputs", "task_outputs", "task_args", "task_kwargs"];

/** Where each kind of text is looked for, through all generations of the schema. */
export const SEARCHED: Readonly<Record<TextField, readonly SearchedColumns[]>> = {
  file: [{ table: "task", columns: [...FILES, ...ARGUMENTS] }],
  stdout: [{ table: "task", columns: ["task_stdout"] }],
  stderr: [{ table: "task", columns: ["task_stderr"] }],
  // Before there were tries, tasks had it.
  error: [
    { table: "try", columns: ["task_fail_history"] },
    { table: "task", columns: ["task_fail_history"] },
  ],
};

/** A choice of columns of one table. */
export type SelectionName = keyof typeof COLUMNS;

/** Selections that are not of the table of their name. */
const TABLES: Partial<Record<SelectionName, string>> = {
  text: "task",
  sample: "resource",
  oldTask: "task",
  oldStatus: "status",
};

/** The table that a selection is of. */
export function tableOf(selection: SelectionName): string {
  return TABLES[selection] ?? selection;
}

/** What columns a table of a file has; its name is today's. */
type HasColumn = (table: string, column: string) => boolean;

/** Whether a file's statuses say of which try they are, as they do since August 2020. */
export function numbersTries(has: HasColumn): boolean {
  return ["try_id", "task_try"].some((column) => has("status", column));
}

/** Whether a file has in table `task` what others have in table `try`. */
export function hasTriesInTasks(has: HasColumn): boolean {
  return ["task_executor", "hostname", "task_time_running", "task_fail_history"]
    .some((column) => has("task", column));
}

/** Whether table `task` does not tell when a task was invoked, but when it was submitted. */
export function lacksInvoked(has: HasColumn): boolean {
  return !has("task", "task_time_invoked");
}
