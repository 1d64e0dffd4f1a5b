/** Messages in JSON, as they come from programs that are not Python. */
import { OWN_KEY } from "./own_parts.ts";
import { dateTime } from "./pickle/datetimes.ts";
import { MESSAGE_TYPE, TYPE_NAMES } from "./pickle/enums.ts";
import { printable } from "./pickle/errors.ts";
import { decimalInteger } from "./pickle/numbers.ts";
import { type DateTime, type EnumMember, MalformedMessage, type Value } from "./value.ts";
import { messageOf } from "../../errors.ts";

/** Objects and lists inside one another, and values, that one message may have. */
const DEPTH = 64;
const VALUES = 1_000_000;

/**
 * Texts of nothing but digits that one message may have: their hashes are the same everywhere, and
 * many of one hash would be slow to tell apart.
 */
const DIGIT_TEXTS = 20_000;

/** The members of payloads that are dates and times. */
const TIMES: ReadonlySet<string> = new Set([
  "time_began",
  "time_completed",
  "timestamp",
  "task_time_invoked",
  "task_time_returned",
  "task_try_time_launched",
  "task_try_time_returned",
  "last_heartbeat",
]);

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The message as a pickle of it would give it: an array of its MessageType and its payload.
 *
 * @throws {MalformedMessage} when it is not JSON, or not a message.
 */
export function decodeJson(bytes: Uint8Array): Value {
  checkSize(bytes);
  const object = parse(bytes);
  if (!isObject(object)) throw new MalformedMessage("the message is not a JSON object");
  const type = messageType(object.type);
  const { payload } = object;
  if (Array.isArray(payload)) return [type, payload.map(toPayload)];
  return [type, toPayload(payload)];
}

/** Counts before anything is built: JSON.parse itself has no bounds. */
function checkSize(bytes: Uint8Array): void {
  let depth = 0;
  let values = 0;
  let digitTexts = 0;
  let begin = 0;
  let inText = false;
  let digits = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inText) {
      if (byte === 0x22) {
        inText = false;
        if (digits && i > begin) digitTexts++;
        continue;
      }
      if (byte === 0x5c) i++;
      if (byte < 0x30 || byte > 0x39) digits = false;
    } else if (byte === 0x22) {
      inText = true;
      digits = true;
      begin = i + 1;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > DEPTH) throw new MalformedMessage("nested too deeply");
      values++;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
    } else if (byte === 0x2c) {
      values++;
    }
  }
  if (digitTexts > DIGIT_TEXTS) throw new MalformedMessage("it has too many numbers as texts");
  if (values > VALUES) throw new MalformedMessage("it has too many values");
}

function parse(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw new MalformedMessage("the message is not UTF-8");
  }
  try {
    // Only integers that long can be beyond what a number holds.
    return /[0-9]{16}/.test(text) ? JSON.parse(text, exactIntegers) : JSON.parse(text);
  } catch (error) {
    if (error instanceof MalformedMessage) throw error;
    const reason = messageOf(error);
    throw new MalformedMessage(`the message is not JSON: ${printable(reason)}`);
  }
}

/** Keeps integers beyond 2^53 as bigints. */
function exactIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  if (source === undefined || !/^-?[0-9]+$/.test(source)) return value;
  return decimalInteger(source);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function messageType(type: unknown): EnumMember {
  if (typeof type === "string" && TYPE_NAMES.includes(type)) return MESSAGE_TYPE.ofName(type);
  if (typeof type === "number" && type in TYPE_NAMES) return MESSAGE_TYPE.ofValue(type);
  const shown = type === undefined ? "missing" : printable(String(JSON.stringify(type, plain)));
  throw new MalformedMessage(`"type" must be one of ${TYPE_NAMES.join(", ")}; it is ${shown}`);
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function toPayload(payload: unknown): Map<Value, Value> {
  if (!isObject(payload)) throw new MalformedMessage('"payload" must be an object');
  const fields = new Map<Value, Value>();
  for (const name of Object.keys(payload)) {
    const value = payload[name];
    if (name === OWN_KEY && isObject(value)) fields.set(name, toOwn(value));
    else fields.set(name, TIMES.has(name) ? toTime(name, value) : toValue(value));
  }
  return fields;
}

/** What our client puts beside Parsl's fields, with the messages that it may carry. */
function toOwn(own: Record<string, unknown>): Map<Value, Value> {
  const fields = new Map<Value, Value>();
  for (const name of Object.keys(own)) {
    const value = own[name];
    if (name === "began") fields.set(name, toTime(name, value));
    else if (name === "messages" && Array.isArray(value)) {
      fields.set(name, value.map((pair) => Array.isArray(pair) ? toPair(pair) : toValue(pair)));
    } else fields.set(name, toValue(value));
  }
  return fields;
}

function toPair([kind, payload, ...rest]: unknown[]): Value {
  return [
    toValue(kind),
    isObject(payload) ? toPayload(payload) : toValue(payload),
    ...rest.map(toValue),
  ];
}

function toValue(value: unknown): Value {
  if (Array.isArray(value)) return value.map(toValue);
  if (!isObject(value)) return value as Value;
  const map = new Map<Value, Value>();
  for (const key of Object.keys(value)) map.set(key, toValue(value[key]));
  return map;
}

function toTime(name: string, value: unknown): DateTime | null {
  if (value === null) return null;
  try {
    if (typeof value === "number") return ofEpoch(value);
    if (typeof value === "string") return ofText(value);
    throw new MalformedMessage("a time is a text or a number of seconds");
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    throw new MalformedMessage(`"${name}": ${error.message}`);
  }
}

/** Seconds since 1970 UTC, as the local time of this host. */
function ofEpoch(seconds: number): DateTime {
  const micros = Math.round(seconds * 1e6);
  const whole = Math.floor(micros / 1e6);
  const date = new Date(whole * 1000);
  if (Number.isNaN(date.getTime())) throw new MalformedMessage("no such date");
  return dateTime(
    date.getFullYear(),
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
    micros - whole * 1e6,
  );
}

const TIME =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{0,9}))?)?(.*)$/;

function ofText(text: string): DateTime {
  const match = TIME.exec(text);
  if (match === null) {
    throw new MalformedMessage(`not YYYY-MM-DDTHH:MM:SS.ffffff: ${printable(text)}`);
  }
  const [, year, month, day, hour, minute, second = "0", fraction = "", rest] = match;
  if (/^ ?(?:[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)$/.test(rest)) {
    throw new MalformedMessage(`a time zone: give local time without one: ${printable(text)}`);
  }
  if (rest !== "") throw new MalformedMessage(`not YYYY-MM-DDTHH:MM:SS.ffffff: ${printable(text)}`);
  const micro = fraction.slice(0, 6).padEnd(6, "0");
  return dateTime(+year, +month, +day, +hour, +minute, +second, +micro);
}
