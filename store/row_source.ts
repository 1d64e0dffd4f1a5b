/** From the values of a row, in the order of `COLUMNS`, to the model's rows. */
import type {
  BlockRow,
  NodeRow,
  ResourceRow,
  StatusRow,
  TaskRow,
  TaskText,
  TryRow,
  WorkflowRow,
} from "../model/rows.ts";
import type { TaskDetail } from "../model/try_table.ts";

/** A row whose values are asked for by their place in `COLUMNS`; null is unknown. */
export interface RowSource {
  text(place: number): string | null;
  number(place: number): number | null;
  boolean(place: number): boolean | null;
  /** Naive ms. */
  time(place: number): number | null;
}

export function toWorkflow(row: RowSource): WorkflowRow {
  return {
    runId: row.text(0) ?? "",
    name: row.text(1),
    version: row.text(2),
    began: row.time(3),
    completed: row.time(4),
    host: row.text(5),
    user: row.text(6),
    rundir: row.text(7),
    tasksFailed: row.number(8),
    tasksCompleted: row.number(9),
  };
}

export function toTask(row: RowSource): TaskRow {
  return {
    taskId: row.number(0) ?? 0,
    app: row.text(1) ?? "",
    depends: row.text(2),
    invoked: row.time(3),
    returned: row.time(4),
    failCount: row.number(5),
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

export function toTry(row: RowSource): TryRow {
  return {
    taskId: row.number(0) ?? 0,
    tryId: row.number(1) ?? 0,
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

/** Null when the time cannot be read: a change of state at no time says nothing. */
export function toStatus(row: RowSource): StatusRow | null {
  const time = row.time(3);
  if (time === null) return null;
  return { taskId: row.number(0) ?? 0, tryId: row.number(1) ?? 0, state: row.text(2) ?? "", time };
}

/** Null when the time cannot be read. */
export function toResource(row: RowSource): ResourceRow | null {
  const time = row.time(2);
  if (time === null) return null;
  return {
    taskId: row.number(0) ?? 0,
    tryId: row.number(1) ?? 0,
    time,
    pid: row.number(3),
    children: row.number(4),
    cpuUser: row.number(5),
    cpuSystem: row.number(6),
    virtual: row.number(7),
    resident: row.number(8),
    memoryPercent: row.number(9),
    diskRead: row.number(10),
    diskWrite: row.number(11),
    ctxVoluntary: row.number(12),
    ctxInvoluntary: row.number(13),
    processStatus: row.text(14),
  };
}

/** Of a resource row only what a run is folded from; the rest is null. */
export function toSample(row: RowSource): ResourceRow | null {
  const time = row.time(2);
  if (time === null) return null;
  return {
    taskId: row.number(0) ?? 0,
    tryId: row.number(1) ?? 0,
    time,
    pid: null,
    children: null,
    cpuUser: row.number(3),
    cpuSystem: row.number(4),
    virtual: null,
    resident: row.number(5),
    memoryPercent: null,
    diskRead: null,
    diskWrite: null,
    ctxVoluntary: null,
    ctxInvoluntary: null,
    processStatus: null,
  };
}

export function toNode(row: RowSource): NodeRow {
  return {
    hostname: row.text(0),
    uid: row.text(1),
    blockId: row.text(2),
    cpuCount: row.number(3),
    totalMemory: row.number(4),
    active: row.boolean(5),
    workerCount: row.number(6),
    pythonVersion: row.text(7),
    time: row.time(8),
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
