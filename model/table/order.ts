/** How a table is ordered: a column's key, and which way round. */
export interface Order {
  sort: string;
  descending: boolean;
}

/** Reads an order from URL parameters (`sort`, `order=desc`); keys that are not offered are ignored. */
export function parseOrder(
  params: URLSearchParams,
  keys: readonly string[],
  fallback: Order,
): Order {
  const sort = params.get("sort");
  if (sort === null || !keys.includes(sort)) return fallback;
  return { sort, descending: params.get("order") === "desc" };
}

/**
 * Lines in an order, ties as they were. What is unknown goes last, whichever way round.
 *
 * @param value the sort key of a line; null when unknown
 */
export function ordered<Line>(
  lines: readonly Line[],
  value: (line: Line) => number | string | null,
  descending: boolean,
): Line[] {
  const keys = lines.map(value);
  const sign = descending ? -1 : 1;
  return lines.map((_, i) => i).sort((a, b) => {
    const x = keys[a];
    const y = keys[b];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || a - b;
    return x < y ? -sign : x > y ? sign : a - b;
  }).map((i) => lines[i]);
}
