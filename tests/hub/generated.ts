// Messages without end, each of which makes one row that tells its number.

import type { MessageType } from "../../clients/typescript/mod.ts";

/** Local time as payloads have it: `n` microseconds after a midnight that does not matter. */
export function timeOf(n: number): string {
  const seconds = Math.floor(n / 1e6);
  const two = (value: number) => String(value % 60).padStart(2, "0");
  const hour = String(Math.floor(seconds / 3600) % 24).padStart(2, "0");
  return `2026-03-01T${hour}:${two(Math.floor(seconds / 60))}:${two(seconds)}.${
    String(n % 1e6).padStart(6, "0")
  }`;
}

/** The same as the database has it. */
export function storedTime(n: number): string {
  return timeOf(n).replace("T", " ");
}

/** A node's message; each `n` of a run is another one. */
export function nodeMessage(runId: string, n: number): [MessageType, Record<string, unknown>] {
  return ["NODE_INFO", {
    run_id: runId,
    hostname: "node-1",
    uid: `manager-${n % 7}`,
    block_id: "0",
    cpu_count: 4,
    total_memory: 8_000_000_000,
    active: true,
    worker_count: 4,
    python_v: "3.12.1",
    timestamp: timeOf(n),
    last_heartbeat: timeOf(n),
  }];
}

/** The first message of a task. */
export function taskMessage(runId: string, task: number): [MessageType, Record<string, unknown>] {
  return ["TASK_INFO", {
    run_id: runId,
    task_id: task,
    try_id: 0,
    timestamp: timeOf(task),
    task_status_name: "launched",
    task_status: 7,
    task_func_name: "simulate",
    task_memoize: "False",
    task_depends: "",
    task_fail_count: 0,
    task_fail_cost: 0,
    task_executor: "htex",
    task_time_invoked: timeOf(task),
    task_try_time_launched: timeOf(task),
    tasks_failed_count: 0,
    tasks_completed_count: 0,
  }];
}

/** A block's message. */
export function blockMessage(runId: string, n: number): [MessageType, Record<string, unknown>[]] {
  return ["BLOCK_INFO", [{
    run_id: runId,
    executor_label: "htex",
    block_id: String(n),
    job_id: `job-${n}`,
    timestamp: timeOf(n),
    status: "RUNNING",
  }]];
}

/** A worker's sample. */
export function resourceMessage(
  runId: string,
  n: number,
): [MessageType, Record<string, unknown>] {
  return ["RESOURCE_INFO", {
    run_id: runId,
    task_id: n % 1000,
    try_id: 0,
    timestamp: timeOf(n),
    resource_monitoring_interval: 1,
    psutil_process_pid: 4242,
    psutil_process_memory_percent: 1.5,
    psutil_process_children_count: 0,
    psutil_process_time_user: n / 10,
    psutil_process_time_system: 0.5,
    psutil_process_memory_virtual: 1e8,
    psutil_process_memory_resident: 5e7,
    psutil_process_disk_read: 0,
    psutil_process_disk_write: 0,
    psutil_process_status: "running",
    psutil_cpu_num: "3",
    psutil_process_num_ctx_switches_voluntary: 1,
    psutil_process_num_ctx_switches_involuntary: 2,
  }];
}
