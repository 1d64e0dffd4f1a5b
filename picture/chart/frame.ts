import type { ChartKind, ChartSpec } from "./chart.ts";

/** How a chart is drawn: its size in pixels, what is left out of it, and of what it is made. */
export interface Drawing {
  width: number;
  height: number;
  /** Names of series not shown. */
  hidden: ReadonlySet<string>;
  /** Makes the elements; the page's own in a browser. */
  document?: Document;
}

/** Room around the plotted area for axes and their names, in pixels. */
export const MARGIN = { top: 22, right: 26, bottom: 34, left: 58 };

const ABOVE: Record<ChartKind, number> = { area: MARGIN.top, lines: MARGIN.top, histogram: 10 };

/** The room above a plot: for the name of its y axis, if it has one. */
export function top(spec: ChartSpec): number {
  return ABOVE[spec.kind];
}
