/** What is left out of packed data, in words for the user. */
import type { LeftOut } from "./header.ts";

const TEXTS: Record<LeftOut["what"], string> = {
  block:
    "Of rows that repeat a block's status, only the first and the last are in this file; every " +
    "change of status is.",
  resource:
    "The samples of single tasks are not in this file, to keep it small; each try's CPU time and " +
    "memory figures and the charts over time are.",
  node: "Of managers' reports that say the same, only the first and the last are in this file.",
  microseconds:
    "Times are held to the millisecond, rounded up, to keep this file small; figures may differ " +
    "from the dashboard's by that.",
};

/** Says that something is left out. */
export function leftOut(what: LeftOut["what"]): LeftOut {
  return { what, text: TEXTS[what] };
}
