// Changes that tests make up, and looks into what was written.

import { DatabaseSync } from "node:sqlite";
import { type ChangeKind, CHANGES } from "../../parsl/messages.ts";
import type { Change, WrittenCell } from "../../store/writer.ts";

/** The time of all that has no other. */
export const AT = "2026-11-23 23:46:24.000000";

/** A change with these cells; the others are what fits. */
export function change(kind: ChangeKind, given: Record<string, WrittenCell> = {}): Change {
  const usual: Record<string, WrittenCell> = {
    run_id: "r",
    task_id: 1,
    try_id: 0,
    timestamp: AT,
    time_began: AT,
    time_completed: "2026-11-24 00:00:00.000000",
    last_heartbeat: AT,
    task_status_name: "launched",
    host: "h",
    user: "u",
    rundir: "/d",
    tasks_failed_count: 0,
    tasks_completed_count: 0,
    task_func_name: "f",
    task_memoize: "0",
    task_fail_count: 0,
    task_fail_cost: 0,
    task_executor: "x",
    hostname: "h",
    uid: "m",
    block_id: "0",
    cpu_count: 2,
    total_memory: 1,
    active: 1,
    worker_count: 2,
    python_v: "3.14",
    executor_label: "x",
    status: "RUNNING",
    ended: "returned",
    time_ended: AT,
    text: "ValueError",
    cut: 0,
    gpu: 0,
    ...given,
  };
  const cells = CHANGES[kind].map(({ name }) => usual[name] ?? null);
  return { kind, runId: String(usual.run_id), cells };
}

/** The rows of a query, as arrays. */
export function query(path: string, sql: string): unknown[][] {
  const connection = new DatabaseSync(path, { readOnly: true });
  try {
    return connection.prepare(sql).all().map((row) => Object.values(row));
  } finally {
    connection.close();
  }
}
