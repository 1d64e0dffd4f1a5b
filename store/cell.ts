/** What a cell of a database says, whatever SQL type it has. */
import type { Cell } from "./database.ts";

/** A cell as text; bytes are taken for UTF-8. */
export function textOf(value: Cell): string | null {
  if (value === null || typeof value === "string") return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}

/** A cell as a number; null when it is none. */
export function numberOf(value: Cell): number | null {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string" || value.trim() === "") return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}

/** A cell as a truth value; null when it is none. */
export function booleanOf(value: Cell): boolean | null {
  if (value === null) return null;
  if (typeof value !== "string") return Boolean(numberOf(value));
  const word = value.trim().toLowerCase();
  if (["1", "true", "t", "yes"].includes(word)) return true;
  return ["0", "false", "f", "no", ""].includes(word) ? false : null;
}
