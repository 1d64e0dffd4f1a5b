/**
 * What our client's workers put beside Parsl's own fields, under the key `parsloscope`: an older hub
 * does not see it. Each part becomes fields by the names of the columns that they go to.
 */
import { ENDS, PEAKS, SCOPES } from "../../parsl/own_words.ts";
import type { ChangeKind, MessageKind } from "../../parsl/messages.ts";
import { plainJson } from "./plain_json.ts";
import { type Fields, MalformedMessage, type Value } from "./value.ts";

/** The key of a message under which its own parts are. */
export const OWN_KEY = "parsloscope";
/** Characters of a traceback that are kept, half of them of its end, where the exception stands. */
export const LONGEST_TRACEBACK = 65_536;
/** Characters of a name: of a host, a manager, a GPU. */
const LONGEST_NAME = 1024;
/** Characters of a resource specification as JSON. */
const LONGEST_SPECIFICATION = 8192;
/** GPUs, or parts of such, that one node may have. */
const MOST_GPUS = 256;

/** A message, as far as its own parts are concerned. */
interface Told {
  kind: MessageKind;
  fields: Fields;
}

/** A change that a part asks for: fields by names of columns. */
export interface OwnPart {
  kind: ChangeKind;
  fields: Fields;
}

/** Whether a message is nothing but parts of ours, with none of the fields that Parsl's would have. */
export function isOwnAlone({ kind, fields }: Told): boolean {
  const own = fields.get(OWN_KEY);
  return kind === "resource" && own instanceof Map && own.has("node");
}

/**
 * The parts of a message, each before the next is looked at. The fields of Parsl are not among them.
 *
 * @throws {MalformedMessage} when a part is not of the shape that it should have
 */
export function* ownParts({ kind, fields }: Told): Generator<OwnPart> {
  const value = fields.get(OWN_KEY);
  if (value === undefined || value === null) return;
  const own = dict(value, OWN_KEY);
  if (kind === "worker" && fields.get("last_msg") === true) yield* ofEnd(fields, own);
  else if (kind === "worker") yield { kind: "try-worker", fields: workerOf(fields, own, true) };
  else if (kind === "task" && own.has("requested")) {
    yield { kind: "parsloscope_request", fields: requestOf(fields, own) };
  } else if (kind === "resource" && own.has("node")) yield* ofNode(fields, own);
}

/** What the end of a try tells: maybe its beginning and its last sample, which came with it. */
function* ofEnd(fields: Fields, own: Fields): Generator<OwnPart> {
  const began = own.get("began") ?? null;
  const worker = workerOf(fields, own, false);
  worker.set("time_began", began);
  if (began !== null) {
    const start = keyOf(fields).set("timestamp", began);
    start.set("hostname", worker.get("hostname")!).set("block_id", worker.get("block_id")!);
    yield { kind: "worker-start", fields: start };
  }
  const sample = own.get("sample") ?? null;
  if (sample !== null) {
    const row: Fields = new Map([...dict(sample, "sample"), ...keyOf(fields)]);
    yield { kind: "resource", fields: row.set("timestamp", fields.get("timestamp") ?? null) };
  }
  const totals = own.get("totals") ?? null;
  const end: Fields = new Map([...totals === null ? [] : dict(totals, "totals"), ...worker]);
  end.set("time_ended", fields.get("timestamp") ?? null);
  end.set("ended", oneOf(own, "ended", ENDS));
  end.set("scope", oneOf(own, "scope", SCOPES));
  end.set("memory_peak", oneOf(own, "memory_peak", PEAKS));
  end.set("samples_late", own.get("samples_late") ?? null);
  yield { kind: "try-totals", fields: end };
  const raised = own.get("traceback") ?? null;
  if (raised !== null) {
    yield { kind: "parsloscope_traceback", fields: tracebackOf(fields, dict(raised, "traceback")) };
  }
}

/** The worker of a try, which Parsl's own fields name in part. */
function workerOf(fields: Fields, own: Fields, begins: boolean): Fields {
  const said = own.get("worker") ?? null;
  const worker: Fields = said === null ? new Map() : dict(said, "worker");
  const row = keyOf(fields);
  const name = (value: Value | undefined) => shortText(value ?? null, "worker");
  row.set("hostname", name(worker.get("host") ?? fields.get("hostname")));
  row.set("block_id", name(worker.get("block") ?? fields.get("block_id")));
  row.set("pid", worker.get("pid") ?? null);
  row.set("rank", name(worker.get("rank")));
  row.set("manager", name(worker.get("manager")));
  if (begins) row.set("time_began", fields.get("timestamp") ?? null);
  return row;
}

function tracebackOf(fields: Fields, raised: Fields): Fields {
  const text = raised.get("text");
  const cut = raised.get("cut") ?? 0;
  if (typeof text !== "string") throw new MalformedMessage("the text of a traceback is no text");
  if (typeof cut !== "number" || !Number.isInteger(cut) || cut < 0) {
    throw new MalformedMessage("what was cut from a traceback is no number of characters");
  }
  const kept = shortened(text);
  return keyOf(fields).set("text", kept.text).set("cut", cut + kept.cut);
}

/** A text as the database can hold it: not too long, and with a sign for each NUL. */
function shortened(text: string): { text: string; cut: number } {
  const plain = (part: string) => part.replaceAll("\0", "\u2400").toWellFormed();
  const cut = text.length - LONGEST_TRACEBACK;
  if (cut <= 0) return { text: plain(text), cut: 0 };
  const half = LONGEST_TRACEBACK / 2;
  return { text: `${plain(text.slice(0, half))}\n…\n${plain(text.slice(-half))}`, cut };
}

/** The columns of a request, by the names that resource specifications have for them. */
const REQUESTED = [
  ["cores", "cores"],
  ["memory", "memory_mb"],
  ["disk", "disk_mb"],
  ["gpus", "gpus"],
] as const;

function requestOf(fields: Fields, own: Fields): Fields {
  const asked = own.get("requested") ?? null;
  const specification: Fields = asked === null ? new Map() : dict(asked, "requested");
  const row = keyOf(fields);
  row.set("specification", plainJson(specification, LONGEST_SPECIFICATION));
  for (const [name, column] of REQUESTED) row.set(column, amountOf(specification.get(name)));
  return row.set("walltime_s", own.get("walltime_s") ?? null);
}

/** A number that a program asked for; what else it may have said stands in the specification. */
function amountOf(value: Value | undefined): number | null {
  return typeof value === "number" && value >= 0 && Number.isFinite(value) ? value : null;
}

function* ofNode(fields: Fields, own: Fields): Generator<OwnPart> {
  const key: Fields = new Map();
  key.set("hostname", shortText(fields.get("hostname") ?? null, "hostname"));
  key.set("timestamp", fields.get("timestamp") ?? null);
  const node: Fields = new Map([...dict(own.get("node")!, "node"), ...key]);
  yield { kind: "parsloscope_node_sample", fields: node };
  const gpus = own.get("gpus") ?? null;
  if (gpus === null) return;
  if (!Array.isArray(gpus)) throw new MalformedMessage("gpus are no list");
  if (gpus.length > MOST_GPUS) throw new MalformedMessage("a node has too many gpus");
  for (const value of gpus) {
    const gpu: Fields = new Map([...dict(value, "gpu"), ...key]);
    gpu.set("gpu", gpu.get("index") ?? null);
    gpu.set("name", shortText(gpu.get("name") ?? null, "name"));
    yield { kind: "parsloscope_gpu_sample", fields: gpu };
  }
}

/** A new dict with what says which try fields are of. */
function keyOf(fields: Fields): Fields {
  return new Map<Value, Value>([
    ["task_id", fields.get("task_id") ?? null],
    ["try_id", fields.get("try_id") ?? null],
  ]);
}

function dict(value: Value, name: string): Fields {
  if (value instanceof Map) return value;
  throw new MalformedMessage(`${name} of a message is no dict`);
}

function oneOf(fields: Fields, name: string, words: readonly string[]): string | null {
  const value = fields.get(name) ?? null;
  if (value === null) return null;
  if (typeof value === "string" && words.includes(value)) return value;
  throw new MalformedMessage(`${name} of a message is none of ${words.join(", ")}`);
}

function shortText(value: Value, name: string): Value {
  if (typeof value === "string" && value.length > LONGEST_NAME) {
    throw new MalformedMessage(`${name} of a message is longer than ${LONGEST_NAME} characters`);
  }
  return value;
}
