/** A table of a page, drawn from the description of its columns. */
import type { ComponentChildren } from "preact";
import type { ColumnOf, TableColumn } from "../../model/table/column.ts";
import { VALUE_KINDS, type ValueKind } from "../../model/table/kinds.ts";
import type { Order } from "../../model/table/order.ts";
import { CELLS, type Cells } from "./cells.tsx";

interface TableProps<Line> {
  label: string;
  columns: readonly TableColumn<Line>[];
  lines: readonly Line[];
  /** What the run of the page is named by, where it is of one. */
  runId?: string;
  /** Cells that look otherwise here. */
  cells?: Partial<Cells<Line>>;
  /** How it is sorted, and the address of the same view in another order. */
  sorting?: { order: Order; href: (order: Order) => string };
  /** A class of its box beside `table-box`. */
  class?: string;
  /** What a line is known by, where what somebody did to it is to stay with it. */
  keyOf?: (line: Line) => string;
}

/** A table in its own scroll box, its header in view. */
export function Table<Line>(
  { label, columns, lines, runId = "", cells = {}, sorting, class: more, keyOf }: TableProps<Line>,
) {
  const shown = columns.filter((column) => column.label !== undefined);
  const all: Cells<Line> = { ...CELLS, ...cells };
  return (
    <div
      class={more ? `table-box ${more}` : "table-box"}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <table>
        <thead>
          <tr>
            {shown.map((column) => {
              const { sorted, href } = headOf(column, sorting);
              return (
                <th
                  key={column.key}
                  scope="col"
                  class={numClass(column)}
                  aria-sort={sorted}
                >
                  {href ? <a href={href}>{column.label}</a> : column.label}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {lines.map((line, at) => (
            <tr key={keyOf?.(line) ?? at}>
              {shown.map((column) => (
                <td key={column.key} class={numClass(column)}>
                  {cellOf(column, line, runId, all)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What stands in a cell. */
export function cellOf<Line, K extends ValueKind>(
  { kind, value }: ColumnOf<Line, K>,
  line: Line,
  runId: string,
  cells: Cells<Line>,
): ComponentChildren {
  return cells[kind](value(line), runId, line);
}

function numClass({ kind }: { kind: ValueKind }): string | undefined {
  return VALUE_KINDS[kind].numeric ? "num" : undefined;
}

/** A click on a head sorts by its column, another turns it round. */
function headOf<Line>(
  { key, sort }: TableColumn<Line>,
  sorting: TableProps<Line>["sorting"],
): { sorted?: "ascending" | "descending"; href?: string } {
  if (!sorting || sort === undefined) return {};
  const { order, href } = sorting;
  if (order.sort !== key) return { href: href({ sort: key, descending: sort === "most" }) };
  return {
    sorted: order.descending ? "descending" : "ascending",
    href: href({ sort: key, descending: !order.descending }),
  };
}

/** URL parameters of an order. */
export function orderParams({ sort, descending }: Order): Record<string, string> {
  return descending ? { sort, order: "desc" } : { sort };
}
