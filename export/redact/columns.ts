/** How the columns of Parsl's tables are redacted. */
import type { Treatment } from "../../parsl/column.ts";
import { eachName, type TableName } from "../../parsl/tables.ts";

/** Columns are treated by their names, in whatever table they are. */
const TREATMENTS = new Map<string, Treatment>([
  // Known of no release; it would tell who ran it.
  ["username", "user"],
]);
/** The treatments of columns whose values are names that have to go from texts. */
const NAMES: ReadonlySet<Treatment> = new Set(["host", "user", "folder"]);
const naming = new Set<TableName>();
eachName((table, name, { redact }) => {
  TREATMENTS.set(name, redact);
  if (NAMES.has(redact)) naming.add(table);
});

/** The tables that say which hosts and users there are; old releases had hosts in more of them. */
export const NAMING_TABLES: readonly string[] = [...naming];

/** What becomes of the values of a column. Those that are not known are texts. */
export function treatmentOf(column: string): Treatment {
  return TREATMENTS.get(column) ?? "text";
}

/** Times, numbers and lists of ids: they say nothing, and most texts of a database are such. */
const PLAIN =
  /^(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\d+(?:, ?\d+)*)?$/i;

/** Whether a text can hold no name: it is a time, a number, a list of ids, or empty. */
export function isPlain(text: string): boolean {
  const first = text.charCodeAt(0);
  // "-" and digits.
  return text === "" || (first === 45 || first >= 48 && first <= 57) && PLAIN.test(text);
}
