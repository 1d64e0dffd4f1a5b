/** How the values of an axis are written. */
export type ValueFormat = "count" | "bytes" | "cores" | "seconds";

/** A value axis. */
export interface ValueAxis {
  label: string;
  /** `count` if left out. */
  format?: ValueFormat;
}

/** One named series; `color` is any CSS colour, `var(--…)` included; null is unknown: a gap. */
export interface ChartSeries {
  name: string;
  label: string;
  color: string;
  values: (number | null)[];
}

/**
 * Stepped areas over bins. `x` holds the naive milliseconds of the bin starts and, last, of the end:
 * `values[i]` holds from `x[i]` to `x[i + 1]`, so `values` is one shorter than `x`.
 */
export interface AreaSpec {
  kind: "area";
  x: number[];
  series: ChartSeries[];
  y: ValueAxis;
  stacked: boolean;
  /** What there was to use, as a step line over the areas; binned as the series. */
  capacity?: { label: string; values: (number | null)[] };
}

/** One of several lines: its values at its own naive milliseconds `x`, which rise. */
export interface LineSeries extends ChartSeries {
  x: number[];
}

/** Lines through values, each a dot; `x` holds every naive millisecond of any of them once, in order. */
export interface LinesSpec {
  kind: "lines";
  x: number[];
  series: LineSeries[];
  y: ValueAxis;
}

/** How often values of some size occurred; bin bounds are in bytes, seconds or plain numbers. */
export interface HistogramSpec {
  kind: "histogram";
  bins: { x0: number; x1: number; count: number }[];
  x: { label: string; format: "bytes" | "seconds" | "count" };
  color: string;
}

/** The kinds of charts, each with what it shows. */
export interface Specs {
  area: AreaSpec;
  lines: LinesSpec;
  histogram: HistogramSpec;
}

export type ChartKind = keyof Specs;

/** What a chart shows: plain data that can be serialized as an island's props. */
export type ChartSpec = Specs[ChartKind];
