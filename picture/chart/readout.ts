import type {
  AreaSpec,
  ChartSeries,
  ChartSpec,
  HistogramSpec,
  LinesSpec,
  ValueFormat,
} from "./chart.ts";
import { tickText, valueText } from "./ticks.ts";
import { count, naiveTime } from "../../looks/format.ts";

/** The name by which the capacity of a chart is hidden and read. */
export const CAPACITY = "capacity:";

/** What a chart says at one place along x. */
export interface Reading {
  head: string;
  rows: { key: string; label: string; color: string; text: string }[];
}

/** Bins of very different widths (such as powers of two) are drawn equally wide. */
export function equalBins(spec: HistogramSpec): boolean {
  const widths = spec.bins.map((b) => b.x1 - b.x0);
  const least = Math.min(...widths);
  return least > 0 && Math.max(...widths) <= 3 * least;
}

/** How many readings there are along x: bins, or points of a line. */
export function readings(spec: ChartSpec): number {
  if (spec.kind === "histogram") return spec.bins.length;
  return spec.kind === "area" ? Math.max(0, spec.x.length - 1) : spec.x.length;
}

/** Where reading `i` lies along the x scale. */
export function position(spec: ChartSpec, i: number): number {
  if (spec.kind === "histogram") {
    return equalBins(spec) ? (spec.bins[i].x0 + spec.bins[i].x1) / 2 : i + 0.5;
  }
  return spec.kind === "area" ? (spec.x[i] + spec.x[i + 1]) / 2 : spec.x[i];
}

/** The reading at a value of the x scale, or nearest to it. */
export function nearest(spec: ChartSpec, at: number): number {
  const n = readings(spec);
  let lo = 0;
  let hi = n - 1;
  const start = (i: number) =>
    spec.kind === "area" ? spec.x[i] : (position(spec, i) + position(spec, Math.max(i - 1, 0))) / 2;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (start(mid) <= at) lo = mid;
    else hi = mid - 1;
  }
  return lo;
}

/** Reading `i`, of the series that are not hidden. */
export function reading(spec: ChartSpec, i: number, hidden: ReadonlySet<string>): Reading {
  if (spec.kind === "histogram") {
    const b = spec.bins[i];
    const width = b.x1 - b.x0;
    const [from, to] = [b.x0, b.x1].map((x) => tickText(x, width, spec.x.format));
    const head = from === to ? from : `${from} – ${to}`;
    return { head, rows: [{ key: "", label: "count", color: spec.color, text: count(b.count) }] };
  }
  const rows = spec.kind === "lines" ? lineRows(spec, i, hidden) : areaRows(spec, i, hidden);
  // Stacks read from the top, as they are drawn.
  if (spec.kind === "area" && spec.stacked) rows.reverse();
  if (spec.kind === "area" && spec.capacity && !hidden.has(CAPACITY)) {
    const text = valueText(spec.capacity.values[i], spec.y.format);
    rows.unshift({ key: CAPACITY, label: spec.capacity.label, color: "currentColor", text });
  }
  return { head: naiveTime(spec.x[i]), rows };
}

type Rows = Reading["rows"];

function areaRows(spec: AreaSpec, i: number, hidden: ReadonlySet<string>): Rows {
  return spec.series.filter((s) => !hidden.has(s.name))
    .map((s) => rowOf(s, s.values[i], spec.y.format));
}

/** Of the lines that have a value then, known or not. */
function lineRows(spec: LinesSpec, i: number, hidden: ReadonlySet<string>): Rows {
  return spec.series.flatMap((s) => {
    const at = hidden.has(s.name) ? -1 : s.x.indexOf(spec.x[i]);
    return at < 0 ? [] : [rowOf(s, s.values[at], spec.y.format)];
  });
}

function rowOf(
  { name, label, color }: ChartSeries,
  value: number | null,
  format?: ValueFormat,
): Rows[number] {
  return { key: name, label, color, text: valueText(value, format) };
}

function highest(values: (number | null)[]): number | null {
  let top: number | null = null;
  for (const v of values) if (v != null && (top === null || v > top)) top = v;
  return top;
}

/** A chart in a sentence. */
export function summary(title: string, spec: ChartSpec): string {
  if (spec.kind === "histogram") {
    const total = spec.bins.reduce((sum, b) => sum + b.count, 0);
    const first = spec.bins[0];
    const last = spec.bins[spec.bins.length - 1];
    const [from, to] = [first.x0, last.x1].map((x) =>
      tickText(x, first.x1 - first.x0, spec.x.format)
    );
    return `${title}: ${count(total)} values from ${from} to ${to}.`;
  }
  const series = spec.series.map((s) =>
    `${s.label} up to ${valueText(highest(s.values), spec.y.format)}`
  );
  return `${title}, ${spec.y.label}, from ${naiveTime(spec.x[0])} to ` +
    `${naiveTime(spec.x[spec.x.length - 1])}: ${series.join(", ")}.`;
}

/** Why there is nothing to draw, if so. */
export function nothing(spec: ChartSpec): string | null {
  if (spec.kind === "histogram") return spec.bins.length ? null : "No values recorded yet.";
  if (spec.x.length < 2 && spec.kind === "area") return "Too few points in time to draw yet.";
  const all = spec.kind === "area" && spec.capacity ? [...spec.series, spec.capacity] : spec.series;
  if (!all.length) return "Nothing recorded yet.";
  const known = all.some((s) => s.values.some((v) => v !== null));
  if (!known) return "Not recorded: every value in this time is unknown.";
  return spec.kind === "lines" && spec.x.length === 1 ? oneSample(spec) : null;
}

/** What there is to read where one point would stand alone. */
function oneSample(spec: LinesSpec): string {
  const { head, rows } = reading(spec, 0, new Set());
  const texts = rows.map(({ label, text }) => `${label} ${text}`);
  return `Sampled once, at ${head}: ${texts.join(", ")}.`;
}

/** The series that a legend names; none where it would name but one. */
export function legend(spec: ChartSpec): { name: string; label: string; color: string }[] {
  if (spec.kind === "histogram") return [];
  const items = spec.series.map(({ name, label, color }) => ({ name, label, color }));
  if (spec.kind === "area" && spec.capacity) {
    items.push({ name: CAPACITY, label: spec.capacity.label, color: "currentColor" });
  }
  return items.length > 1 ? items : [];
}
