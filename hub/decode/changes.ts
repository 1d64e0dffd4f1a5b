/** From Parsl's messages to changes of the database. */
import type { SqlType } from "../../parsl/column.ts";
import { type Carried, type ChangeKind, CHANGES, PLACES } from "../../parsl/messages.ts";
import { type Limit, limitOf } from "../../parsl/readable.ts";
import type { Change, WrittenCell } from "../../store/writer.ts";
import type { Message } from "./message.ts";
import { DateTime, EnumMember, type Fields, MalformedMessage, type Value } from "./value.ts";

const INT64 = 1n << 63n;

/** The cell of a value, or undefined when a column of the type cannot hold it. */
type Reader = (value: Value) => WrittenCell | undefined;

/** Numbers become text as SQLite makes it of them; only it knows how for fractions. */
function text(value: Value): WrittenCell | undefined {
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

function integer(value: Value): WrittenCell | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "bigint") return value < INT64 && value >= -INT64 ? value : undefined;
  if (value instanceof EnumMember && value.value !== null) return value.value;
  return undefined;
}

function float(value: Value): WrittenCell | undefined {
  if (typeof value === "number") return Number.isNaN(value) ? null : value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  return undefined;
}

function boolean(value: Value): WrittenCell | undefined {
  if (value === true || value === 1) return 1;
  if (value === false || value === 0) return 0;
  return undefined;
}

function time(value: Value): WrittenCell | undefined {
  return value instanceof DateTime ? value.text : undefined;
}

/** How a value is taken for a column of each type, and what it has to be, in words. */
const READERS: Readonly<Record<SqlType, { read: Reader; wanted: string }>> = {
  TEXT: { read: text, wanted: "text" },
  INTEGER: { read: integer, wanted: "a whole number" },
  BIGINT: { read: integer, wanted: "a whole number" },
  FLOAT: { read: float, wanted: "a number" },
  BOOLEAN: { read: boolean, wanted: "true or false" },
  DATETIME: { read: time, wanted: "a time" },
};

/** How a field of a message becomes a cell of its change. */
interface Field {
  name: string;
  /** Of its cell. */
  place: number;
  read: Reader;
  wanted: string;
  limit: Limit;
  /** What stands for a value that is not there: the database never lowers a tally. */
  missing: "null" | "0" | "error";
}

function fieldOf({ name, column, required }: Carried, place: number): Field {
  const missing = column.kind === "tally" ? "0" : required ? "error" : "null";
  return { name, place, limit: limitOf(column.kind), missing, ...READERS[column.sql] };
}

/** The fields of each kind of change but the run, which is known. */
const FIELDS = Object.fromEntries(
  Object.entries(CHANGES).map(([kind, carried]) => [
    kind,
    carried.map(fieldOf).filter(({ name }) => name !== "run_id"),
  ]),
) as Record<ChangeKind, Field[]>;

/**
 * The change that a message asks for, with the very cells that Parsl would have stored.
 *
 * @throws {MalformedMessage} when a field is missing, of another type, or nothing that a reader of
 *   the database could take for what it is; the message names it.
 */
export function changeOf(message: Message): Change {
  return changeFrom(kindOf(message), message.runId, message.fields);
}

/**
 * The same of fields that stand by the names of the columns that they go to.
 *
 * @throws {MalformedMessage} as {@link changeOf}
 */
export function changeFrom(kind: ChangeKind, runId: string, fields: Fields): Change {
  const cells: WrittenCell[] = new Array(CHANGES[kind].length);
  cells[PLACES[kind].run_id] = runId;
  for (const field of FIELDS[kind]) {
    const value = fields.get(field.name);
    let cell: WrittenCell | undefined = null;
    if (value !== null && value !== undefined) {
      cell = field.read(value);
      if (cell === undefined || cell !== null && !field.limit.fits(cell)) {
        const { wanted } = cell === undefined ? field : field.limit;
        throw new MalformedMessage(
          `${field.name} of a ${kind} message is ${describe(value)} where ${wanted} belongs.`,
        );
      }
    }
    if (cell === null && field.missing !== "null") cell = filled(field, kind, fields);
    cells[field.place] = cell;
  }
  return { kind, runId, cells };
}

function filled({ name, missing }: Field, kind: ChangeKind, fields: Fields): WrittenCell {
  if (missing === "0") return 0;
  // Until 2020 tries had no numbers.
  if (name === "try_id" && kind !== "task" && !fields.has("try_id")) return 0;
  throw new MalformedMessage(`A ${kind} message has no ${name}.`);
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
