/** Parsl's tables through all generations of its schema. */
import type { DatabaseSync } from "node:sqlite";

/** For each value the model wants, the names its column has had, newest first. */
export const COLUMNS = {
  workflow: [
    ["run_id"],
    ["workflow_name"],
    ["workflow_version"],
    ["time_began"],
    ["time_completed"],
    ["host"],
    ["user"],
    ["rundir"],
    ["tasks_failed_count"],
    ["tasks_completed_count"],
  ],
  task: [
    ["task_id"],
    ["task_func_name"],
    ["task_depends"],
    ["task_time_invoked", "task_time_submitted"],
    ["task_time_returned"],
    ["task_fail_count"],
    ["task_fail_cost"],
    ["task_memoize"],
  ],
  text: [
    ["task_hashsum"],
    ["task_inputs"],
    ["task_outputs"],
    ["task_stdin"],
    ["task_stdout"],
    ["task_stderr"],
    ["task_fail_count"],
  ],
  try: [
    ["task_id"],
    ["try_id", "task_try"],
    ["block_id"],
    ["hostname"],
    ["task_executor", "executor"],
    ["task_try_time_launched", "task_time_launched", "task_time_submitted"],
    ["task_try_time_running", "task_time_running"],
    ["task_try_time_returned", "task_time_returned"],
    ["task_fail_history"],
    ["task_joins"],
  ],
  status: [["task_id"], ["try_id", "task_try"], ["task_status_name", "task_status"], ["timestamp"]],
  resource: [
    ["task_id"],
    ["try_id", "task_try"],
    ["timestamp"],
    ["psutil_process_pid"],
    ["psutil_process_children_count"],
    ["psutil_process_time_user"],
    ["psutil_process_time_system"],
    ["psutil_process_memory_virtual"],
    ["psutil_process_memory_resident"],
    ["psutil_process_memory_percent"],
    ["psutil_process_disk_read"],
    ["psutil_process_disk_write"],
    ["psutil_process_num_ctx_switches_voluntary"],
    ["psutil_process_num_ctx_switches_involuntary"],
    ["psutil_process_status"],
  ],
  sample: [
    ["task_id"],
    ["try_id", "task_try"],
    ["timestamp"],
    ["psutil_process_time_user"],
    ["psutil_process_time_system"],
    ["psutil_process_memory_resident"],
  ],
  node: [
    ["hostname"],
    ["uid", "manager_id"],
    ["block_id"],
    ["cpu_count"],
    ["total_memory"],
    ["active"],
    ["worker_count"],
    ["python_v", "python_version"],
    ["timestamp", "reg_time"],
  ],
  block: [
    ["executor_label"],
    ["block_id"],
    ["job_id"],
    ["timestamp"],
    ["status"],
  ],
} as const;

/** The tables that are read by row id, in the order in which the model wants them. */
export const TABLES = ["task", "try", "status", "resource", "node", "block"] as const;
export type TableName = (typeof TABLES)[number];
export type SelectionName = keyof typeof COLUMNS;

/** The columns that one file really has. */
export class Schema {
  readonly version: number;
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(version: number, tables: ReadonlyMap<string, ReadonlySet<string>>) {
    this.version = version;
    this.tables = tables;
  }

  /** Whether rows of the table can be told apart by run. */
  has(table: string): boolean {
    return this.tables.get(table)?.has("run_id") ?? false;
  }

  hasColumn(table: string, column: string): boolean {
    return this.tables.get(table)?.has(column) ?? false;
  }

  /** `SELECT … FROM …` of the wanted values; NULL for those the file lacks. */
  select(selection: SelectionName): string {
    const table = selection === "text" ? "task" : selection === "sample" ? "resource" : selection;
    const wanted: readonly (readonly string[])[] = COLUMNS[selection];
    const terms = wanted.map((names) => {
      const name = names.find((candidate) => this.hasColumn(table, candidate));
      return name ? `"${name}"` : "NULL";
    });
    return `SELECT ${terms.join(", ")} FROM "${table}"`;
  }
}

/** Looks at the file's tables, unless `known` is still right. */
export function readSchema(connection: DatabaseSync, known: Schema | null): Schema {
  const version = Number(connection.prepare("PRAGMA schema_version").get()?.schema_version);
  if (known?.version === version) return known;
  const tables = new Map<string, Set<string>>();
  const names = connection.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  ).all();
  for (const { name } of names) {
    const columns = connection.prepare(`PRAGMA table_info("${String(name).replaceAll('"', '""')}")`)
      .all();
    tables.set(String(name), new Set(columns.map((column) => String(column.name))));
  }
  return new Schema(version, tables);
}
