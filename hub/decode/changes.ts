/** From Parsl's messages to changes of the database. */
import { type Cell, CELLS, type Change, type ChangeKind } from "../../store/writer.ts";
import { type Limit, limitOf } from "../../parsl/readable.ts";
import type { Message } from "./message.ts";
import { DateTime, EnumMember, type Fields, MalformedMessage, type Value } from "./value.ts";

/**
 * What a cell holds, as the columns of Parsl's database are typed. Those with `!` must be there; a
 * "count" that is not there is 0, for the database never lowers one.
 */
type CellType =
  | "text"
  | "text!"
  | "integer"
  | "integer!"
  | "float"
  | "float!"
  | "boolean!"
  | "time"
  | "time!"
  | "count";

type Types = { [K in ChangeKind]: Record<(typeof CELLS)[K][number], CellType> };

const KEY = {
  run_id: "text!",
  task_id: "integer!",
  try_id: "integer!",
  timestamp: "time!",
} as const;

const TYPES: Types = {
  "workflow-start": {
    run_id: "text!",
    workflow_name: "text",
    workflow_version: "text",
    time_began: "time!",
    host: "text!",
    user: "text!",
    rundir: "text!",
    tasks_failed_count: "count",
    tasks_completed_count: "count",
  },
  "workflow-end": {
    run_id: "text!",
    time_completed: "time!",
    tasks_failed_count: "count",
    tasks_completed_count: "count",
    time_began: "time",
    rundir: "text",
  },
  "task": {
    ...KEY,
    task_status_name: "text!",
    task_depends: "text",
    task_func_name: "text!",
    task_memoize: "text!",
    task_hashsum: "text",
    task_inputs: "text",
    task_outputs: "text",
    task_stdin: "text",
    task_stdout: "text",
    task_stderr: "text",
    task_time_invoked: "time",
    task_time_returned: "time",
    task_fail_count: "integer!",
    task_fail_cost: "float!",
    task_executor: "text!",
    task_try_time_launched: "time",
    task_try_time_returned: "time",
    task_fail_history: "text",
    task_joins: "text",
    tasks_failed_count: "count",
    tasks_completed_count: "count",
  },
  "worker-start": { ...KEY, block_id: "text", hostname: "text" },
  "worker-end": KEY,
  "resource": {
    ...KEY,
    resource_monitoring_interval: "float",
    psutil_process_pid: "integer",
    psutil_process_memory_percent: "float",
    psutil_process_children_count: "float",
    psutil_process_time_user: "float",
    psutil_process_time_system: "float",
    psutil_process_memory_virtual: "float",
    psutil_process_memory_resident: "float",
    psutil_process_disk_read: "float",
    psutil_process_disk_write: "float",
    psutil_process_status: "text",
    psutil_cpu_num: "text",
    psutil_process_num_ctx_switches_voluntary: "float",
    psutil_process_num_ctx_switches_involuntary: "float",
  },
  "node": {
    run_id: "text!",
    hostname: "text!",
    uid: "text!",
    block_id: "text!",
    cpu_count: "integer!",
    total_memory: "integer!",
    active: "boolean!",
    worker_count: "integer!",
    python_v: "text!",
    timestamp: "time!",
    last_heartbeat: "time!",
  },
  "block": {
    run_id: "text!",
    executor_label: "text!",
    block_id: "text!",
    job_id: "text",
    timestamp: "time!",
    status: "text!",
  },
};

const INT64 = 1n << 63n;

/** The cell of a value, or undefined when a column of the type cannot hold it. */
type Reader = (value: Value) => Cell | undefined;

/** Numbers become text as SQLite makes it of them; only it knows how for fractions. */
function text(value: Value): Cell | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") {
    if (Number.isNaN(value)) return null;
    return Number.isSafeInteger(value) ? String(value) : value;
  }
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "bigint") return String(value);
  if (value instanceof DateTime) return value.text;
  if (value instanceof EnumMember && value.value !== null) return String(value.value);
  return undefined;
}

function integer(value: Value): Cell | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "bigint") return value < INT64 && value >= -INT64 ? value : undefined;
  if (value instanceof EnumMember && value.value !== null) return value.value;
  return undefined;
}

function float(value: Value): Cell | undefined {
  if (typeof value === "number") return Number.isNaN(value) ? null : value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  return undefined;
}

function boolean(value: Value): Cell | undefined {
  if (value === true || value === 1) return 1;
  if (value === false || value === 0) return 0;
  return undefined;
}

function time(value: Value): Cell | undefined {
  return value instanceof DateTime ? value.text : undefined;
}

const READERS: Record<CellType, { read: Reader; wanted: string; missing: "null" | "0" | "error" }> =
  {
    "text": { read: text, wanted: "text", missing: "null" },
    "text!": { read: text, wanted: "text", missing: "error" },
    "integer": { read: integer, wanted: "a whole number", missing: "null" },
    "integer!": { read: integer, wanted: "a whole number", missing: "error" },
    "float": { read: float, wanted: "a number", missing: "null" },
    "float!": { read: float, wanted: "a number", missing: "error" },
    "boolean!": { read: boolean, wanted: "true or false", missing: "error" },
    "time": { read: time, wanted: "a time", missing: "null" },
    "time!": { read: time, wanted: "a time", missing: "error" },
    "count": { read: integer, wanted: "a whole number", missing: "0" },
  };

interface Column {
  name: string;
  read: Reader;
  wanted: string;
  limit: Limit;
  missing: "null" | "0" | "error";
}

const COLUMNS = Object.fromEntries(
  Object.entries(CELLS).map(([kind, names]) => {
    const types = TYPES[kind as ChangeKind] as Record<string, CellType>;
    return [
      kind,
      names.map((name): Column => ({ name, limit: limitOf(name), ...READERS[types[name]] })),
    ];
  }),
) as Record<ChangeKind, Column[]>;

/**
 * The change that a message asks for, with the very cells that Parsl would have stored.
 *
 * @throws {MalformedMessage} when a field is missing, of another type, or nothing that a reader of
 *   the database could take for what it is; the message names it.
 */
export function changeOf(message: Message): Change {
  const { fields, runId } = message;
  const kind = kindOf(message);
  const columns = COLUMNS[kind];
  const cells: Cell[] = new Array(columns.length);
  cells[0] = runId;
  for (let i = 1; i < columns.length; i++) {
    const column = columns[i];
    const value = fields.get(column.name);
    let cell: Cell | undefined = null;
    if (value !== null && value !== undefined) {
      cell = column.read(value);
      if (cell === undefined || cell !== null && !column.limit.fits(cell)) {
        const { wanted } = cell === undefined ? column : column.limit;
        throw new MalformedMessage(
          `${column.name} of a ${kind} message is ${describe(value)} where ${wanted} belongs.`,
        );
      }
    }
    if (cell === null && column.missing !== "null") cell = filled(column, kind, fields);
    cells[i] = cell;
  }
  return { kind, runId, cells };
}

function filled(column: Column, kind: ChangeKind, fields: Fields): Cell {
  if (column.missing === "0") return 0;
  // Until 2020 tries had no numbers.
  if (column.name === "try_id" && kind !== "task" && !fields.has("try_id")) return 0;
  throw new MalformedMessage(`A ${kind} message has no ${column.name}.`);
}

function kindOf({ kind, fields }: Message): ChangeKind {
  if (kind === "workflow") return fields.has("python_version") ? "workflow-start" : "workflow-end";
  if (kind !== "worker") return kind;
  if (fields.get("first_msg") === true) return "worker-start";
  if (fields.get("last_msg") === true) return "worker-end";
  throw new MalformedMessage(
    "A worker message is neither the first (first_msg) nor the last (last_msg) of its try.",
  );
}

function describe(value: Value): string {
  if (value instanceof DateTime) return "a time";
  if (value instanceof EnumMember) return `a member of ${value.type}`;
  if (value instanceof Uint8Array) return "bytes";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Map) return "a dict";
  if (value instanceof Set) return "a set";
  if (typeof value === "string") return `the text ${JSON.stringify(beginning(value))}`;
  return beginning(String(value));
}

/** The first 40 characters of a text, and that there are more. */
function beginning(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
