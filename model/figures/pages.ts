/** One page of a list, and what there is of it in all. */
export interface PageOf<Line> {
  lines: Line[];
  /** From 1. */
  page: number;
  pages: number;
  /** Lines on all pages. */
  total: number;
}

/** The page of a list that is asked for, from 1; the last one when there are not so many. */
export function pageOf<Line>(list: readonly Line[], page: number, perPage: number): PageOf<Line> {
  const pages = Math.max(1, Math.ceil(list.length / perPage));
  const shown = Math.min(Math.max(1, page), pages);
  const from = (shown - 1) * perPage;
  return { lines: list.slice(from, from + perPage), page: shown, pages, total: list.length };
}

/** The page that a URL parameter names; null when it names none. */
export function pageParam(params: URLSearchParams, name: string): number | null {
  const text = params.get(name) ?? "";
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}
