/** The members of Parsl's two enumerations. */
import { MESSAGE_KINDS, MESSAGE_TYPES } from "../../../parsl/messages.ts";
import { EnumMember } from "../value.ts";
import { malformed, printable } from "./errors.ts";

/** The names of message types by their values. */
export const TYPE_NAMES: readonly string[] = MESSAGE_KINDS.map((kind) => MESSAGE_TYPES[kind]);

/** Of today's Parsl, and of older ones the values that are not used any more. */
const STATES: ReadonlyMap<number, string> = new Map([
  [-1, "unsched"],
  [0, "pending"],
  [1, "runnable"],
  [2, "running"],
  [3, "exec_done"],
  [4, "failed"],
  [5, "dep_fail"],
  [6, "retry"],
  [7, "launched"],
  [8, "fail_retryable"],
  [9, "memo_done"],
  [10, "joining"],
  [11, "running_ended"],
]);

/** One enumeration; the members it knows are made once. */
export class Enumeration {
  readonly type: string;
  readonly #byValue = new Map<number, EnumMember>();
  readonly #byName = new Map<string, EnumMember>();

  constructor(type: string, members: Iterable<readonly [number, string]>) {
    this.type = type;
    for (const [value, name] of members) {
      const member = new EnumMember(type, value, name);
      this.#byValue.set(value, member);
      this.#byName.set(name, member);
    }
  }

  /**
   * The member of a value; one that is not known has no name.
   *
   * @throws {MalformedMessage} when it is not a small integer.
   */
  ofValue(value: unknown): EnumMember {
    if (typeof value !== "number" || !Number.isInteger(value) || Math.abs(value) > 0x7fffffff) {
      throw malformed(`a ${this.type} is made from an integer`);
    }
    return this.#byValue.get(value) ?? new EnumMember(this.type, value, null);
  }

  /**
   * The member of a name; one that is not known has no value.
   *
   * @throws {MalformedMessage} when it could not be the name of a member.
   */
  ofName(name: unknown): EnumMember {
    if (typeof name !== "string" || !/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)) {
      const shown = typeof name === "string" ? printable(name) : typeof name;
      throw malformed(`no member of ${this.type}: ${shown}`);
    }
    return this.#byName.get(name) ?? new EnumMember(this.type, null, name);
  }
}

export const MESSAGE_TYPE = new Enumeration("MessageType", TYPE_NAMES.entries());
export const TASK_STATES = new Enumeration("States", STATES);
