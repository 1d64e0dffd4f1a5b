/**
 * Tables as lists of columns, each described once: the page, its order, the CSV and the printed part
 * of a report come from the same description. `components/table/` draws them.
 */
import { type CsvCell, csvLine } from "./csv.ts";
import { type KindValues, VALUE_KINDS, type ValueKind } from "./kinds.ts";
import { type Order, ordered } from "./order.ts";

/** A column of a table with such lines, of one kind of values. */
export interface ColumnOf<Line, K extends ValueKind> {
  /** What addresses call it. */
  key: string;
  /** What stands above it; a column without stands in the CSV only. */
  label?: string;
  kind: K;
  value: (line: Line) => KindValues[K];
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
export type TableColumn<Line> = { [K in ValueKind]: ColumnOf<Line, K> }[ValueKind];

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
export function plainOf<Line, K extends ValueKind>(
  { kind, value }: ColumnOf<Line, K>,
  line: Line,
): number | string | null {
  return VALUE_KINDS[kind].plain(value(line));
}

/** Lines in an order, ties as they were; as they came where it names no column. */
export function orderedBy<Line>(
  columns: readonly TableColumn<Line>[],
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
export function csvOf<Line>(columns: readonly TableColumn<Line>[]): Csv<Line> {
  const written = csvColumns(columns);
  const makers = written.map((column) => cellMaker<Line, ValueKind>(column));
  return {
    header: csvLine(written, ({ csv }) => csv ?? ""),
    line: (line) => csvLine(makers, (make) => make(line)),
  };
}

/** All lines of a table as CSV with a header. */
export function csvText<Line>(
  columns: readonly TableColumn<Line>[],
  lines: readonly Line[],
): string {
  const csv = csvOf(columns);
  return csv.header + lines.map(csv.line).join("");
}

/** The columns of a table's CSV, in their order. */
export function csvColumns<Line>(columns: readonly TableColumn<Line>[]): TableColumn<Line>[] {
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

function cellMaker<Line, K extends ValueKind>(
  { kind, value }: ColumnOf<Line, K>,
): (line: Line) => CsvCell {
  const { csv } = VALUE_KINDS[kind];
  return (line) => csv(value(line));
}
