import type { Order } from "../model/figures/sort.ts";
import type { Column } from "./ui.tsx";

/**
 * Columns whose heads sort by URL: a click sorts by the column, another turns it round.
 *
 * @param keys the columns that can be sorted by
 * @param href the address of the same view in another order
 */
export function sortable(
  columns: Column[],
  keys: readonly string[],
  order: Order,
  href: (order: Order) => string,
): Column[] {
  return columns.map((column) => {
    if (!keys.includes(column.key)) return column;
    const sorted = order.sort === column.key;
    return {
      ...column,
      sorted: sorted ? (order.descending ? "desc" : "asc") : undefined,
      // Of numbers, the large ones are looked for first.
      sortHref: href({
        sort: column.key,
        descending: sorted ? !order.descending : Boolean(column.numeric),
      }),
    };
  });
}

/** URL parameters of an order. */
export function orderParams(order: Order): Record<string, string> {
  return order.descending ? { sort: order.sort, order: "desc" } : { sort: order.sort };
}
