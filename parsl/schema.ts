/**
 * Parsl's monitoring database: its tables and their columns through all generations of the schema,
 * and those of ours that a run is told by.
 *
 * This is the one list of both. What is declared to SQLite, which columns readers choose, what the
 * hub takes from messages and as what, how a run is redacted, and what runs over all tables are
 * derived from it. A table or a column that is added here is written, copied, exported and redacted;
 * what else has to say something of a table does not compile until it does.
 */
import type { TableSpec } from "./column.ts";
import { OWN_SCHEMA } from "./own_schema.ts";

const RUN_ID = { sql: "TEXT", required: true, kind: "text", redact: "keep" } as const;
const TASK_ID = { sql: "INTEGER", required: true, kind: "id", redact: "text" } as const;
const TRY_ID = {
  sql: "INTEGER",
  required: true,
  kind: "id",
  redact: "text",
  before: ["task_try"],
} as const;

/** The tables, in the order in which they are read: what others refer to comes first. */
export const SCHEMA = {
  workflow: {
    before: "workflows",
    columns: {
      run_id: RUN_ID,
      workflow_name: { sql: "TEXT", kind: "text", redact: "keep" },
      workflow_version: { sql: "TEXT", kind: "text", redact: "text" },
      time_began: { sql: "DATETIME", required: true, kind: "time", redact: "text" },
      time_completed: { sql: "DATETIME", kind: "time", redact: "text" },
      host: { sql: "TEXT", required: true, kind: "text", redact: "host" },
      user: { sql: "TEXT", required: true, kind: "text", redact: "user" },
      rundir: { sql: "TEXT", required: true, kind: "text", redact: "folder" },
      tasks_failed_count: { sql: "INTEGER", required: true, kind: "tally", redact: "text" },
      tasks_completed_count: { sql: "INTEGER", required: true, kind: "tally", redact: "text" },
    },
    key: ["run_id"],
  },
  task: {
    columns: {
      task_id: TASK_ID,
      run_id: RUN_ID,
      task_depends: { sql: "TEXT", kind: "ids", redact: "text" },
      task_func_name: { sql: "TEXT", required: true, kind: "text", redact: "keep" },
      task_memoize: { sql: "TEXT", required: true, kind: "boolean", redact: "text" },
      task_hashsum: { sql: "TEXT", kind: "text", redact: "keep" },
      task_inputs: { sql: "TEXT", kind: "text", redact: "remove" },
      task_outputs: { sql: "TEXT", kind: "text", redact: "remove" },
      task_stdin: { sql: "TEXT", kind: "text", redact: "path" },
      task_stdout: { sql: "TEXT", kind: "text", redact: "path" },
      task_stderr: { sql: "TEXT", kind: "text", redact: "path" },
      task_time_invoked: {
        sql: "DATETIME",
        kind: "time",
        redact: "text",
        before: ["task_time_submitted"],
      },
      task_time_returned: { sql: "DATETIME", kind: "time", redact: "text" },
      task_fail_count: { sql: "INTEGER", required: true, kind: "count", redact: "text" },
      task_fail_cost: { sql: "FLOAT", required: true, kind: "number", redact: "text" },
    },
    // Until August 2020 there was no table `try`: this one told of a task's last try.
    old: {
      hostname: { kind: "text", redact: "host" },
      task_executor: { kind: "text", redact: "text" },
      task_time_submitted: { kind: "time", redact: "text" },
      task_time_running: { kind: "time", redact: "text" },
      task_fail_history: { kind: "text", redact: "text" },
      task_args: { kind: "text", redact: "remove" },
      task_kwargs: { kind: "text", redact: "remove" },
    },
    key: ["task_id", "run_id"],
  },
  try: {
    columns: {
      try_id: TRY_ID,
      task_id: TASK_ID,
      run_id: RUN_ID,
      block_id: { sql: "TEXT", kind: "text", redact: "text" },
      hostname: { sql: "TEXT", kind: "text", redact: "host" },
      task_executor: {
        sql: "TEXT",
        required: true,
        kind: "text",
        redact: "text",
        before: ["executor"],
      },
      task_try_time_launched: {
        sql: "DATETIME",
        kind: "time",
        redact: "text",
        before: ["task_time_launched", "task_time_submitted"],
      },
      task_try_time_running: {
        sql: "DATETIME",
        kind: "time",
        redact: "text",
        before: ["task_time_running"],
      },
      task_try_time_returned: {
        sql: "DATETIME",
        kind: "time",
        redact: "text",
        before: ["task_time_returned"],
      },
      task_fail_history: { sql: "TEXT", kind: "text", redact: "text" },
      task_joins: { sql: "TEXT", kind: "ids", redact: "text" },
    },
    key: ["try_id", "task_id", "run_id"],
  },
  status: {
    before: "task_status",
    columns: {
      task_id: TASK_ID,
      task_status_name: {
        sql: "TEXT",
        required: true,
        kind: "text",
        redact: "text",
        before: ["task_status"],
      },
      timestamp: { sql: "DATETIME", required: true, kind: "time", redact: "text" },
      run_id: RUN_ID,
      try_id: TRY_ID,
    },
    // Where a try started, before tries told.
    old: { hostname: { kind: "text", redact: "host" } },
    key: ["task_id", "run_id", "task_status_name", "timestamp"],
    ofWorkflow: true,
  },
  resource: {
    before: "task_resources",
    columns: {
      try_id: TRY_ID,
      task_id: TASK_ID,
      run_id: RUN_ID,
      timestamp: { sql: "DATETIME", required: true, kind: "time", redact: "text" },
      resource_monitoring_interval: { sql: "FLOAT", kind: "seconds", redact: "text" },
      psutil_process_pid: { sql: "INTEGER", kind: "number", redact: "text" },
      psutil_process_memory_percent: { sql: "FLOAT", kind: "percent", redact: "text" },
      psutil_process_children_count: { sql: "FLOAT", kind: "amount", redact: "text" },
      psutil_process_time_user: { sql: "FLOAT", kind: "seconds", redact: "text" },
      psutil_process_time_system: { sql: "FLOAT", kind: "seconds", redact: "text" },
      psutil_process_memory_virtual: { sql: "FLOAT", kind: "bytes", redact: "text" },
      psutil_process_memory_resident: { sql: "FLOAT", kind: "bytes", redact: "text" },
      psutil_process_disk_read: { sql: "FLOAT", kind: "bytes", redact: "text" },
      psutil_process_disk_write: { sql: "FLOAT", kind: "bytes", redact: "text" },
      psutil_process_status: { sql: "TEXT", kind: "text", redact: "text" },
      psutil_cpu_num: { sql: "TEXT", kind: "text", redact: "text" },
      psutil_process_num_ctx_switches_voluntary: { sql: "FLOAT", kind: "amount", redact: "text" },
      psutil_process_num_ctx_switches_involuntary: { sql: "FLOAT", kind: "amount", redact: "text" },
    },
    key: ["try_id", "task_id", "run_id", "timestamp"],
    ofWorkflow: true,
  },
  node: {
    columns: {
      id: { sql: "INTEGER", required: true, kind: "id", redact: "text" },
      run_id: RUN_ID,
      hostname: { sql: "TEXT", required: true, kind: "text", redact: "host" },
      uid: {
        sql: "TEXT",
        required: true,
        kind: "text",
        redact: "manager",
        before: ["manager_id"],
      },
      block_id: { sql: "TEXT", required: true, kind: "text", redact: "text" },
      cpu_count: { sql: "INTEGER", required: true, kind: "count", redact: "text" },
      total_memory: { sql: "BIGINT", required: true, kind: "bytes", redact: "text" },
      active: { sql: "BOOLEAN", required: true, kind: "boolean", redact: "text" },
      worker_count: { sql: "INTEGER", required: true, kind: "count", redact: "text" },
      python_v: {
        sql: "TEXT",
        required: true,
        kind: "text",
        redact: "text",
        before: ["python_version"],
      },
      timestamp: {
        sql: "DATETIME",
        required: true,
        kind: "time",
        redact: "text",
        before: ["reg_time"],
      },
      last_heartbeat: { sql: "DATETIME", required: true, kind: "time", redact: "text" },
    },
    key: ["id"],
  },
  block: {
    columns: {
      run_id: RUN_ID,
      executor_label: { sql: "TEXT", required: true, kind: "text", redact: "text" },
      block_id: { sql: "TEXT", required: true, kind: "text", redact: "text" },
      job_id: { sql: "TEXT", kind: "text", redact: "text" },
      timestamp: { sql: "DATETIME", required: true, kind: "time", redact: "text" },
      status: { sql: "TEXT", required: true, kind: "text", redact: "text" },
    },
    key: ["run_id", "block_id", "executor_label", "timestamp"],
  },
  ...OWN_SCHEMA,
} as const satisfies Readonly<Record<string, TableSpec>>;
