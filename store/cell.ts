/** What a cell of a database says, whatever SQL type it has. */
import type { Cell } from "../parsl/cell.ts";

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** A cell as text; bytes are taken for UTF-8. */
export function textOf(value: Cell): string | null {
  if (value === null || typeof value === "string") return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}

/** A cell as a finite number; null when it is none. */
export function numberOf(value: Cell): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string" || !NUMBER.test(value)) return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}

/** A cell as a truth value; null when it is none. */
export function booleanOf(value: Cell): boolean | null {
  if (value === null || value instanceof Uint8Array) return null;
  if (typeof value !== "string") return value == 1 ? true : value == 0 ? false : null;
  const word = value.trim().toLowerCase();
  if (["1", "true", "t", "yes"].includes(word)) return true;
  return ["0", "false", "f", "no", ""].includes(word) ? false : null;
}
