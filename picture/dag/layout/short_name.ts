import type { DagView } from "../../../model/dag/view.ts";
import { elide, elideName, type Pen } from "../../pen.ts";
import { dagAppName } from "./shape.ts";

/** Names that have less than this in common at their beginning differ soon enough. */
const LEAST_COMMON = 4;
const BETWEEN_WORDS = /[_.:/\s-]/;

/**
 * Of each name that begins like another one, how many letters at its end tell it from that one, from
 * the beginning of a word on: 7 of `TRIM_UMI:PRIMERS` beside `TRIM_UMI:READS`. 0 of other names.
 */
export function tellingTails(names: Iterable<string>): Map<string, number> {
  const sorted = [...new Set(names)].sort();
  const common = sorted.map((name, at) =>
    Math.max(commonLength(name, sorted[at - 1] ?? ""), commonLength(name, sorted[at + 1] ?? ""))
  );
  return new Map(sorted.map((name, at) => [name, tailOf(name, common[at])]));
}

/** How many letters two names have in common at their beginning. */
function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function tailOf(name: string, common: number): number {
  let word = Math.min(common, name.length - 1);
  while (word > 0 && !BETWEEN_WORDS.test(name[word - 1])) word--;
  return word < LEAST_COMMON ? 0 : name.length - word;
}

/** As much of a name as has room, and of one with a telling tail that before all else. */
export function shortName(
  pen: Pick<Pen, "measure">,
  { name, tail }: { name: string; tail: number },
  room: number,
  size: number,
  bold = false,
): string {
  if (tail === 0 || pen.measure(name, size, bold) <= room) {
    return elideName(pen, name, room, size, bold);
  }
  const end = name.slice(-tail);
  const begin = elide(pen, name.slice(0, -tail), room - pen.measure(end, size, bold), size, bold);
  if (begin) return begin.endsWith("…") ? begin + end : `${begin}${end}`;
  const rest = elideName(pen, end, room - pen.measure("…", size, bold), size, bold);
  return rest && `…${rest}`;
}

const known = new WeakMap<DagView, Map<string, number>>();

/** The name of a node's app with its telling tail among the names of its view. */
export function tailedName(
  view: DagView,
  node: DagView["nodes"][number],
): { name: string; tail: number } {
  let tails = known.get(view);
  if (!tails) {
    tails = tellingTails(view.nodes.map((one) => dagAppName(view, one)));
    known.set(view, tails);
  }
  const name = dagAppName(view, node);
  return { name, tail: tails.get(name) ?? 0 };
}
