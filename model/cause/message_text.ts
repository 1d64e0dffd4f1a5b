import { exitCodeMeaning, signalMeaning } from "./exit_codes.ts";
import type { PythonCall, PythonValue } from "./python_values.ts";
import { withoutWhatVaries } from "./what_varies.ts";

const PATH_CLASS = /^(?:Pure)?(?:Posix|Windows)?Path$/;

/** A class without its modules. */
export function shortMessageName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/**
 * A value of an exception as its message tells it.
 *
 * @param ofCall what is said of a call, such as another exception; null where it is of no interest
 * @param within whether it stands within a list or the like, where texts have quotes
 */
export function plain(
  value: PythonValue | undefined,
  ofCall: (call: PythonCall) => string | null = () => null,
  within = false,
): string {
  switch (value?.kind) {
    case undefined:
      return "";
    case "text":
      return within ? `'${value.text}'` : value.text;
    case "bytes":
      return "…";
    case "number":
    case "other":
      return value.text;
    case "pair": {
      const name = plain(value.name, ofCall, !value.keyword);
      return `${name}${value.keyword ? "=" : ": "}${plain(value.value, ofCall, true)}`;
    }
    case "items": {
      const items = [
        ...new Set(value.items.map((item) => withoutWhatVaries(plain(item, ofCall, true)))),
      ];
      // A set has no order of its own.
      if (value.open === "{") items.sort();
      return value.open + items.join(", ") + { "[": "]", "(": ")", "{": "}" }[value.open];
    }
    case "call": {
      const told = ofCall(value);
      if (told !== null) return told;
      const name = shortMessageName(value.name);
      const [first] = value.args;
      if (PATH_CLASS.test(name) && first?.kind === "text") return `'${first.text}'`;
      return value.args.length === 0 ? `${name}()` : `${name}(…)`;
    }
    default:
      throw new TypeError(`a value of no known kind: ${JSON.stringify(value satisfies never)}`);
  }
}

/** The program of a command, with the first word behind it where that says what it was to do. */
export function programOf(command: PythonValue): string {
  const words = command.kind === "items"
    ? command.items.map((item) => plain(item))
    : plain(command).trim().split(/\s+/);
  const [first = "", second = ""] = words.filter((word) => !/^\w+=/.test(word));
  const program = first.slice(first.search(/[^/\\]*$/));
  return /^[a-z][a-z_-]*$/.test(second) ? `${program} ${second}` : program;
}

/** Says what the exit code or signal means that a message ends with, where it does not itself. */
export function meant(message: string): string {
  const match = /\b(exit (?:code|status)|signal)\D{0,3}(-?\d+)[.)]?$/i.exec(message) ??
    /<(Signals)\.\w+: (\d+)>[.)]?$/.exec(message);
  if (match === null) return message;
  const bySignal = match[1].toLowerCase().startsWith("signal");
  const meaning = (bySignal ? signalMeaning : exitCodeMeaning)(Number(match[2]));
  return meaning === null ? message : `${message} (${meaning})`;
}
