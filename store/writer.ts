/** Writing monitoring data, in Parsl's schema. Speaks of rows and batches, never of SQL. */

/** A value of a row. Times are Parsl's texts `YYYY-MM-DD HH:MM:SS.ffffff`. */
export type Cell = null | number | bigint | string;

/**
 * What a change of each kind carries, by the names of Parsl's fields, in the order of its cells. A
 * "task" is one TASK_INFO: a task, its try, a status and the two counts of the run.
 */
export const CELLS = {
  "workflow-start": [
    "run_id",
    "workflow_name",
    "workflow_version",
    "time_began",
    "host",
    "user",
    "rundir",
    "tasks_failed_count",
    "tasks_completed_count",
  ],
  "workflow-end": [
    "run_id",
    "time_completed",
    "tasks_failed_count",
    "tasks_completed_count",
    "time_began",
    "rundir",
  ],
  "task": [
    "run_id",
    "task_id",
    "try_id",
    "timestamp",
    "task_status_name",
    "task_depends",
    "task_func_name",
    "task_memoize",
    "task_hashsum",
    "task_inputs",
    "task_outputs",
    "task_stdin",
    "task_stdout",
    "task_stderr",
    "task_time_invoked",
    "task_time_returned",
    "task_fail_count",
    "task_fail_cost",
    "task_executor",
    "task_try_time_launched",
    "task_try_time_returned",
    "task_fail_history",
    "task_joins",
    "tasks_failed_count",
    "tasks_completed_count",
  ],
  "worker-start": ["run_id", "task_id", "try_id", "timestamp", "block_id", "hostname"],
  "worker-end": ["run_id", "task_id", "try_id", "timestamp"],
  "resource": [
    "run_id",
    "task_id",
    "try_id",
    "timestamp",
    "resource_monitoring_interval",
    "psutil_process_pid",
    "psutil_process_memory_percent",
    "psutil_process_children_count",
    "psutil_process_time_user",
    "psutil_process_time_system",
    "psutil_process_memory_virtual",
    "psutil_process_memory_resident",
    "psutil_process_disk_read",
    "psutil_process_disk_write",
    "psutil_process_status",
    "psutil_cpu_num",
    "psutil_process_num_ctx_switches_voluntary",
    "psutil_process_num_ctx_switches_involuntary",
  ],
  "node": [
    "run_id",
    "hostname",
    "uid",
    "block_id",
    "cpu_count",
    "total_memory",
    "active",
    "worker_count",
    "python_v",
    "timestamp",
    "last_heartbeat",
  ],
  "block": ["run_id", "executor_label", "block_id", "job_id", "timestamp", "status"],
} as const;

export type ChangeKind = keyof typeof CELLS;

/**
 * What one message does to the database. Doing it twice is as doing it once, and the order in which
 * the changes of a run come does not matter.
 */
export interface Change {
  kind: ChangeKind;
  runId: string;
  /** Values in the order of `CELLS[kind]`; null where the message has none. */
  cells: readonly Cell[];
}

/** A change that the database would not take, and why. */
export interface Rejection {
  /** Its place in the batch. */
  index: number;
  reason: string;
}

/** The database cannot be written just now; nothing of the batch was. Try the same batch again. */
export class WriteDelayed extends Error {
  override name = "WriteDelayed";
  readonly reason: "locked" | "full" | "failing";
  constructor(cause: "locked" | "full" | "failing", message: string) {
    super(message);
    this.reason = cause;
  }
}

/** The file that was opened is no longer at its path. */
export class DatabaseMoved extends WriteDelayed {
  constructor(path: string) {
    super("failing", `${path} was moved or deleted; put it back, or a new one is made.`);
  }
}

/** A monitoring database open for writing. */
export interface MonitoringWriter {
  /**
   * Commits a batch in one transaction together with how far each client of the reliable lane is
   * done. Changes that cannot be placed are left out and reported; the others are kept.
   *
   * @throws {WriteDelayed} when the database is locked or the disk full: nothing was written.
   */
  write(batch: readonly Change[], clients?: ReadonlyMap<string, number>): Promise<Rejection[]>;
  /** The last sequence number of a client that is committed; 0 for an unknown one. */
  acknowledged(client: string): Promise<number>;
  /** Worker messages that wait for their try, by run. */
  deferred(): Promise<Map<string, number>>;
  /** Names of the workflows, by run. */
  names(): Promise<Map<string, string>>;
  /** Keeps the database fast as it grows; does little when there is little to do. */
  tend(): Promise<void>;
  close(): Promise<void>;
}
