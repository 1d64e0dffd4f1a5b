/**
 * Tables as lists of columns, each described once: the page, its order, the CSV and the printed part
 * of a report come from the same description. `components/table/` draws them.
 */
import { type Cell, csvLine } from "./csv.ts";
import { type Kind, KINDS, type Values } from "./kinds.ts";
import { type Order, ordered } from "./order.ts";

/** A column of a table with such lines, of one kind of values. */
export interface ColumnOf<Line, K extends Kind> {
  /** What addresses call it. */
  key: string;
  /** What stands above it; a column without stands in the CSV only. */
  label?: string;
  kind: K;
  value: (line: Line) => Values[K];
  /** Where the table can be sorted by it: what comes first when somebody begins to. */
  sort?: "least" | "most";
  /** Its heading in the CSV; a column without stands on the page only. */
  csv?: string;
  /** The key of the column that it follows in the CSV, where that is not the one before. */
  csvAfter?: string;
  /** Whether it is printed: always, or when it is known of a line that is printed. */
  print?: "always" | "known";
}

/** A column of a table with such lines. */
export type Column<Line> = { [K in Kind]: ColumnOf<Line, K> }[Kind];

/** The keys of the columns that a table can be sorted by. */
export type SortKeyOf<Columns extends readonly { key: string; sort?: string }[]> = Extract<
  Columns[number],
  { sort: string }
>["key"];

/** The keys of the columns that a table can be sorted by. */
export function sortKeys<const Columns extends readonly { key: string; sort?: string }[]>(
  columns: Columns,
): SortKeyOf<Columns>[] {
  return columns.filter(({ sort }) => sort !== undefined).map(({ key }) => key);
}

/** What a line is sorted by in a column; null is unknown. */
export function plainOf<Line, K extends Kind>(
  { kind, value }: ColumnOf<Line, K>,
  line: Line,
): number | string | null {
  return KINDS[kind].plain(value(line));
}

/** Lines in an order, ties as they were; as they came where it names no column. */
export function orderedBy<Line>(
  columns: readonly Column<Line>[],
  lines: readonly Line[],
  { sort, descending }: Order,
): Line[] {
  const column = columns.find(({ key }) => key === sort);
  return column ? ordered(lines, (line) => plainOf(column, line), descending) : [...lines];
}

/** What CSVs of a table are made by: its heading, and the line of each of its lines, with their ends. */
export interface Csv<Line> {
  header: string;
  line(line: Line): string;
}

/** The CSV of a table, RFC 4180. */
export function csvOf<Line>(columns: readonly Column<Line>[]): Csv<Line> {
  const written = csvColumns(columns);
  const makers = written.map((column) => cellMaker<Line, Kind>(column));
  return {
    header: csvLine(written.map(({ csv }) => csv ?? "")),
    line: (line) => csvLine(makers.map((make) => make(line))),
  };
}

/** All lines of a table as CSV with a header. */
export function csvText<Line>(columns: readonly Column<Line>[], lines: readonly Line[]): string {
  const csv = csvOf(columns);
  return csv.header + lines.map(csv.line).join("");
}

/** The columns of a table's CSV, in their order. */
export function csvColumns<Line>(columns: readonly Column<Line>[]): Column<Line>[] {
  const all = columns.filter(({ csv }) => csv !== undefined);
  const out = all.filter(({ csvAfter }) => csvAfter === undefined);
  for (const column of all) {
    if (column.csvAfter === undefined) continue;
    const before = out.findIndex(({ key }) => key === column.csvAfter);
    if (before < 0) throw new Error(`${column.key} follows ${column.csvAfter}, which is not there`);
    out.splice(before + 1, 0, column);
  }
  return out;
}

function cellMaker<Line, K extends Kind>(
  { kind, value }: ColumnOf<Line, K>,
): (line: Line) => Cell {
  const { csv } = KINDS[kind];
  return (line) => csv(value(line));
}
