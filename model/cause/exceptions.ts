import { type Cause, causeNamed } from "./cause.ts";
import { exitCodeText } from "./exit_codes.ts";
import { meant, plain, programOf, shortMessageName } from "./message_text.ts";
import {
  parseCalls,
  parseValue,
  type PythonCall,
  type PythonValue,
  valuesWithin,
} from "./python_values.ts";
import { hasTraceback, type Raised, raisedIn } from "./traceback.ts";
import { validationCause, validationOfCall } from "./validation.ts";
import { withoutWhatVaries } from "./what_varies.ts";

/** Failures of other tasks, which they list, each with its task. */
const OF_OTHERS = /^(?:DependencyError|JoinError|PropagatedException)$/;
/** Failures of which nothing counts but that the worker or manager went away. */
const LOST = /^(?:ManagerLost|WorkerLost)$/;
/** Exceptions whose first argument is a number that the system gave. */
const NUMBERED =
  /^(?:OS|IO|Environment|Windows|File(?:NotFound|Exists)|Permission|BlockingIO|ChildProcess|Connection\w*|BrokenPipe|Interrupted|IsADirectory|NotADirectory|ProcessLookup|Timeout|g?ai|h|SSL\w*|Operational|Internal|Integrity|Programming|Database)[eE]rror$/;
/** Arguments that are exceptions themselves end like this. */
const EXCEPTION =
  /(?:Error|Exception|Failure|Failed|Lost|Exit|Interrupt|Timeout|Expired|Warning|Group|Cancelled|Mismatch|NotFound|StopIteration)$/;
/** Several exceptions as one. */
const GROUP = /ExceptionGroup$/;
/** Classes whose number is an exit code, by their names. */
const BY_EXIT_CODE = /(?:Exit|ReturnCode|Retcode|Signal|Errno)/;
/** The most failures of others that are told of, and how deep they are looked for. */
const MOST_ROOTS = 50;
const DEEPEST = 50;
const LABELS = 3;

/** The cause of an exception as `repr` writes it; an empty name for arguments alone. */
export function exceptionOfCall(call: PythonCall): Cause {
  const type = shortMessageName(call.name);
  if (OF_OTHERS.test(type)) return ofOthers(type, rootsOf(call.args, 0));
  if (LOST.test(type)) return causeNamed(type);
  if (type === "ValidationError") {
    const cause = validationOfCall(call);
    if (cause !== null) return cause;
  }
  const raised = tracebackWithin(call.args);
  if (raised !== null) return raised;
  const [first, second] = call.args;
  if (type === "BashExitFailure" && second?.kind === "number") {
    return named(type, `${plain(first, inside)}, ${exitCodeText(Number(second.text))}`);
  }
  if (type === "CalledProcessError" && first?.kind === "number" && second !== undefined) {
    return named(type, `${programOf(second)}, ${exitCodeText(Number(first.text))}`);
  }
  if (type === "TimeoutExpired" && first !== undefined) return named(type, programOf(first));
  // Where in which text it was, comes behind.
  if (/^(?:Syntax|Indentation|Tab)Error$/.test(type)) return named(type, plain(first, inside));
  if (type === "SystemExit" && first?.kind === "number") {
    return named(type, exitCodeText(Number(first.text)));
  }
  // Its reason says the code, too.
  if (type === "AppFailure" && first?.kind === "text") return named(type, first.text);
  if (NUMBERED.test(type) && first?.kind === "number" && second !== undefined) {
    return named(type, `[Errno ${first.text}] ${plain(second, inside)}`);
  }
  if (GROUP.test(type) && second?.kind === "items") {
    const parts = [...new Set(partsOf(second.items, 0))].sort();
    return causeNamed(`${named(type, plain(first, inside)).label}: ${parts.join("; ")}`);
  }
  // Not Python's repr, for a text would have quotes: what stands there is one message.
  if (call.args.some((arg) => arg.kind === "other" && /^[^<]*\s/.test(arg.text))) {
    return named(type, call.inner);
  }
  const tells = BY_EXIT_CODE.test(type);
  const parts = call.args.map((arg) =>
    tells && arg.kind === "number" ? exitCodeText(Number(arg.text)) : plain(arg, inside)
  );
  return named(type, parts.filter(Boolean).join(", "));
}

/** The cause by type, null where there is none, and message. */
function exceptionNamed(type: string | null, message: string): Cause {
  const short = type === null ? "" : shortMessageName(type);
  const lost = /^Task failure due to loss of (manager|worker)\b/.exec(message);
  if (LOST.test(short)) return causeNamed(short);
  if (lost !== null) return causeNamed(lost[1] === "manager" ? "ManagerLost" : "WorkerLost");
  const others = /^(Dependency|Join) failure for task \d+(?: from: ([^]*))?/.exec(message);
  if (others !== null || OF_OTHERS.test(short)) {
    const list = others?.[2] ? parseValue(others[2]) : null;
    const name = others ? `${others[1]}Error` : short;
    return ofOthers(name, list === null ? [] : rootsOf([list], 0));
  }
  const bash = /^bash_app ([^]*) failed with unix exit code (-?\d+)$/.exec(message);
  if (bash !== null) {
    return named(short || "BashExitFailure", `${bash[1]}, ${exitCodeText(Number(bash[2]))}`);
  }
  const command =
    /^Command ([^]*) (?:returned non-zero exit status (-?\d+)|died with (?:<Signals\.\w+: |unknown signal )(\d+)>?|timed out after .*)\.?$/
      .exec(message);
  if (command !== null) {
    const written = command[1].replace(/^'([^]*)'$/, "$1");
    const program = programOf(parseValue(written) ?? { kind: "text", text: written });
    const code = command[2] !== undefined ? Number(command[2]) : -Number(command[3]);
    if (Number.isNaN(code)) return named(short || "TimeoutExpired", program);
    return named(short || "CalledProcessError", `${program}, ${exitCodeText(code)}`);
  }
  const quoted = /^(['"])[^]*\1$/.test(message) ? parseValue(message) : null;
  return named(short, quoted?.kind === "text" ? quoted.text : message);
}

function named(type: string, message: string): Cause {
  const text = meant(withoutWhatVaries(message));
  return causeNamed([type, text].filter(Boolean).join(": ") || "an exception without a name");
}

function ofOthers(type: string, roots: Cause[]): Cause {
  const labels = roots.map(({ label }) => label).sort();
  if (labels.length === 0) return causeNamed(type, roots);
  const { key } = causeNamed(`${type} from ${labels.join("; ")}`);
  return { ...causeNamed(`${type} from ${listed(labels)}`, roots), key };
}

/** Some causes in one line: the first few, and how many more there are. */
export function listed(labels: readonly string[]): string {
  const more = labels.length - LABELS;
  const told = labels.slice(0, LABELS).join("; ");
  return more > 0 ? `${told}; ${more} more` : told;
}

/** The failures that a failure of others began with, each cause once. */
function rootsOf(args: readonly PythonValue[], depth: number): Cause[] {
  const found = new Map<string, Cause>();
  const [list] = args;
  if (list?.kind !== "items" || depth > DEEPEST) return [];
  for (const item of list.items) {
    const failure = item.kind === "items" ? item.items[0] : item;
    if (failure?.kind !== "call") continue;
    const isOfOthers = OF_OTHERS.test(shortMessageName(failure.name));
    for (
      const cause of isOfOthers ? rootsOf(failure.args, depth + 1) : [exceptionOfCall(failure)]
    ) {
      if (found.size < MOST_ROOTS) found.set(cause.key, cause);
    }
  }
  return [...found.values()];
}

/** What the exceptions of a group are, those of groups within it among them. */
function partsOf(items: readonly PythonValue[], depth: number): string[] {
  return items.flatMap((item) => {
    if (item.kind !== "call") return [];
    const [, within] = item.args;
    const isGroup = GROUP.test(item.name) && within?.kind === "items" && depth < DEEPEST;
    return isGroup ? partsOf(within.items, depth + 1) : [exceptionOfCall(item).label];
  });
}

/** What a message says of an exception among the arguments of another; null of other calls. */
function inside(call: PythonCall): string | null {
  return EXCEPTION.test(shortMessageName(call.name)) ? exceptionOfCall(call).label : null;
}

/** The cause that a traceback in any of some texts ends with; null without one. */
function tracebackWithin(values: readonly PythonValue[]): Cause | null {
  for (const value of values) {
    if (value.kind === "text" && hasTraceback(value.text)) return causeOfTraceback(value.text);
    const found = tracebackWithin(valuesWithin(value));
    if (found !== null) return found;
  }
  return null;
}

/** The cause that the last traceback in a text ends with. */
export function causeOfTraceback(text: string): Cause {
  const raised = raisedIn(text);
  if (raised === null) return causeNamed("a traceback that was cut off before its exception");
  return causeOfRaised(raised);
}

function causeOfRaised({ exception, from, parts }: Raised): Cause {
  const calls = parseCalls(exception);
  const cause = calls !== null ? exceptionOfCall(calls[0]) : causeOfLine(exception);
  const others = from !== null ? [causeOfRaised(from)] : parts.map(causeOfLine);
  const told = [...new Set(others.map(({ label }) => label))].sort();
  if (told.length === 0) return cause;
  const [first] = told;
  if (from !== null && first === cause.label) return cause;
  const joint = from === null ? ": " : ", from ";
  return causeNamed(`${cause.label}${joint}${told.join("; ")}`, cause.roots);
}

/** The cause that `type: message` tells, as a traceback ends with, or a message alone. */
export function causeOfLine(text: string): Cause {
  const validation = validationCause(text);
  if (validation !== null) return validation;
  const http = /^<HTTPError (\d+): '?([^]*?)'?>$/.exec(text);
  if (http !== null) return exceptionNamed("HTTPError", `HTTP Error ${http[1]}: ${http[2]}`);
  const named = /^([\p{L}_][\p{L}\p{N}_.]*)(?::(?:\s+([\s\S]*))?)?$/u.exec(text) ??
    /^<([\p{L}_][\p{L}\p{N}_.]*): ([^]*)>$/u.exec(text);
  return exceptionNamed(named ? named[1] : null, named ? named[2] ?? "" : text);
}
