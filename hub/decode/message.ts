/** Parsl's monitoring messages, whatever generation they came from. */
import { MESSAGE_KINDS, type MessageKind } from "../../parsl/messages.ts";
import { decodeJson } from "./json.ts";
import { isOwnAlone, OWN_KEY } from "./own_parts.ts";
import { TYPE_NAMES } from "./pickle/enums.ts";
import { decodePickle } from "./pickle/mod.ts";
import { EnumMember, type Fields, MalformedMessage, type Value } from "./value.ts";

/** One message of one run. A BLOCK_INFO list is one message per entry. */
export interface Message {
  kind: MessageKind;
  runId: string;
  fields: Fields;
}

/** Characters that the id of a run may have. */
const LONGEST_RUN_ID = 256;

/**
 * What the body of a datagram or frame holds: JSON when it begins with `{`, else a pickle.
 *
 * @throws {MalformedMessage} when it is damaged or asks for more than data.
 */
export function decodeMessage(body: Uint8Array): Value {
  return body[0] === 0x7b ? decodeJson(body) : decodePickle(body);
}

/**
 * The messages in a decoded body, whichever generation of Parsl sent it: `(MessageType, payload)`,
 * the same inside `(source, epoch, …)` or with a tag behind, `(source, epoch, MessageType, payload)`,
 * `(source, epoch, payload)`, or the payload alone.
 *
 * @throws {MalformedMessage} when it has none of these shapes.
 */
export function readMessages(value: Value): Message[] {
  if (value instanceof Map) return readUntyped(value);
  if (Array.isArray(value)) {
    const [first, second, third] = value;
    if (value.length === 2) {
      const kind = kindOf(first);
      if (kind !== null) return readTyped(kind, second);
      // A filesystem radio put a tag behind the message.
      if (Array.isArray(first) && first.length === 2) return readPair(first);
      if (first instanceof Map) return readUntyped(first);
    } else if (value.length === 3) {
      if (Array.isArray(third) && third.length === 2) return readPair(third);
      if (third instanceof Map) return readUntyped(third);
    } else if (value.length === 4) {
      const kind = kindOf(third);
      if (kind !== null) return readTyped(kind, value[3]);
    }
  }
  throw unknownShape();
}

function unknownShape(): MalformedMessage {
  return new MalformedMessage("expected a pair of MessageType and payload");
}

function readPair(pair: readonly Value[]): Message[] {
  const kind = kindOf(pair[0]);
  if (kind === null) throw unknownShape();
  return readTyped(kind, pair[1]);
}

/** The kind that a MessageType or its value says, or null when it is neither. */
function kindOf(type: Value): MessageKind | null {
  if (typeof type === "number") return MESSAGE_KINDS[type] ?? null;
  if (!(type instanceof EnumMember) || type.type !== "MessageType") return null;
  const value = type.value ?? TYPE_NAMES.indexOf(type.name ?? "");
  const kind = MESSAGE_KINDS[value];
  if (kind === undefined) {
    throw new MalformedMessage(`expected a known MessageType, not ${type.name ?? type.value}`);
  }
  return kind;
}

function readTyped(kind: MessageKind, payload: Value): Message[] {
  if (payload instanceof Map) {
    const runId = runIdOf(payload);
    const message = { kind, runId, fields: payload };
    if (bundleOf(message) !== null || isOwnAlone(message)) return [message];
    if (kind === "resource" || kind === "task" && !payload.has("task_func_name")) {
      return ofWorker(kind, runId, payload);
    }
    return [message];
  }
  if (kind !== "block" || !Array.isArray(payload)) {
    throw new MalformedMessage(`expected a dict as the payload of a ${kind} message`);
  }
  return payload.map((fields) => {
    if (!(fields instanceof Map)) throw new MalformedMessage("expected a list of dicts of blocks");
    return { kind, runId: runIdOf(fields), fields };
  });
}

/** Messages that one may carry. */
const MOST_BUNDLED = 4096;
/** The kinds of what may carry others, and of those that may be carried. */
const CARRIERS: ReadonlySet<MessageKind | null> = new Set(["resource", "worker"] as const);
const CARRIED: ReadonlySet<MessageKind | null> = new Set(["task", "resource", "worker"] as const);

/** The messages that another carries, as they came; null when it is one of a task or its try. */
export function bundleOf({ kind, fields }: Message): readonly Value[] | null {
  if (!CARRIERS.has(kind) || fields.has("task_id")) return null;
  const own = fields.get(OWN_KEY);
  const messages = own instanceof Map ? own.get("messages") : undefined;
  if (messages === undefined) return null;
  if (!Array.isArray(messages)) throw new MalformedMessage("messages of a message are no list");
  if (messages.length > MOST_BUNDLED) throw new MalformedMessage("it carries too many messages");
  return messages;
}

/**
 * What one of the messages that another carries would be alone.
 *
 * @throws {MalformedMessage} when it is none of a task or its tries, or carries others itself
 */
export function readBundled(value: Value): Message[] {
  const pair = Array.isArray(value) && value.length === 2 ? value : null;
  const kind = pair === null ? null : kindOf(pair[0]);
  if (pair === null || kind === null || !CARRIED.has(kind)) {
    throw new MalformedMessage(
      "expected messages of tasks and tries in a message that carries some",
    );
  }
  const messages = readTyped(kind, pair[1]);
  if (messages.some((message) => bundleOf(message) !== null)) {
    throw new MalformedMessage("a message that is carried by another carries others");
  }
  return messages;
}

/** A payload without its type: only workers sent such. */
function readUntyped(fields: Fields): Message[] {
  return ofWorker(null, runIdOf(fields), fields);
}

/**
 * Messages that old workers sent under one type, told apart by what is in them. A sample that is
 * marked as the first or last also says that the try began or ended.
 */
function ofWorker(kind: "task" | "resource" | null, runId: string, fields: Fields): Message[] {
  const sample = hasSample(fields);
  const edge = fields.get("first_msg") === true || fields.get("last_msg") === true;
  if (sample && edge) {
    return [{ kind: "worker", runId, fields }, { kind: "resource", runId, fields }];
  }
  if (sample) return [{ kind: "resource", runId, fields }];
  if (edge) return [{ kind: "worker", runId, fields }];
  if (kind === null) throw new MalformedMessage("expected the start, the end or a sample of a try");
  return [{ kind, runId, fields }];
}

function hasSample(fields: Fields): boolean {
  for (const key of fields.keys()) {
    if (typeof key === "string" && key.startsWith("psutil_")) return true;
  }
  return false;
}

function runIdOf(fields: Fields): string {
  const runId = fields.get("run_id");
  if (typeof runId !== "string" || runId === "" || runId.length > LONGEST_RUN_ID) {
    throw new MalformedMessage("expected run_id, a text of 1 to 256 characters");
  }
  // Pages of the run have its id in their addresses, and no reader finds it behind a NUL.
  if (runId.includes("\0") || !runId.isWellFormed()) {
    throw new MalformedMessage("expected run_id, a text without a NUL and half a character");
  }
  return runId;
}
