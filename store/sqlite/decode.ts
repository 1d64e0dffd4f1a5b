/** From SQLite's values, in the order of `COLUMNS`, to the model's rows. */
import type { SQLOutputValue } from "node:sqlite";
import type {
  BlockRow,
  NodeRow,
  ResourceRow,
  StatusRow,
  TaskRow,
  TaskText,
  TryRow,
  WorkflowRow,
} from "../../model/rows.ts";
import { parseNaiveTime } from "../naive_time.ts";

type Value = SQLOutputValue;
export type Values = Value[];

function text(value: Value): string | null {
  if (value === null || typeof value === "string") return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}

function number(value: Value): number | null {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string" || value.trim() === "") return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}

function boolean(value: Value): boolean | null {
  if (value === null) return null;
  if (typeof value !== "string") return Boolean(number(value));
  const word = value.trim().toLowerCase();
  if (["1", "true", "t", "yes"].includes(word)) return true;
  return ["0", "false", "f", "no", ""].includes(word) ? false : null;
}

export function toWorkflow(v: Values): WorkflowRow {
  return {
    runId: text(v[0]) ?? "",
    name: text(v[1]),
    version: text(v[2]),
    began: parseNaiveTime(v[3]),
    completed: parseNaiveTime(v[4]),
    host: text(v[5]),
    user: text(v[6]),
    rundir: text(v[7]),
    tasksFailed: number(v[8]),
    tasksCompleted: number(v[9]),
  };
}

export function toTask(v: Values): TaskRow {
  return {
    taskId: number(v[0]) ?? 0,
    app: text(v[1]) ?? "",
    depends: text(v[2]),
    invoked: parseNaiveTime(v[3]),
    returned: parseNaiveTime(v[4]),
    failCount: number(v[5]),
    failCost: number(v[6]),
    memoize: boolean(v[7]),
  };
}

export function toText(v: Values): TaskText {
  return {
    hashsum: text(v[0]),
    inputs: text(v[1]),
    outputs: text(v[2]),
    stdin: text(v[3]),
    stdout: text(v[4]),
    stderr: text(v[5]),
  };
}

export function toTry(v: Values): TryRow {
  return {
    taskId: number(v[0]) ?? 0,
    tryId: number(v[1]) ?? 0,
    blockId: text(v[2]),
    hostname: text(v[3]),
    executor: text(v[4]),
    launched: parseNaiveTime(v[5]),
    running: parseNaiveTime(v[6]),
    returned: parseNaiveTime(v[7]),
    failHistory: text(v[8]),
    joins: text(v[9]),
  };
}

/** Null when the time cannot be read: a change of state at no time says nothing. */
export function toStatus(v: Values): StatusRow | null {
  const time = parseNaiveTime(v[3]);
  if (time === null) return null;
  return { taskId: number(v[0]) ?? 0, tryId: number(v[1]) ?? 0, state: text(v[2]) ?? "", time };
}

/** Null when the time cannot be read. */
export function toResource(v: Values): ResourceRow | null {
  const time = parseNaiveTime(v[2]);
  if (time === null) return null;
  return {
    taskId: number(v[0]) ?? 0,
    tryId: number(v[1]) ?? 0,
    time,
    pid: number(v[3]),
    children: number(v[4]),
    cpuUser: number(v[5]),
    cpuSystem: number(v[6]),
    virtual: number(v[7]),
    resident: number(v[8]),
    memoryPercent: number(v[9]),
    diskRead: number(v[10]),
    diskWrite: number(v[11]),
    ctxVoluntary: number(v[12]),
    ctxInvoluntary: number(v[13]),
    processStatus: text(v[14]),
  };
}

/** Of a resource row only what a run is folded from; the rest is null. */
export function toSample(v: Values): ResourceRow | null {
  const time = parseNaiveTime(v[2]);
  if (time === null) return null;
  return {
    taskId: number(v[0]) ?? 0,
    tryId: number(v[1]) ?? 0,
    time,
    pid: null,
    children: null,
    cpuUser: number(v[3]),
    cpuSystem: number(v[4]),
    virtual: null,
    resident: number(v[5]),
    memoryPercent: null,
    diskRead: null,
    diskWrite: null,
    ctxVoluntary: null,
    ctxInvoluntary: null,
    processStatus: null,
  };
}

export function toNode(v: Values): NodeRow {
  return {
    hostname: text(v[0]),
    uid: text(v[1]),
    blockId: text(v[2]),
    cpuCount: number(v[3]),
    totalMemory: number(v[4]),
    active: boolean(v[5]),
    workerCount: number(v[6]),
    pythonVersion: text(v[7]),
    time: parseNaiveTime(v[8]),
  };
}

export function toBlock(v: Values): BlockRow {
  return {
    executor: text(v[0]),
    blockId: text(v[1]),
    jobId: text(v[2]),
    time: parseNaiveTime(v[3]),
    status: text(v[4]),
  };
}
