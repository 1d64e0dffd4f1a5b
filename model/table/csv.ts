/** A value of a CSV cell; null is an empty cell. */
export type CsvCell = string | number | null;

/** CSV with a header line, RFC 4180; no text of a task can become a formula of a spreadsheet. */
export function csv(header: string, lines: CsvCell[][]): string {
  return `${header}\r\n${lines.map((cells) => csvLine(cells, itself)).join("")}`;
}

const itself = (cell: CsvCell) => cell;

/**
 * One line of CSV, its end included: of each item its cell. Downloads have a million lines, so that
 * no list of cells is made.
 */
export function csvLine<Item>(items: readonly Item[], cellOf: (item: Item) => CsvCell): string {
  let line = "";
  for (let i = 0; i < items.length; i++) line += (i === 0 ? "" : ",") + cellText(cellOf(items[i]));
  return `${line}\r\n`;
}

function cellText(value: CsvCell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A naive time in ms as Parsl writes it, to the millisecond. */
export function csvTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString().replace("T", " ").slice(0, 23);
}
