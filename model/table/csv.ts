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

const DAY_MS = 86_400_000;
const TWO = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));
/** The day that was written last: times of a run are of few days, and a date takes long to make. */
let day = NaN;
let date = "";

/** A naive time in ms as Parsl writes it, to the millisecond. */
export function csvTime(time: number | null): string | null {
  if (time === null) return null;
  const whole = Math.trunc(time);
  const its = Math.floor(whole / DAY_MS);
  if (its !== day) {
    date = new Date(its * DAY_MS).toISOString().slice(0, -14);
    day = its;
  }
  const ms = whole - its * DAY_MS;
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const clock = `${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}`;
  return `${date} ${clock}.${String(ms % 1000).padStart(3, "0")}`;
}
