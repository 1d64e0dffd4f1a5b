import * as Plot from "@observablehq/plot";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type {
  AreaSpec,
  ChartSpec,
  HistogramSpec,
  LinesSpec,
  ValueFormat,
} from "../components/chart_spec.ts";
import { bytes, clock, count, naiveTime, seconds } from "../components/format.ts";

const MARGIN = { top: 22, right: 26, bottom: 34, left: 58 };
const CAPACITY = "capacity:";
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 7, 14, 30, 60, 90, 180, 365].map((n) => n * DAY),
];

type Value = number | null | undefined;
interface Point {
  x: Date;
  y: number;
  y1: number;
}
interface Reading {
  head: string;
  rows: { key: string; label: string; color: string; text: string }[];
}

function valueText(v: Value, format: ValueFormat = "count"): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return "unknown";
  if (format === "bytes") return bytes(v);
  if (format === "seconds") return seconds(v);
  return format === "cores" ? `${count(v)} ${v === 1 ? "core" : "cores"}` : count(v);
}

/** `v`, with the decimals that tell multiples of `step` apart. */
function decimals(v: number, step: number): string {
  const digits = step > 0 ? Math.ceil(-Math.log10(step)) + 1 : 2;
  return v.toLocaleString("en-US", { maximumFractionDigits: Math.min(Math.max(digits, 0), 12) });
}

function secondsTick(v: number, step: number): string {
  if (v === 0) return "0 s";
  if (v < 0) return "−" + secondsTick(-v, step);
  if (step < 20 && !Number.isInteger(step)) {
    return v < 1 ? `${decimals(v * 1000, step * 1000)} ms` : `${decimals(v, step)} s`;
  }
  const units = [[86400, "d"], [3600, "h"], [60, "m"], [1, "s"]] as const;
  const least = units.find(([u]) => step % u === 0 || step >= 20 * u)?.[0] ?? 1;
  let rest = Math.round(v / least) * least;
  const parts: string[] = [];
  for (const [u, name] of units) {
    if (rest >= u) parts.push(`${count(Math.floor(rest / u))} ${name}`);
    rest %= u;
  }
  return parts.join(" ") || "0 s";
}

/** `v` as exact as it takes to tell it from `v + step`. */
function tickText(v: number, step: number, format: ValueFormat = "count"): string {
  if (format === "seconds") return step > 0 ? secondsTick(v, step) : seconds(v);
  if (format === "bytes") {
    if (!(step > 0)) return bytes(v);
    const power = v < 1024 ? 0 : Math.min(Math.floor(Math.log2(v) / 10), 5);
    const unit = 1024 ** power;
    return `${decimals(v / unit, step / unit)} ${["B", "KiB", "MiB", "GiB", "TiB", "PiB"][power]}`;
  }
  return v >= 1e6 ? `${decimals(v / 1e6, step / 1e6)} M` : decimals(v, step);
}

/** The text of each of `values`, which rise; "" where it would only repeat the one before. */
function tickTexts(values: number[], format?: ValueFormat): string[] {
  let before = "";
  return values.map((v, i) => {
    const gaps = [v - values[i - 1], values[i + 1] - v].filter((gap) => gap > 0);
    const text = tickText(v, gaps.length ? Math.min(...gaps) : 0, format);
    if (text === before) return "";
    return before = text;
  });
}

function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const m = raw / power;
  return (m <= 1 ? 1 : m <= 2 ? 2 : m <= 5 ? 5 : 10) * power;
}

function valueTicks(lo: number, hi: number, wanted: number, format: ValueFormat = "count") {
  const raw = (hi - lo) / wanted;
  if (!(raw > 0) || !Number.isFinite(raw)) return [lo];
  let step = niceStep(raw);
  if (format === "bytes") {
    step = raw <= 1 ? 1 : 2 ** Math.ceil(Math.log2(raw));
  } else if (format === "count") {
    step = Math.max(1, step);
  } else if (format === "seconds" && raw > 1) {
    step = (TIME_STEPS.find((s) => s >= raw * SECOND) ?? niceStep(raw / 86400) * DAY) / SECOND;
  }
  const ticks = [];
  for (let k = Math.ceil(lo / step); k * step <= hi; k++) ticks.push(k * step);
  return ticks;
}

/** Ticks at round naive times; the date is written where it changes. */
function timeTicks(lo: number, hi: number, wanted: number) {
  const raw = (hi - lo) / Math.max(wanted, 1);
  const step = TIME_STEPS.find((s) => s >= raw) ?? Math.ceil(raw / (365 * DAY)) * 365 * DAY;
  const values: Date[] = [];
  const labels = new Map<number, string>();
  let day = "";
  for (let t = Math.ceil(lo / step) * step; t <= hi; t += step) {
    const date = naiveTime(t).slice(0, 10);
    const time = step < SECOND
      ? clock(t).slice(3) + (t / 1000 % 1).toFixed(3).slice(1)
      : step < MINUTE
      ? clock(t)
      : clock(t).slice(0, 5);
    labels.set(t, step >= DAY ? date : date === day ? time : `${time}\n${date}`);
    day = date;
    values.push(new Date(t));
  }
  return { values, label: (d: Date) => labels.get(+d) ?? "" };
}

/** The corners of a stepped outline; a null leaves a gap, exactly as wide as its bin. */
function corners(x: number[], values: Value[], base?: number[]): Point[] {
  const points: Point[] = [];
  for (let i = 0; i < Math.min(values.length, x.length); i++) {
    const v = values[i];
    const gap = v === null || v === undefined || !Number.isFinite(v);
    const y1 = gap ? NaN : base?.[i] ?? 0;
    const y = gap ? NaN : v + y1;
    points.push({ x: new Date(x[i]), y, y1 });
    if (!gap && i + 1 < x.length) points.push({ x: new Date(x[i + 1]), y, y1 });
  }
  return points;
}

function straight(x: number[], values: Value[]): Point[] {
  return x.map((t, i) => ({ x: new Date(t), y: values[i] ?? NaN, y1: 0 }));
}

function timeMarks(spec: AreaSpec | LinesSpec, hidden: ReadonlySet<string>) {
  const marks: Plot.Markish[] = [];
  const all: Point[][] = [];
  const shown = spec.series.filter((s) => !hidden.has(s.name));
  const line = { x: "x", y: "y", strokeWidth: 1.5, strokeLinejoin: "miter" } as const;
  if (spec.kind === "area") {
    const base = new Array<number>(spec.x.length).fill(0);
    for (const s of shown) {
      const points = corners(spec.x, s.values, spec.stacked ? base : undefined);
      s.values.forEach((v, i) => base[i] += v ?? 0);
      all.push(points);
      const fillOpacity = spec.stacked ? 0.85 : 0.25;
      marks.push(Plot.areaY(points, { x: "x", y1: "y1", y2: "y", fill: s.color, fillOpacity }));
      if (!spec.stacked) marks.push(Plot.lineY(points, { ...line, stroke: s.color }));
    }
    if (spec.capacity && !hidden.has(CAPACITY)) {
      const points = corners(spec.x, spec.capacity.values);
      all.push(points);
      marks.push(
        Plot.lineY(points, { ...line, stroke: "currentColor", strokeDasharray: "4,3" }),
      );
    }
  } else {
    for (const s of shown) {
      const points = spec.step ? corners(spec.x, s.values) : straight(spec.x, s.values);
      all.push(points);
      marks.push(Plot.lineY(points, { ...line, stroke: s.color }));
      // A sample between two gaps draws no line, so it needs its dot to be seen at all.
      const dots = straight(spec.x, s.values).filter((p, i) =>
        Number.isFinite(p.y) &&
        (spec.points ||
          (!spec.step && s.values[i - 1] == null && s.values[i + 1] == null))
      );
      marks.push(Plot.dot(dots, { x: "x", y: "y", r: 2, fill: s.color }));
    }
  }
  let lo = 0;
  let hi = 0;
  for (const points of all) {
    for (const p of points) {
      if (p.y > hi) hi = p.y;
      if (p.y < lo) lo = p.y;
    }
  }
  return { marks, lo, hi: hi > lo ? hi + 0.04 * (hi - lo) : lo + 1 };
}

function drawTime(
  spec: AreaSpec | LinesSpec,
  hidden: ReadonlySet<string>,
  width: number,
  height: number,
) {
  const { marks, lo, hi } = timeMarks(spec, hidden);
  const from = spec.x[0];
  const to = spec.x[spec.x.length - 1];
  const inner = width - MARGIN.left - MARGIN.right;
  const ticks = timeTicks(from, to, inner / 90);
  const yTicks = valueTicks(lo, hi, (height - MARGIN.top - MARGIN.bottom) / 32, spec.y.format);
  const yTexts = tickTexts(yTicks, spec.y.format);
  return Plot.plot({
    ...frame(spec, width, height),
    x: { type: "utc", domain: [new Date(from), new Date(to)], label: null },
    y: { domain: [lo, hi], nice: false, label: null },
    marks: [
      Plot.gridY(yTicks),
      ...marks,
      Plot.axisX(ticks.values, { tickFormat: ticks.label, tickSize: 4 }),
      Plot.axisY(yTicks, {
        tickFormat: (_: number, i: number) => yTexts[i],
        tickSize: 0,
        label: spec.y.label,
        labelArrow: "none",
      }),
      Plot.ruleY([0], { strokeOpacity: 0.5 }),
    ],
  });
}

/** Bins of very different widths (such as powers of two) are drawn equally wide. */
function equalBins(spec: HistogramSpec): boolean {
  const widths = spec.bins.map((b) => b.x1 - b.x0);
  const least = Math.min(...widths);
  return least > 0 && Math.max(...widths) <= 3 * least;
}

function drawHistogram(spec: HistogramSpec, width: number, height: number) {
  const linear = equalBins(spec);
  const bars = spec.bins.map((b, i) => linear ? b : { x0: i, x1: i + 1, count: b.count });
  const lo = bars[0].x0;
  const end = bars[bars.length - 1].x1;
  const to = end > lo ? end : lo + 1;
  const hi = Math.max(1, ...bars.map((b) => b.count));
  const wanted = Math.max(1, (width - MARGIN.left - MARGIN.right) / 80);
  const bounds = [...spec.bins.map((b) => b.x0), spec.bins[spec.bins.length - 1].x1];
  const every = Math.ceil(bounds.length / wanted);
  const xTicks = linear
    ? valueTicks(lo, to, wanted, spec.x.format)
    : bounds.map((_, i) => i).filter((i) => i % every === 0);
  const xTexts = tickTexts(linear ? xTicks : xTicks.map((i) => bounds[i]), spec.x.format);
  const yTicks = valueTicks(0, hi, (height - top(spec) - MARGIN.bottom) / 32);
  const yTexts = tickTexts(yTicks);
  return Plot.plot({
    ...frame(spec, width, height),
    x: { type: "linear", domain: [lo, to], label: null },
    y: { domain: [0, hi], label: null },
    marks: [
      Plot.gridY(yTicks),
      Plot.rectY(bars, { x1: "x0", x2: "x1", y: "count", fill: spec.color, insetRight: 1 }),
      Plot.axisX(xTicks, {
        tickFormat: (_: number, i: number) => xTexts[i],
        tickSize: 4,
        label: spec.x.label,
        labelArrow: "none",
      }),
      Plot.axisY(yTicks, {
        tickFormat: (_: number, i: number) => yTexts[i],
        tickSize: 0,
        label: null,
      }),
      Plot.ruleY([0], { strokeOpacity: 0.5 }),
    ],
  });
}

/** The room above a plot: for the name of its y axis, if it has one. */
function top(spec: ChartSpec): number {
  return spec.kind === "histogram" ? 10 : MARGIN.top;
}

function frame(spec: ChartSpec, width: number, height: number) {
  return {
    width,
    height,
    marginTop: top(spec),
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    ariaHidden: "true",
    style: { background: "none", overflow: "visible", fontFamily: "inherit", fontSize: "11px" },
  };
}

/** How many readings there are along x: bins, or points of a line. */
function readings(spec: ChartSpec): number {
  if (spec.kind === "histogram") return spec.bins.length;
  return spec.kind === "area" ? Math.max(0, spec.x.length - 1) : spec.x.length;
}

/** Where reading `i` lies along the x scale. */
function position(spec: ChartSpec, i: number): number {
  if (spec.kind === "histogram") {
    return equalBins(spec) ? (spec.bins[i].x0 + spec.bins[i].x1) / 2 : i + 0.5;
  }
  return spec.kind === "area" ? (spec.x[i] + spec.x[i + 1]) / 2 : spec.x[i];
}

function nearest(spec: ChartSpec, at: number): number {
  const n = readings(spec);
  let lo = 0;
  let hi = n - 1;
  const holds = spec.kind === "area" || (spec.kind === "lines" && spec.step);
  const start = (i: number) =>
    holds ? spec.x[i] : (position(spec, i) + position(spec, Math.max(i - 1, 0))) / 2;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (start(mid) <= at) lo = mid;
    else hi = mid - 1;
  }
  return lo;
}

function reading(spec: ChartSpec, i: number, hidden: ReadonlySet<string>): Reading {
  if (spec.kind === "histogram") {
    const b = spec.bins[i];
    const width = b.x1 - b.x0;
    const [from, to] = [b.x0, b.x1].map((x) => tickText(x, width, spec.x.format));
    const head = from === to ? from : `${from} – ${to}`;
    return { head, rows: [{ key: "", label: "count", color: spec.color, text: count(b.count) }] };
  }
  const rows = spec.series.filter((s) => !hidden.has(s.name)).map((s) => ({
    key: s.name,
    label: s.label,
    color: s.color,
    text: valueText(s.values[i], spec.y.format),
  }));
  // Stacks read from the top, as they are drawn.
  if (spec.kind === "area" && spec.stacked) rows.reverse();
  if (spec.kind === "area" && spec.capacity && !hidden.has(CAPACITY)) {
    const text = valueText(spec.capacity.values[i], spec.y.format);
    rows.unshift({ key: CAPACITY, label: spec.capacity.label, color: "currentColor", text });
  }
  return { head: naiveTime(spec.x[i]), rows };
}

function highest(values: Value[]): number | null {
  let top: number | null = null;
  for (const v of values) if (v != null && (top === null || v > top)) top = v;
  return top;
}

function summary(title: string, spec: ChartSpec): string {
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
function nothing(spec: ChartSpec): string | null {
  if (spec.kind === "histogram") return spec.bins.length ? null : "No values recorded yet.";
  if (spec.x.length < 2) return "Too few points in time to draw yet.";
  const all = spec.kind === "area" && spec.capacity ? [...spec.series, spec.capacity] : spec.series;
  if (!all.length) return "Nothing recorded yet.";
  const known = all.some((s) => s.values.some((v) => v !== null));
  return known ? null : "Not recorded: every value in this time is unknown.";
}

function legend(spec: ChartSpec) {
  if (spec.kind === "histogram") return [];
  const items = spec.series.map(({ name, label, color }) => ({ name, label, color }));
  if (spec.kind === "area" && spec.capacity) {
    items.push({ name: CAPACITY, label: spec.capacity.label, color: "currentColor" });
  }
  return items.length > 1 ? items : [];
}

/**
 * A chart of `spec`, `height` pixels high (legend and title not counted), as wide as its box.
 * Naive times are shown as they are; pointer or arrow keys read the values off.
 */
export default function Chart(
  { spec, height = 190, title }: { spec: ChartSpec; height?: number; title: string },
) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const scale = useRef<Plot.Scale>();
  const [width, setWidth] = useState(0);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<number | null>(null);
  const why = nothing(spec);
  const label = useMemo(() => why ? `${title}: ${why}` : summary(title, spec), [spec, title, why]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    if (why || width < 100) {
      element.replaceChildren();
      scale.current = undefined;
      return;
    }
    const plot = spec.kind === "histogram"
      ? drawHistogram(spec, width, height)
      : drawTime(spec, hidden, width, height);
    scale.current = plot.scale("x");
    element.replaceChildren(plot);
  }, [spec, width, height, hidden, why]);

  const point = (event: PointerEvent) => {
    const bounds = canvas.current?.getBoundingClientRect();
    const invert = scale.current?.invert;
    if (!bounds || !invert) return;
    const px = event.clientX - bounds.left;
    const inside = px >= MARGIN.left - 4 && px <= width - MARGIN.right + 4;
    setAt(inside ? nearest(spec, Number(invert(px))) : null);
  };
  const key = (event: KeyboardEvent) => {
    const last = readings(spec) - 1;
    if (why || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowRight") setAt(at === null ? 0 : Math.min(at + 1, last));
    else if (event.key === "ArrowLeft") setAt(at === null ? last : Math.max(at - 1, 0));
    else if (event.key === "Home") setAt(0);
    else if (event.key === "End") setAt(last);
    else if (event.key === "Escape") setAt(null);
    else return;
    event.preventDefault();
  };
  const toggle = (name: string) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };

  const index = at !== null && !why && at < readings(spec) ? at : null;
  const read = index === null ? null : reading(spec, index, hidden);
  const left = index === null ? 0 : Number(scale.current?.apply(position(spec, index)) ?? 0);
  const items = legend(spec);
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div
        class="chart-plot"
        ref={box}
        style={`height:${height}px`}
        role="img"
        aria-label={label}
        tabIndex={why ? undefined : 0}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => setAt(null)}
        onBlur={() => setAt(null)}
        onKeyDown={key}
      >
        <div class="chart-canvas" ref={canvas} />
        {why ? <p class="chart-empty">{why}</p> : null}
        {read
          ? (
            <>
              <div class="chart-rule" style={`left:${left}px;top:${top(spec)}px`} />
              <div
                class={`chart-tip${left > width / 2 ? " is-left" : ""}`}
                style={left > width / 2 ? `right:${width - left + 10}px` : `left:${left + 10}px`}
              >
                <b>{read.head}</b>
                {read.rows.map((row) => (
                  <div key={row.key}>
                    <i style={`--c:${row.color}`} />
                    <span>{row.label}</span>
                    <span class="num">{row.text}</span>
                  </div>
                ))}
              </div>
            </>
          )
          : null}
      </div>
      <span class="sr-only" aria-live="polite">
        {read ? `${read.head}: ${read.rows.map((r) => `${r.label} ${r.text}`).join(", ")}` : ""}
      </span>
      {items.length
        ? (
          <div class="legend" role="group" aria-label={`Series of ${title}`}>
            {items.map((item) => (
              <button
                type="button"
                key={item.name}
                aria-pressed={!hidden.has(item.name)}
                onClick={() => toggle(item.name)}
              >
                <i
                  class={item.name === CAPACITY ? "is-line" : undefined}
                  style={`--c:${item.color}`}
                />
                {item.label}
              </button>
            ))}
          </div>
        )
        : null}
    </figure>
  );
}
