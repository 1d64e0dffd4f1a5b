/** The few classes and functions that data names in a pickle, and what stands for a call of them. */
import type { DateTime, Value } from "../value.ts";
import { dateText, dateTime, dateTimeOfState, timedeltaSeconds, timeText } from "./datetimes.ts";
import { type Enumeration, MESSAGE_TYPE, TASK_STATES } from "./enums.ts";
import { malformed, printable, refused } from "./errors.ts";
import { payForKey, type Spend } from "./keys.ts";
import { latin1Bytes } from "./text.ts";

/** What the decoder's stack holds: values, and names of classes that are not values. */
export type Item = Value | Global;

/** A token for a class or function that may be named. Nothing is behind it but this module. */
export class Global {
  readonly name: string;
  /** The value that a call with these arguments stands for. */
  readonly make: (args: readonly Item[], spend: Spend) => Value;
  /** For an enumeration, its members. */
  readonly members: Enumeration | null;

  constructor(name: string, make: Global["make"], members: Enumeration | null = null) {
    this.name = name;
    this.make = make;
    this.members = members;
  }
}

function wrong(name: string): Error {
  return malformed(`wrong arguments for ${name}`);
}

/** A state of so many bytes, as bytes or as the latin-1 text of old protocols; null without. */
function state(args: readonly Item[], size: number, name: string): Uint8Array | null {
  const first = args[0];
  if (typeof first !== "string" && !(first instanceof Uint8Array)) return null;
  if (args.length > 2) throw wrong(name);
  if (args.length === 2 && args[1] !== null) throw refused(`${name} with a time zone`);
  if (first.length !== size) throw wrong(name);
  return typeof first === "string" ? latin1Bytes(first) : first;
}

/** Arguments that are all integers, from `least` to `most` of them; missing ones are 0. */
function integers(args: readonly Item[], least: number, most: number, name: string): number[] {
  if (args.length < least || args.length > most) throw wrong(name);
  const numbers = new Array<number>(most).fill(0);
  for (let i = 0; i < args.length; i++) {
    const value = args[i];
    if (typeof value !== "number" || !Number.isSafeInteger(value)) throw wrong(name);
    numbers[i] = value;
  }
  return numbers;
}

function makeDateTime(args: readonly Item[]): DateTime {
  const bytes = state(args, 10, "datetime.datetime");
  if (bytes !== null) return dateTimeOfState(bytes, 0);
  const n = integers(args, 3, 7, "datetime.datetime");
  return dateTime(n[0], n[1], n[2], n[3], n[4], n[5], n[6]);
}

function makeDate(args: readonly Item[]): string {
  const bytes = args.length === 1 ? state(args, 4, "datetime.date") : null;
  if (bytes !== null) return dateText(bytes[0] << 8 | bytes[1], bytes[2], bytes[3]);
  const n = integers(args, 3, 3, "datetime.date");
  return dateText(n[0], n[1], n[2]);
}

function makeTime(args: readonly Item[]): string {
  const b = state(args, 6, "datetime.time");
  if (b !== null) return timeText(b[0] & 0x7f, b[1], b[2], b[3] << 16 | b[4] << 8 | b[5]);
  const n = integers(args, 0, 4, "datetime.time");
  return timeText(n[0], n[1], n[2], n[3]);
}

function makeTimedelta(args: readonly Item[]): number {
  const n = integers(args, 0, 3, "datetime.timedelta");
  return timedeltaSeconds(n[0], n[1], n[2]);
}

function enumeration(name: string, members: Enumeration): Global {
  return new Global(name, (args) => {
    if (args.length !== 1) throw wrong(name);
    return members.ofValue(args[0]);
  }, members);
}

/** `getattr(enumeration, name)`: how some Pythons pickle members. */
function makeMember(args: readonly Item[]): Value {
  const from = args[0];
  if (args.length !== 2 || !(from instanceof Global) || from.members === null) {
    throw refused("builtins.getattr of something other than an enumeration");
  }
  return from.members.ofName(args[1]);
}

function makeSet(args: readonly Item[], spend: Spend): Set<Value> {
  const [elements] = args;
  if (args.length === 0) return new Set();
  if (args.length !== 1 || !(Array.isArray(elements) || elements instanceof Set)) {
    throw wrong("set");
  }
  spend(Array.isArray(elements) ? elements.length : elements.size);
  for (const element of elements) {
    if (element instanceof Map) throw malformed("a dict cannot be in a set");
    payForKey(element, spend);
  }
  return new Set(elements);
}

const LATIN1 = new Set<unknown>(["latin1", "latin-1", "iso-8859-1"]);

function encode(args: readonly Item[], spend: Spend, name: string): Uint8Array {
  const [text, encoding] = args;
  if (args.length !== 2 || typeof text !== "string" || !LATIN1.has(encoding)) throw wrong(name);
  spend(text.length);
  return latin1Bytes(text);
}

function makeBytes(args: readonly Item[]): Uint8Array {
  if (args.length !== 0) throw wrong("bytes");
  return new Uint8Array();
}

function makeBytearray(args: readonly Item[], spend: Spend): Uint8Array {
  const [bytes] = args;
  if (args.length === 0) return new Uint8Array();
  if (args.length === 2) return encode(args, spend, "bytearray");
  if (args.length !== 1 || !(bytes instanceof Uint8Array)) throw wrong("bytearray");
  return bytes;
}

/** `datetime.datetime`: every message has some, so the decoder knows it. */
export const DATETIME = new Global("datetime.datetime", makeDateTime);

const BUILTINS: [string, Global][] = [
  ["set", new Global("set", makeSet)],
  ["frozenset", new Global("frozenset", makeSet)],
  ["bytearray", new Global("bytearray", makeBytearray)],
  ["bytes", new Global("bytes", makeBytes)],
  ["getattr", new Global("getattr", makeMember)],
];

const GLOBALS: ReadonlyMap<string, ReadonlyMap<string, Global>> = new Map([
  [
    "datetime",
    new Map([
      ["datetime", DATETIME],
      ["date", new Global("datetime.date", makeDate)],
      ["time", new Global("datetime.time", makeTime)],
      ["timedelta", new Global("datetime.timedelta", makeTimedelta)],
    ]),
  ],
  [
    "parsl.monitoring.message_type",
    new Map([["MessageType", enumeration("MessageType", MESSAGE_TYPE)]]),
  ],
  ["parsl.dataflow.states", new Map([["States", enumeration("States", TASK_STATES)]])],
  [
    "_codecs",
    new Map([
      ["encode", new Global("_codecs.encode", (args, spend) => encode(args, spend, "encode"))],
    ]),
  ],
  ["builtins", new Map(BUILTINS)],
  ["__builtin__", new Map(BUILTINS)],
]);

/**
 * The token of a name.
 *
 * @throws {MalformedMessage} as refused when data has no need of it.
 */
export function findGlobal(module: Item, name: Item): Global {
  if (typeof module !== "string" || typeof name !== "string") {
    throw malformed("the name of a class is not text");
  }
  const found = GLOBALS.get(module)?.get(name);
  if (found === undefined) {
    throw refused(`it names ${printable(`${module.slice(0, 80)}.${name.slice(0, 80)}`)}`);
  }
  return found;
}
