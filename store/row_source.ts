/**
 * From the values of a row, in the order of `COLUMNS`, to the model's rows. A value that cannot be
 * what its column means is unknown; a row of which not even that is known what it is about cannot be
 * read, and is null.
 */
import type {
  BlockRow,
  NodeRow,
  ResourceRow,
  StatusRow,
  TaskRow,
  TaskText,
  TryRow,
  WorkflowRow,
} from "../model/run/rows.ts";
import type { TaskDetail } from "../model/tasks/try_table.ts";
import type { OldStatus, OldTask } from "./old_tries.ts";
import { isAmount, isId } from "../parsl/readable.ts";

/** A row whose values are asked for by their place in `COLUMNS`; null is unknown. */
export interface RowSource {
  text(place: number): string | null;
  /** Finite. */
  number(place: number): number | null;
  boolean(place: number): boolean | null;
  /** Naive ms, of the years 1 to 9999. */
  time(place: number): number | null;
}

/** Null without an id. */
export function toWorkflow(row: RowSource): WorkflowRow | null {
  const runId = row.text(0);
  if (runId === null) return null;
  return {
    runId,
    name: row.text(1),
    version: row.text(2),
    began: row.time(3),
    completed: row.time(4),
    host: row.text(5),
    user: row.text(6),
    rundir: row.text(7),
    tasksFailed: idAt(row, 8),
    tasksCompleted: idAt(row, 9),
  };
}

/** Null when its id cannot be one. */
export function toTask(row: RowSource): TaskRow | null {
  const taskId = idAt(row, 0);
  if (taskId === null) return null;
  return {
    taskId,
    app: row.text(1) ?? "",
    depends: row.text(2),
    invoked: row.time(3),
    returned: row.time(4),
    failCount: idAt(row, 5),
    failCost: row.number(6),
    memoize: row.boolean(7),
  };
}

export function toText(row: RowSource): TaskText {
  return {
    hashsum: row.text(0),
    inputs: row.text(1),
    outputs: row.text(2),
    stdin: row.text(3),
    stdout: row.text(4),
    stderr: row.text(5),
  };
}

/** A task with its long texts, and still without its tries; null without an id. */
export function toDetails(row: RowSource): TaskDetail | null {
  const taskId = row.number(7);
  if (taskId === null) return null;
  return {
    taskId,
    text: toText(row),
    failCost: row.number(8),
    failHistory: row.text(9),
    tries: [],
  };
}

/** Null when the ids of its task and itself cannot be such. */
export function toTry(row: RowSource): TryRow | null {
  const taskId = idAt(row, 0);
  const tryId = tryAt(row, 1);
  if (taskId === null || tryId === null) return null;
  return {
    taskId,
    tryId,
    blockId: row.text(2),
    hostname: row.text(3),
    executor: row.text(4),
    launched: row.time(5),
    running: row.time(6),
    returned: row.time(7),
    failHistory: row.text(8),
    joins: row.text(9),
  };
}

/** Of a row of table `task` what it says of tries; null when its id cannot be one. */
export function toOldTask(row: RowSource): OldTask | null {
  const taskId = idAt(row, 0);
  if (taskId === null) return null;
  return {
    taskId,
    failCount: idAt(row, 1),
    executor: row.text(2),
    hostname: row.text(3),
    launched: row.time(4),
    running: row.time(5),
    returned: row.time(6),
    failHistory: row.text(7),
  };
}

/** A status of a file that does not number tries, with number 0; null as {@link toStatus}. */
export function toOldStatus(row: RowSource): OldStatus | null {
  const time = row.time(2);
  const taskId = idAt(row, 0);
  const state = row.text(1);
  if (time === null || taskId === null || state === null) return null;
  return { taskId, tryId: 0, state, time, hostname: row.text(3) };
}

/** Null without a task, a state or a time that can be such: it then says nothing. */
export function toStatus(row: RowSource): StatusRow | null {
  const time = row.time(3);
  const taskId = idAt(row, 0);
  const tryId = tryAt(row, 1);
  const state = row.text(2);
  if (time === null || taskId === null || tryId === null || state === null) return null;
  return { taskId, tryId, state, time };
}

/** Null without a task and a time that can be such. */
export function toResource(row: RowSource): ResourceRow | null {
  const time = row.time(2);
  const taskId = idAt(row, 0);
  const tryId = tryAt(row, 1);
  if (time === null || taskId === null || tryId === null) return null;
  return {
    taskId,
    tryId,
    time,
    pid: row.number(3),
    children: amountAt(row, 4),
    cpuUser: amountAt(row, 5),
    cpuSystem: amountAt(row, 6),
    virtual: amountAt(row, 7),
    resident: amountAt(row, 8),
    memoryPercent: amountAt(row, 9),
    diskRead: amountAt(row, 10),
    diskWrite: amountAt(row, 11),
    ctxVoluntary: amountAt(row, 12),
    ctxInvoluntary: amountAt(row, 13),
    processStatus: row.text(14),
  };
}

/** Of a resource row only what a run is folded from; the rest is null. */
export function toSample(row: RowSource): ResourceRow | null {
  const time = row.time(2);
  const taskId = idAt(row, 0);
  const tryId = tryAt(row, 1);
  if (time === null || taskId === null || tryId === null) return null;
  return {
    taskId,
    tryId,
    time,
    pid: null,
    children: null,
    cpuUser: amountAt(row, 3),
    cpuSystem: amountAt(row, 4),
    virtual: null,
    resident: amountAt(row, 5),
    memoryPercent: null,
    diskRead: null,
    diskWrite: null,
    ctxVoluntary: null,
    ctxInvoluntary: null,
    processStatus: null,
  };
}

/** Null without a time: nothing can be told of when such a manager was there. */
export function toNode(row: RowSource): NodeRow | null {
  const time = row.time(8);
  if (time === null) return null;
  return {
    hostname: row.text(0),
    uid: row.text(1),
    blockId: row.text(2),
    cpuCount: amountAt(row, 3),
    totalMemory: amountAt(row, 4),
    active: row.boolean(5),
    workerCount: idAt(row, 6),
    pythonVersion: row.text(7),
    time,
  };
}

export function toBlock(row: RowSource): BlockRow {
  return {
    executor: row.text(0),
    blockId: row.text(1),
    jobId: row.text(2),
    time: row.time(3),
    status: row.text(4),
  };
}

/** An id, or a count. */
function idAt(row: RowSource, place: number): number | null {
  const value = row.number(place);
  return value !== null && isId(value) ? value : null;
}

/** The number of a try: 0 where there is none, as until 2020. */
function tryAt(row: RowSource, place: number): number | null {
  const value = row.number(place);
  if (value === null) return row.text(place) === null ? 0 : null;
  return isId(value) ? value : null;
}

function amountAt(row: RowSource, place: number): number | null {
  const value = row.number(place);
  return value !== null && isAmount(value) ? value : null;
}
