/** The tables of a monitoring database, written to the letter as SQLAlchemy writes them for Parsl. */

/** A table as it is declared. */
export interface Table {
  name: string;
  columns: readonly string[];
  constraints: readonly string[];
}

const WORKFLOW_KEY = "FOREIGN KEY(run_id) REFERENCES workflow (run_id)";

/** Columns as `name TYPE NOT NULL`, in Parsl's order. */
export const PARSL_TABLES: readonly Table[] = [
  {
    name: "workflow",
    columns: [
      "run_id TEXT NOT NULL",
      "workflow_name TEXT",
      "workflow_version TEXT",
      "time_began DATETIME NOT NULL",
      "time_completed DATETIME",
      "host TEXT NOT NULL",
      "user TEXT NOT NULL",
      "rundir TEXT NOT NULL",
      "tasks_failed_count INTEGER NOT NULL",
      "tasks_completed_count INTEGER NOT NULL",
    ],
    constraints: ["PRIMARY KEY (run_id)"],
  },
  {
    name: "task",
    columns: [
      "task_id INTEGER NOT NULL",
      "run_id TEXT NOT NULL",
      "task_depends TEXT",
      "task_func_name TEXT NOT NULL",
      "task_memoize TEXT NOT NULL",
      "task_hashsum TEXT",
      "task_inputs TEXT",
      "task_outputs TEXT",
      "task_stdin TEXT",
      "task_stdout TEXT",
      "task_stderr TEXT",
      "task_time_invoked DATETIME",
      "task_time_returned DATETIME",
      "task_fail_count INTEGER NOT NULL",
      "task_fail_cost FLOAT NOT NULL",
    ],
    constraints: ["PRIMARY KEY (task_id, run_id)"],
  },
  {
    name: "try",
    columns: [
      "try_id INTEGER NOT NULL",
      "task_id INTEGER NOT NULL",
      "run_id TEXT NOT NULL",
      "block_id TEXT",
      "hostname TEXT",
      "task_executor TEXT NOT NULL",
      "task_try_time_launched DATETIME",
      "task_try_time_running DATETIME",
      "task_try_time_returned DATETIME",
      "task_fail_history TEXT",
      "task_joins TEXT",
    ],
    constraints: ["PRIMARY KEY (try_id, task_id, run_id)"],
  },
  {
    name: "node",
    columns: [
      "id INTEGER NOT NULL",
      "run_id TEXT NOT NULL",
      "hostname TEXT NOT NULL",
      "uid TEXT NOT NULL",
      "block_id TEXT NOT NULL",
      "cpu_count INTEGER NOT NULL",
      "total_memory BIGINT NOT NULL",
      "active BOOLEAN NOT NULL",
      "worker_count INTEGER NOT NULL",
      "python_v TEXT NOT NULL",
      "timestamp DATETIME NOT NULL",
      "last_heartbeat DATETIME NOT NULL",
    ],
    constraints: ["PRIMARY KEY (id)"],
  },
  {
    name: "block",
    columns: [
      "run_id TEXT NOT NULL",
      "executor_label TEXT NOT NULL",
      "block_id TEXT NOT NULL",
      "job_id TEXT",
      "timestamp DATETIME NOT NULL",
      "status TEXT NOT NULL",
    ],
    constraints: ["PRIMARY KEY (run_id, block_id, executor_label, timestamp)"],
  },
  {
    name: "status",
    columns: [
      "task_id INTEGER NOT NULL",
      "task_status_name TEXT NOT NULL",
      "timestamp DATETIME NOT NULL",
      "run_id TEXT NOT NULL",
      "try_id INTEGER NOT NULL",
    ],
    constraints: ["PRIMARY KEY (task_id, run_id, task_status_name, timestamp)", WORKFLOW_KEY],
  },
  {
    name: "resource",
    columns: [
      "try_id INTEGER NOT NULL",
      "task_id INTEGER NOT NULL",
      "run_id TEXT NOT NULL",
      "timestamp DATETIME NOT NULL",
      "resource_monitoring_interval FLOAT",
      "psutil_process_pid INTEGER",
      "psutil_process_memory_percent FLOAT",
      "psutil_process_children_count FLOAT",
      "psutil_process_time_user FLOAT",
      "psutil_process_time_system FLOAT",
      "psutil_process_memory_virtual FLOAT",
      "psutil_process_memory_resident FLOAT",
      "psutil_process_disk_read FLOAT",
      "psutil_process_disk_write FLOAT",
      "psutil_process_status TEXT",
      "psutil_cpu_num TEXT",
      "psutil_process_num_ctx_switches_voluntary FLOAT",
      "psutil_process_num_ctx_switches_involuntary FLOAT",
    ],
    constraints: ["PRIMARY KEY (try_id, task_id, run_id, timestamp)", WORKFLOW_KEY],
  },
];

/** The statement with which SQLAlchemy creates a table; a temporary one lasts as long as its connection. */
export function createTable({ name, columns, constraints }: Table, temporary = false): string {
  return `CREATE ${temporary ? "TEMP " : ""}TABLE ${name} (\n\t${
    [...columns, ...constraints].join(", \n\t")
  }\n)`;
}

/** Parsl's own index. */
export const PARSL_INDEX = {
  name: "ix_task_task_hashsum",
  sql: "CREATE INDEX ix_task_task_hashsum ON task (task_hashsum)",
};

/**
 * What Parsloscope adds to a file that a hub writes. Programs read every table of a monitoring
 * database `where run_id = …`, so each of these has that column, and nothing may make SQLite add
 * tables of its own (`ANALYZE` would).
 */
export const OWN_TABLES: readonly Table[] = [
  {
    name: "parsloscope_client",
    columns: [
      "client TEXT PRIMARY KEY NOT NULL",
      "acknowledged INTEGER NOT NULL",
      "seen INTEGER NOT NULL",
      // Always NULL: a client numbers its messages through all runs that it speaks for.
      "run_id TEXT",
    ],
    constraints: [],
  },
  {
    name: "parsloscope_deferred",
    columns: [
      "run_id TEXT NOT NULL",
      "task_id INTEGER NOT NULL",
      "try_id INTEGER NOT NULL",
      "task_try_time_running DATETIME NOT NULL",
      "block_id TEXT",
      "hostname TEXT",
    ],
    constraints: ["PRIMARY KEY (run_id, task_id, try_id)"],
  },
];

/** Indexes by run, which Parsl's tables lack. */
export const OWN_INDEXES: readonly string[] = [
  "CREATE INDEX IF NOT EXISTS parsloscope_task ON task (run_id)",
  "CREATE INDEX IF NOT EXISTS parsloscope_try ON try (run_id, task_id)",
  "CREATE INDEX IF NOT EXISTS parsloscope_status ON status (run_id)",
  "CREATE INDEX IF NOT EXISTS parsloscope_resource ON resource (run_id, task_id)",
  "CREATE INDEX IF NOT EXISTS parsloscope_node ON node (run_id, uid, timestamp)",
];
