import type { Cell } from "../../parsl/cell.ts";

/**
 * Whether SQLite stores a value as it is in a column of a declared type: it turns numbers into text
 * and text that looks like a number into one where the type asks for that. In doubt the answer is no.
 *
 * @param type as declared; empty for none
 */
export function keeps(type: string, cell: Cell): boolean {
  if (cell === null || cell instanceof Uint8Array) return true;
  return KEPT[affinityOf(type)](cell);
}

type Affinity = "text" | "real" | "numeric" | "none";

/** Whether a column of each affinity keeps a cell as it is. */
const KEPT: Readonly<Record<Affinity, (cell: Cell) => boolean>> = {
  text: (cell) => typeof cell === "string",
  real: (cell) => typeof cell === "number" || isWord(cell),
  numeric: (cell) => typeof cell === "bigint" || isWord(cell) || isBroken(cell),
  none: () => true,
};

/** By SQLite's rules, section 3.1 of its page on data types; integers are kept as numbers are. */
export function affinityOf(type: string): Affinity {
  if (/INT/i.test(type)) return "numeric";
  if (/CHAR|CLOB|TEXT/i.test(type)) return "text";
  if (type === "" || /BLOB/i.test(type)) return "none";
  return /REAL|FLOA|DOUB/i.test(type) ? "real" : "numeric";
}

/** A text that no reader takes for a number. */
function isWord(cell: Cell): boolean {
  return typeof cell === "string" && (cell.trim() === "" || Number.isNaN(Number(cell)));
}

function isBroken(cell: Cell): boolean {
  return typeof cell === "number" && !Number.isInteger(cell);
}
