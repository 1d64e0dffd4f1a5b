/**
 * The one way to the terminal. Names, paths and messages come from databases, traces and senders:
 * each line that is given here is one line there, without control characters, and no longer than
 * somebody reads. A terminal that is gone (a dropped ssh, a closed pipe) keeps nothing from going on.
 */
import { printable } from "./printable.ts";

/** Characters of a line that are printed at most. */
const LONGEST_LINE = 8000;

const encoder = new TextEncoder();

/** Prints lines on standard output. */
export function say(...lines: string[]): void {
  print("stdout", lines);
}

/** Prints lines on standard error. */
export function warn(...lines: string[]): void {
  print("stderr", lines);
}

/** Prints an error of the program on standard error, with where it came from. */
export function complain(error: unknown, before = ""): void {
  const told = error instanceof Error ? error.stack ?? String(error) : String(error);
  warn(...`${before}${told}`.split("\n"));
}

/** A line as it is printed. */
export function lineOf(text: string): string {
  const rest = text.length - LONGEST_LINE;
  if (rest <= 0) return printable(text);
  const more = rest.toLocaleString("en");
  return `${printable(text.slice(0, LONGEST_LINE))}… (${more} more characters)`;
}

function print(stream: "stdout" | "stderr", lines: readonly string[]): void {
  const text = lines.map((line) => `${lineOf(line)}\n`).join("");
  // The pages of a report are in a browser: it has a console, and no terminal.
  if (typeof Deno === "undefined") {
    if (stream === "stdout") console.log(text.trimEnd());
    else console.error(text.trimEnd());
    return;
  }
  const bytes = encoder.encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += Deno[stream].writeSync(bytes.subarray(at));
  } catch {
    // Who read it is gone.
  }
}
