/** What charts say in words, and which place of them is read. */
import type {
  AreaSpec,
  ChartKind,
  ChartSeries,
  ChartSpec,
  HistogramSpec,
  LinesSpec,
  Specs,
  ValueFormat,
} from "./chart.ts";
import { tickText, valueText } from "./ticks.ts";
import { count, naiveTime } from "../../looks/format.ts";

/** The name by which the capacity of a chart is hidden and read. */
export const CAPACITY = "capacity:";

/** What a chart says at one place along x. */
export interface Readout {
  head: string;
  rows: Rows;
}

type Rows = { key: string; label: string; color: string; text: string }[];

/** One entry of a legend. */
export interface LegendItem {
  name: string;
  label: string;
  color: string;
}

/** What is read off a kind of charts. */
interface ReadoutOf<Spec> {
  /** How many readings there are along x. */
  readings(spec: Spec): number;
  /** Where reading `i` lies along the x scale. */
  position(spec: Spec, i: number): number;
  /** Where reading `i` begins to be the nearest one. */
  start(spec: Spec, i: number): number;
  /** Readout `i`, of the series that are not hidden. */
  reading(spec: Spec, i: number, hidden: ReadonlySet<string>): Readout;
  /** A chart in a sentence. */
  summary(title: string, spec: Spec): string;
  /** Why there is nothing to draw, if so. */
  nothing(spec: Spec): string | null;
  /** All series. */
  items(spec: Spec): LegendItem[];
}

const area: ReadoutOf<AreaSpec> = {
  readings: ({ x }) => Math.max(0, x.length - 1),
  position: ({ x }, i) => (x[i] + x[i + 1]) / 2,
  start: ({ x }, i) => x[i],
  reading(spec, i, hidden) {
    const rows = spec.series.filter((s) => !hidden.has(s.name))
      .map((s) => rowOf(s, s.values[i], spec.y.format));
    // Stacks read from the top, as they are drawn.
    if (spec.stacked) rows.reverse();
    if (spec.capacity && !hidden.has(CAPACITY)) {
      const text = valueText(spec.capacity.values[i], spec.y.format);
      rows.unshift({ key: CAPACITY, label: spec.capacity.label, color: "currentColor", text });
    }
    return { head: naiveTime(spec.x[i]), rows };
  },
  summary: timeSummary,
  nothing(spec) {
    if (spec.x.length < 2) return "Too few points in time to draw yet.";
    return nothingIn(spec.capacity ? [...spec.series, spec.capacity] : spec.series);
  },
  items({ series, capacity }) {
    const items = series.map(itemOf);
    return capacity
      ? [...items, { name: CAPACITY, label: capacity.label, color: "currentColor" }]
      : items;
  },
};

const lines: ReadoutOf<LinesSpec> = {
  readings: ({ x }) => x.length,
  position: ({ x }, i) => x[i],
  start: ({ x }, i) => (x[i] + x[Math.max(i - 1, 0)]) / 2,
  reading(spec, i, hidden) {
    // Of the lines that have a value then, known or not.
    const rows = spec.series.flatMap((s) => {
      const at = hidden.has(s.name) ? -1 : s.x.indexOf(spec.x[i]);
      return at < 0 ? [] : [rowOf(s, s.values[at], spec.y.format)];
    });
    return { head: naiveTime(spec.x[i]), rows };
  },
  summary: timeSummary,
  nothing: (spec) => nothingIn(spec.series) ?? (spec.x.length === 1 ? oneSample(spec) : null),
  items: ({ series }) => series.map(itemOf),
};

const histogram: ReadoutOf<HistogramSpec> = {
  readings: ({ bins }) => bins.length,
  position: (spec, i) => equalBins(spec) ? (spec.bins[i].x0 + spec.bins[i].x1) / 2 : i + 0.5,
  start: (spec, i) =>
    (histogram.position(spec, i) + histogram.position(spec, Math.max(i - 1, 0))) / 2,
  reading({ bins, x, color }, i) {
    const b = bins[i];
    const width = b.x1 - b.x0;
    const [from, to] = [b.x0, b.x1].map((at) => tickText(at, width, x.format));
    const head = from === to ? from : `${from} – ${to}`;
    return { head, rows: [{ key: "", label: "count", color, text: count(b.count) }] };
  },
  summary(title, { bins, x }) {
    const total = bins.reduce((sum, b) => sum + b.count, 0);
    const first = bins[0];
    const last = bins[bins.length - 1];
    const [from, to] = [first.x0, last.x1].map((at) => tickText(at, first.x1 - first.x0, x.format));
    return `${title}: ${count(total)} values from ${from} to ${to}.`;
  },
  nothing: ({ bins }) => bins.length ? null : "No values recorded yet.",
  items: () => [],
};

const READOUTS: { [K in ChartKind]: ReadoutOf<Specs[K]> } = { area, lines, histogram };

/** What is read off a chart of its kind. */
function readoutOf<K extends ChartKind>(spec: Specs[K]): ReadoutOf<Specs[K]> {
  return READOUTS[spec.kind as K];
}

/** Bins of very different widths (such as powers of two) are drawn equally wide. */
export function equalBins(spec: HistogramSpec): boolean {
  const widths = spec.bins.map((b) => b.x1 - b.x0);
  const least = Math.min(...widths);
  return least > 0 && Math.max(...widths) <= 3 * least;
}

/** How many readings there are along x: bins, or points of a line. */
export function readings(spec: ChartSpec): number {
  return readoutOf(spec).readings(spec);
}

/** Where reading `i` lies along the x scale. */
export function position(spec: ChartSpec, i: number): number {
  return readoutOf(spec).position(spec, i);
}

/** The reading at a value of the x scale, or nearest to it. */
export function nearest(spec: ChartSpec, at: number): number {
  const readout = readoutOf(spec);
  let lo = 0;
  let hi = readout.readings(spec) - 1;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (readout.start(spec, mid) <= at) lo = mid;
    else hi = mid - 1;
  }
  return lo;
}

/** Readout `i`, of the series that are not hidden. */
export function reading(spec: ChartSpec, i: number, hidden: ReadonlySet<string>): Readout {
  return readoutOf(spec).reading(spec, i, hidden);
}

/** A chart in a sentence. */
export function summary(title: string, spec: ChartSpec): string {
  return readoutOf(spec).summary(title, spec);
}

/** Why there is nothing to draw, if so. */
export function nothing(spec: ChartSpec): string | null {
  return readoutOf(spec).nothing(spec);
}

/** The series that a legend names; none where it would name but one. */
export function legend(spec: ChartSpec): LegendItem[] {
  const items = readoutOf(spec).items(spec);
  return items.length > 1 ? items : [];
}

function rowOf(
  { name, label, color }: ChartSeries,
  value: number | null,
  format?: ValueFormat,
): Rows[number] {
  return { key: name, label, color, text: valueText(value, format) };
}

function itemOf({ name, label, color }: ChartSeries): LegendItem {
  return { name, label, color };
}

function highest(values: (number | null)[]): number | null {
  let top: number | null = null;
  for (const v of values) if (v != null && (top === null || v > top)) top = v;
  return top;
}

function timeSummary(title: string, spec: AreaSpec | LinesSpec): string {
  const series = spec.series.map((s) =>
    `${s.label} up to ${valueText(highest(s.values), spec.y.format)}`
  );
  return `${title}, ${spec.y.label}, from ${naiveTime(spec.x[0])} to ` +
    `${naiveTime(spec.x[spec.x.length - 1])}: ${series.join(", ")}.`;
}

function nothingIn(series: readonly { values: (number | null)[] }[]): string | null {
  if (!series.length) return "Nothing recorded yet.";
  const known = series.some((s) => s.values.some((v) => v !== null));
  return known ? null : "Not recorded: every value in this time is unknown.";
}

/** What there is to read where one point would stand alone. */
function oneSample(spec: LinesSpec): string {
  const { head, rows } = reading(spec, 0, new Set());
  const texts = rows.map(({ label, text }) => `${label} ${text}`);
  return `Sampled once, at ${head}: ${texts.join(", ")}.`;
}
