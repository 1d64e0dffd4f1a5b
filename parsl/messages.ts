/** Parsl's monitoring messages: which there are, and which columns of which tables they carry. */
import type { ColumnSpec } from "./column.ts";
import { type ColumnName, columnOf, columnsOf, type TableName } from "./tables.ts";

/** The messages by what they are about, as Parsl's `MessageType` names them, in its order. */
export const MESSAGE_TYPES = {
  task: "TASK_INFO",
  resource: "RESOURCE_INFO",
  workflow: "WORKFLOW_INFO",
  node: "NODE_INFO",
  block: "BLOCK_INFO",
  worker: "WORKER_TASK_INFO",
} as const;

export type MessageKind = keyof typeof MESSAGE_TYPES;
/** The kinds by the values of `MessageType`: 0, 1, 2 … */
export const MESSAGE_KINDS = Object.keys(MESSAGE_TYPES) as readonly MessageKind[];

/** A column for which a message has a value. */
export interface Carried<Name extends string = string> {
  name: Name;
  table: TableName;
  column: ColumnSpec;
  /** Whether a message without it cannot be taken; most often as the column is declared. */
  required: boolean;
}

/** Some columns of a table; whether they are required may be other than as they are declared. */
function some<T extends TableName, const Name extends ColumnName<T>>(
  table: T,
  names: readonly Name[],
  required?: boolean,
): Carried<Name>[] {
  return names.map((name) => {
    const column = columnOf(table, name);
    return { name, table, column, required: required ?? column.required ?? false };
  });
}

/** All columns of a table but some. */
function allBut<T extends TableName, const Name extends ColumnName<T>>(
  table: T,
  but: readonly Name[],
): Carried<Exclude<ColumnName<T>, Name>>[] {
  const isLeft = (name: ColumnName<T>): name is Exclude<ColumnName<T>, Name> =>
    !(but as readonly string[]).includes(name);
  return some(table, columnsOf(table).filter(isLeft));
}

const OF_TRY = ["run_id", "task_id", "try_id", "timestamp"] as const;
const COUNTS = ["tasks_failed_count", "tasks_completed_count"] as const;

const TOTALS = "parsloscope_try_totals";
const KEY = ["run_id", "task_id", "try_id"] as const;
/** Where a try runs. */
const WORKER = ["hostname", "block_id", "pid", "rank", "manager"] as const;

/** Changes that are a row of the table of their name, added unless it is there already. */
export const ROW_CHANGES = {
  resource: [...some("resource", OF_TRY), ...allBut("resource", OF_TRY)],
  block: allBut("block", []),
  // Rows of this table are numbered by SQLite.
  node: allBut("node", ["id"]),
  parsloscope_traceback: allBut("parsloscope_traceback", []),
  parsloscope_request: allBut("parsloscope_request", []),
  parsloscope_node_sample: allBut("parsloscope_node_sample", []),
  parsloscope_gpu_sample: allBut("parsloscope_gpu_sample", []),
} satisfies { readonly [T in TableName]?: readonly Carried[] };

/**
 * What messages do to the database. A "task" is one TASK_INFO: a task, its try, a status and the two
 * counts of the run. What the columns are checked for stands in this order, the run first.
 */
export const CHANGES = {
  "workflow-start": allBut("workflow", ["time_completed"]),
  "workflow-end": [
    ...some("workflow", ["run_id"]),
    ...some("workflow", ["time_completed"], true),
    ...some("workflow", COUNTS),
    ...some("workflow", ["time_began", "rundir"], false),
  ],
  "task": [
    ...some("status", [...OF_TRY, "task_status_name"]),
    ...allBut("task", ["run_id", "task_id"]),
    // Where and when a try started is told by its worker.
    ...allBut("try", [
      ...["run_id", "task_id", "try_id"] as const,
      ...["block_id", "hostname", "task_try_time_running"] as const,
    ]),
    ...some("workflow", COUNTS),
  ],
  "worker-start": [...some("status", OF_TRY), ...some("try", ["block_id", "hostname"])],
  "worker-end": some("status", OF_TRY),
  "try-worker": some(TOTALS, [...KEY, ...WORKER, "time_began"]),
  "try-totals": [
    ...some(TOTALS, KEY),
    ...some(TOTALS, ["time_ended", "ended"], true),
    ...allBut(TOTALS, [...KEY, "time_ended", "ended"]),
  ],
  ...ROW_CHANGES,
} satisfies Readonly<Record<string, readonly Carried[]>>;

export type RowChangeKind = keyof typeof ROW_CHANGES;
export type ChangeKind = keyof typeof CHANGES;
/** Whether a change is one row of the table of its name. */
export function isRowChange(kind: ChangeKind): kind is RowChangeKind {
  return Object.hasOwn(ROW_CHANGES, kind);
}

/** The names of the columns that a change of some kind carries. */
export type CellName<K extends ChangeKind> = (typeof CHANGES)[K][number]["name"];

/** Where the cell of each column stands among those of a change, by the change's kind. */
export const PLACES = Object.fromEntries(
  Object.entries(CHANGES).map(([kind, carried]) => [
    kind,
    Object.fromEntries(carried.map(({ name }, place) => [name, place])),
  ]),
) as { readonly [K in ChangeKind]: { readonly [Name in CellName<K>]: number } };
