import { openCatalog } from "../../live/runs/open_catalog.ts";
import { levelSeries, type UsageSeries } from "../../model/figures/series.ts";
import type { Run } from "../../model/run/run.ts";
import {
  type BlockRow,
  emptyRows,
  type NodeRow,
  type RunRows,
  type StatusRow,
  type TaskRow,
  type TryRow,
  type WorkflowRow,
} from "../../model/run/rows.ts";
import type { ResourceRow } from "../../model/run/resource_row.ts";

/** Naive ms at which synthetic runs begin. */
export const T0 = Date.UTC(2026, 0, 1, 12);

export function workflowRow(news: Partial<WorkflowRow> = {}): WorkflowRow {
  return {
    runId: "synthetic",
    name: "synthetic",
    version: null,
    began: T0,
    completed: T0 + 100_000,
    host: null,
    user: null,
    rundir: null,
    tasksFailed: null,
    tasksCompleted: null,
    ...news,
  };
}

export function taskRow(taskId: number, news: Partial<TaskRow> = {}): TaskRow {
  return {
    taskId,
    app: "app",
    depends: "",
    invoked: T0 + 1000,
    returned: null,
    failCost: 0,
    memoize: false,
    ...news,
  };
}

export function tryRow(taskId: number, tryId = 0, news: Partial<TryRow> = {}): TryRow {
  return {
    taskId,
    tryId,
    blockId: null,
    hostname: "node1",
    executor: "htex",
    launched: null,
    running: null,
    returned: null,
    failHistory: "",
    joins: null,
    ...news,
  };
}

/** A status row, `seconds` after the beginning. */
export function status(taskId: number, state: string, seconds: number, tryId = 0): StatusRow {
  return { taskId, tryId, state, time: T0 + seconds * 1000 };
}

/** A sample, `seconds` after the beginning. */
export function sample(
  taskId: number,
  seconds: number,
  cpu: number | null,
  resident: number | null,
): ResourceRow {
  return {
    taskId,
    tryId: 0,
    time: T0 + seconds * 1000,
    pid: 1,
    children: 0,
    cpuUser: cpu,
    cpuSystem: cpu === null ? null : 0,
    virtual: null,
    resident,
    memoryPercent: null,
    diskRead: null,
    diskWrite: null,
    ctxVoluntary: null,
    ctxInvoluntary: null,
    processStatus: null,
  };
}

/** A report of a manager of three workers, `seconds` after the beginning. */
export function node(uid: string, seconds: number, news: Partial<NodeRow> = {}): NodeRow {
  return {
    hostname: "node1",
    uid,
    blockId: "0",
    cpuCount: 8,
    totalMemory: 16e9,
    active: true,
    workerCount: 3,
    pythonVersion: "3.12",
    time: T0 + seconds * 1000,
    ...news,
  };
}

export function block(status: string, seconds: number, news: Partial<BlockRow> = {}): BlockRow {
  return { executor: "htex", blockId: "0", jobId: "1", time: T0 + seconds * 1000, status, ...news };
}

export function rows(news: Partial<RunRows>): RunRows {
  return { ...emptyRows(), ...news };
}

/** A seeded generator of numbers in 0..1 (mulberry32). */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

/** Every run of a database, folded by the store. */
export async function runsOf(path: string): Promise<Run[]> {
  const catalog = await openCatalog([path]);
  try {
    const runs: Run[] = [];
    for (const { workflow } of await catalog.workflows()) {
      runs.push((await catalog.run(workflow.runId))!.run);
    }
    return runs;
  } finally {
    catalog.close();
  }
}

/** Resident memory over time. */
export function memorySeries(run: Run, edges?: number[]): UsageSeries {
  return levelSeries(run, "memory", edges);
}
