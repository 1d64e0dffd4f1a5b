/**
 * The one way to the terminal. Names, paths and messages come from databases, traces and senders:
 * each line that is given here is one line there, without control characters, and no longer than
 * somebody reads. A terminal that is gone (a dropped ssh, a closed pipe) keeps nothing from going on.
 */
import { printable } from "./printable.ts";

/** Characters of a line that are printed at most. */
const LONGEST_LINE = 8000;

/** Prints lines on standard output. */
export function say(...lines: string[]): void {
  print(console.log, lines);
}

/** Prints lines on standard error. */
export function warn(...lines: string[]): void {
  print(console.error, lines);
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

function print(by: (text: string) => void, lines: readonly string[]): void {
  try {
    by(lines.map(lineOf).join("\n"));
  } catch {
    // Who read it is gone.
  }
}
