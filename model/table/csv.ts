/** A value of a CSV cell; null is an empty cell. */
export type CsvCell = string | number | null;

/** CSV with a header line, RFC 4180; no text of a task can become a formula of a spreadsheet. */
export function csv(header: string, lines: CsvCell[][]): string {
  return `${header}\r\n${lines.map(csvLine).join("")}`;
}

/** One line of CSV, its end included. */
export function csvLine(cells: CsvCell[]): string {
  return cells.map(csvCell).join(",") + "\r\n";
}

/** A value as it stands in a line of CSV. */
export function csvCell(value: CsvCell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A naive time in ms as Parsl writes it, to the millisecond. */
export function csvTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString().replace("T", " ").slice(0, 23);
}
