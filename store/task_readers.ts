/** From rows of Parsl's tables to what is told of single tasks, and of tries that have no numbers. */
import type { TaskText } from "../model/run/rows.ts";
import type { TaskDetail } from "../model/tasks/try_table.ts";
import type { OldStatus, OldTask } from "./old_tries.ts";
import { type ColumnPlace, idAt, reader, type RowSource } from "./row_source.ts";

const TEXTS = {
  hashsum: "task_hashsum",
  inputs: "task_inputs",
  outputs: "task_outputs",
  stdin: "task_stdin",
  stdout: "task_stdout",
  stderr: "task_stderr",
} as const;

function textsOf(row: RowSource, at: Readonly<Record<keyof typeof TEXTS, ColumnPlace>>): TaskText {
  return {
    hashsum: row.text(at.hashsum),
    inputs: row.text(at.inputs),
    outputs: row.text(at.outputs),
    stdin: row.text(at.stdin),
    stdout: row.text(at.stdout),
    stderr: row.text(at.stderr),
  };
}

/** The long texts of a task, and how often it failed. */
export const textRows = reader("task", {
  ...TEXTS,
  failCount: "task_fail_count",
}, (row, at): { text: TaskText; failCount: number | null } => ({
  text: textsOf(row, at),
  failCount: idAt(row, at.failCount),
}));

/** A task with its long texts, and still without its tries; null without an id. */
export const detailRows = reader("task", {
  ...TEXTS,
  taskId: "task_id",
  failCost: "task_fail_cost",
  failHistory: "task_fail_history",
}, (row, at): TaskDetail | null => {
  const taskId = row.number(at.taskId);
  if (taskId === null) return null;
  return {
    taskId,
    text: textsOf(row, at),
    failCost: row.number(at.failCost),
    failHistory: row.text(at.failHistory),
    tries: [],
    totals: [],
  };
});

/** Of a row of table `task` what it says of tries; null when its id cannot be one. */
export const oldTaskRows = reader("task", {
  taskId: "task_id",
  failCount: "task_fail_count",
  executor: "task_executor",
  hostname: "hostname",
  launched: "task_time_submitted",
  running: "task_time_running",
  returned: "task_time_returned",
  failHistory: "task_fail_history",
}, (row, at): OldTask | null => {
  const taskId = idAt(row, at.taskId);
  if (taskId === null) return null;
  return {
    taskId,
    failCount: idAt(row, at.failCount),
    executor: row.text(at.executor),
    hostname: row.text(at.hostname),
    launched: row.time(at.launched),
    running: row.time(at.running),
    returned: row.time(at.returned),
    failHistory: row.text(at.failHistory),
  };
});

/**
 * A status of a file that does not number tries, with number 0; null without a task, a state or a
 * time that can be such.
 */
export const oldStatusRows = reader("status", {
  taskId: "task_id",
  state: "task_status_name",
  time: "timestamp",
  hostname: "hostname",
}, (row, at): OldStatus | null => {
  const time = row.time(at.time);
  const taskId = idAt(row, at.taskId);
  const state = row.text(at.state);
  if (time === null || taskId === null || state === null) return null;
  return { taskId, tryId: 0, state, time, hostname: row.text(at.hostname) };
});
