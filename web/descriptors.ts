/** How many files and connections the system lets this process have open. */
import { closeSync, openSync } from "node:fs";

/**
 * Whether `wanted` more can be opened, or how many fewer. It is tried, in some milliseconds: where a
 * system tells of the limit, a program may read it only if it may do everything.
 */
export function freeDescriptors(wanted: number): number {
  const opened: number[] = [];
  try {
    while (opened.length < wanted) opened.push(openSync("/dev/null", "r"));
  } catch {
    // So many there are.
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
  return opened.length;
}
