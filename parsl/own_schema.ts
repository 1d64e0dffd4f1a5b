/**
 * Tables that Parsl has not: what our client's workers tell beside Parsl's messages. They stand in the
 * file that a hub writes, and a file without them is as good.
 */
import type { ColumnSpec, TableSpec } from "./column.ts";

const RUN_ID = { sql: "TEXT", required: true, kind: "text", redact: "keep" } as const;
const NUMBER = { sql: "INTEGER", required: true, kind: "id", redact: "text" } as const;
const OF_TRY = { run_id: RUN_ID, task_id: NUMBER, try_id: NUMBER } as const;
const HOST = { sql: "TEXT", kind: "text", redact: "host" } as const;
const TEXT = { sql: "TEXT", kind: "text", redact: "text" } as const;
const TIME = { sql: "DATETIME", kind: "time", redact: "text" } as const;
const SECONDS = { sql: "FLOAT", kind: "seconds", redact: "text" } as const;
const BYTES = { sql: "BIGINT", kind: "bytes", redact: "text" } as const;
const AMOUNT = { sql: "FLOAT", kind: "amount", redact: "text" } as const;
const COUNT = { sql: "BIGINT", kind: "amount", redact: "text" } as const;
/** The key of what is told of a host at a time. */
const OF_SAMPLE = {
  run_id: RUN_ID,
  hostname: { ...HOST, required: true },
  timestamp: { ...TIME, required: true },
} as const;

/** How the table is kept by a program: not Parsl's own. */
const OURS = { ours: true } as const;

export const OWN_SCHEMA = {
  /** Where a try ran, and what it used from its beginning to its end, to the last byte. */
  parsloscope_try_totals: {
    columns: {
      ...OF_TRY,
      hostname: HOST,
      block_id: TEXT,
      pid: { sql: "BIGINT", kind: "amount", redact: "text" },
      rank: TEXT,
      manager: { sql: "TEXT", kind: "text", redact: "manager" },
      time_began: TIME,
      time_ended: TIME,
      /** `returned`, `raised` or `killed`; unknown while it runs. */
      ended: TEXT,
      /** Whether what follows is of a `process` or of a `thread`. */
      scope: TEXT,
      wall_s: SECONDS,
      cpu_user_s: SECONDS,
      cpu_system_s: SECONDS,
      children_cpu_user_s: SECONDS,
      children_cpu_system_s: SECONDS,
      read_bytes: BYTES,
      written_bytes: BYTES,
      disk_read_bytes: BYTES,
      disk_written_bytes: BYTES,
      switches_voluntary: COUNT,
      switches_involuntary: COUNT,
      memory_start_bytes: BYTES,
      memory_peak_bytes: BYTES,
      children_memory_peak_bytes: BYTES,
      /** `exact`, or `sampled`: the largest of the samples. */
      memory_peak: TEXT,
      samples_late: COUNT,
    },
    key: ["run_id", "task_id", "try_id"],
    ...OURS,
  },
  /** What a try raised, with what caused it. */
  parsloscope_traceback: {
    columns: {
      ...OF_TRY,
      text: { ...TEXT, required: true },
      /** Characters that were left out of it. */
      cut: { ...COUNT, required: true },
    },
    key: ["run_id", "task_id", "try_id"],
    ...OURS,
    apart: true,
  },
  /** What the program asked for when it called the app. */
  parsloscope_request: {
    columns: {
      ...OF_TRY,
      /** All of it, as JSON. */
      specification: TEXT,
      cores: AMOUNT,
      memory_mb: AMOUNT,
      disk_mb: AMOUNT,
      gpus: AMOUNT,
      walltime_s: SECONDS,
    },
    key: ["run_id", "task_id", "try_id"],
    ...OURS,
    apart: true,
  },
  /** How a host was at a time, whoever used it. */
  parsloscope_node_sample: {
    columns: {
      ...OF_SAMPLE,
      cpu_count: AMOUNT,
      /** A share of all CPUs, 0 to 1, since the sample before. */
      cpu_busy: AMOUNT,
      load_1m: AMOUNT,
      memory_total_bytes: BYTES,
      memory_available_bytes: BYTES,
      swap_total_bytes: BYTES,
      swap_used_bytes: BYTES,
      disk_total_bytes: BYTES,
      disk_free_bytes: BYTES,
      interval_s: SECONDS,
    },
    key: ["run_id", "hostname", "timestamp"],
    ...OURS,
  },
  /** How a GPU of a host was at a time. */
  parsloscope_gpu_sample: {
    columns: {
      ...OF_SAMPLE,
      gpu: NUMBER,
      name: TEXT,
      /** A share, 0 to 1. */
      utilization: AMOUNT,
      memory_total_bytes: BYTES,
      memory_used_bytes: BYTES,
      power_w: AMOUNT,
    },
    key: ["run_id", "hostname", "timestamp", "gpu"],
    ...OURS,
  },
} as const satisfies Readonly<Record<string, TableSpec & { columns: Record<string, ColumnSpec> }>>;
