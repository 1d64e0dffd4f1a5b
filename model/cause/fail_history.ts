import type { Cause } from "./cause.ts";
import { causeOfLine, causeOfTraceback, exceptionOfCall } from "./exceptions.ts";
import { parseCalls, parseValue, type PythonValue } from "./python_values.ts";
import { hasTraceback } from "./traceback.ts";
import { isValidation } from "./validation.ts";
import { keyOf, withoutWhatVaries } from "./what_varies.ts";

/** The most of a text that is looked at: so much of its beginning, and so much of its end. */
const LONGEST_HEAD = 20_000;
const LONGEST_TAIL = 20_000;
/** The most tries whose texts Parsl joined into one. */
const MOST_JOINED = 200;

/**
 * The cause that a fail history names. That is what Parsl keeps of a try: `repr(exception)`, maybe
 * of several lines; before Parsl 1.1 `str(exception)`, of all tries so far with commas between them,
 * of which the last counts. Where the text holds a traceback, it is the exception that this ends
 * with. Takes time in proportion to the text.
 */
export function causeOf(history: string): Cause {
  const text = history.trim();
  if (text.length <= LONGEST_HEAD + LONGEST_TAIL) return readCause(text);
  return readCause(`${text.slice(0, LONGEST_HEAD)}\n${text.slice(-LONGEST_TAIL)}`);
}

function readCause(text: string): Cause {
  const calls = parseCalls(text);
  if (calls !== null) {
    return exceptionOfCall(calls[calls.length - 1]);
  }
  if (hasTraceback(text)) return causeOfTraceback(text);
  if (isValidation(text)) return causeOfLine(text);
  const joined = lastOfJoined(text);
  if (joined !== null) return readCause(joined);
  const value = /^[([{'"]/.test(text) ? parseValue(text) : null;
  if (value !== null && value.kind !== "other") return argumentsOnly(value);
  return causeOfLine(text);
}

/** What `str(exception)` gives of an exception with several arguments: their tuple. */
function argumentsOnly(value: PythonValue): Cause {
  const items = value.kind === "items" && value.open === "(" ? value.items : [value];
  const [first, second] = items;
  // What Parsl 0.9 and 1.0 keep of a bash app that ended with an exit code.
  if (items.length === 2 && first.kind === "text" && second.kind === "number") {
    return exceptionOfCall({ kind: "call", name: "BashExitFailure", args: items, inner: "" });
  }
  return exceptionOfCall({ kind: "call", name: "", args: items, inner: "" });
}

/**
 * The last of several texts that were joined by commas: where they all say the same, or where what
 * follows the last comma begins as exceptions do. Null where there seems to be but one.
 */
function lastOfJoined(text: string): string | null {
  const parts = text.split(/,(?! )/);
  if (parts.length < 2 || parts.length > MOST_JOINED) return null;
  const keys = parts.map((part) => keyOf(withoutWhatVaries(part)));
  for (let size = 1; size <= parts.length / 2; size++) {
    if (parts.length % size !== 0) continue;
    if (keys.every((key, i) => key === keys[i % size])) return parts.slice(-size).join(",");
  }
  const last = parts[parts.length - 1];
  const begins = /^(?:\[Errno |Task failure due to |Dependency failure |Missing Outputs: |\()/;
  return begins.test(last) || parseCalls(last) !== null ? last : null;
}
