import * as Plot from "@observablehq/plot";
import type { AreaSpec, ChartKind, ChartSpec, HistogramSpec, LinesSpec, Specs } from "./chart.ts";
import { type Drawing, MARGIN, top } from "./frame.ts";
import { type Point, stepped, straight } from "./outline.ts";
import { CAPACITY, equalBins } from "./readout.ts";
import { tickTexts, timeTicks, valueTicks } from "./ticks.ts";

const DRAWERS: { [K in ChartKind]: (spec: Specs[K], drawing: Drawing) => Drawn } = {
  area: (spec, drawing) => drawTime(spec, drawing, areaMarks(spec, drawing.hidden)),
  lines: (spec, drawing) => drawTime(spec, drawing, lineMarks(spec, drawing.hidden)),
  histogram: drawHistogram,
};

type Drawn = ReturnType<typeof Plot.plot>;

/** Draws a chart as an SVG element, and gives its scales. */
export function drawChart<K extends ChartKind>(spec: Specs[K], drawing: Drawing): Drawn {
  return DRAWERS[spec.kind as K](spec, drawing);
}

/** What is drawn of series, and the points that it is made of. */
interface Marks {
  marks: Plot.Markish[];
  points: Point[][];
}

const LINE = { x: "x", y: "y", strokeWidth: 1.5, strokeLinejoin: "miter" } as const;

function areaMarks(
  { x, series, stacked, capacity }: AreaSpec,
  hidden: ReadonlySet<string>,
): Marks {
  const out: Marks = { marks: [], points: [] };
  const base = new Array<number>(x.length).fill(0);
  for (const s of series) {
    if (hidden.has(s.name)) continue;
    const points = stepped(x, s.values, stacked ? base : undefined);
    s.values.forEach((v, i) => base[i] += v ?? 0);
    out.points.push(points);
    const fillOpacity = stacked ? 0.85 : 0.25;
    out.marks.push(Plot.areaY(points, { x: "x", y1: "y1", y2: "y", fill: s.color, fillOpacity }));
    if (!stacked) out.marks.push(Plot.lineY(points, { ...LINE, stroke: s.color }));
  }
  if (capacity && !hidden.has(CAPACITY)) {
    const points = stepped(x, capacity.values);
    out.points.push(points);
    out.marks.push(
      Plot.lineY(points, { ...LINE, stroke: "currentColor", strokeDasharray: "4,3" }),
    );
  }
  return out;
}

function lineMarks({ series }: LinesSpec, hidden: ReadonlySet<string>): Marks {
  const out: Marks = { marks: [], points: [] };
  for (const s of series) {
    if (hidden.has(s.name)) continue;
    const points = straight(s.x, s.values);
    out.points.push(points);
    out.marks.push(Plot.lineY(points, { ...LINE, stroke: s.color }));
    // A sample between two gaps draws no line, so it needs its dot to be seen at all.
    const dots = points.filter((p) => Number.isFinite(p.y));
    out.marks.push(Plot.dot(dots, { x: "x", y: "y", r: 2, fill: s.color }));
  }
  return out;
}

/** From where to where values are drawn: with 0, and some room above. */
function boundsOf(all: readonly Point[][]): { lo: number; hi: number } {
  let lo = 0;
  let hi = 0;
  for (const points of all) {
    for (const p of points) {
      if (p.y > hi) hi = p.y;
      if (p.y < lo) lo = p.y;
    }
  }
  return { lo, hi: hi > lo ? hi + 0.04 * (hi - lo) : lo + 1 };
}

function drawTime(
  spec: AreaSpec | LinesSpec,
  drawing: Drawing,
  { marks, points }: Marks,
): Drawn {
  const { width, height } = drawing;
  const { lo, hi } = boundsOf(points);
  const from = spec.x[0];
  const to = spec.x[spec.x.length - 1];
  const inner = width - MARGIN.left - MARGIN.right;
  const ticks = timeTicks(from, to, inner / 90);
  const yTicks = valueTicks(lo, hi, (height - MARGIN.top - MARGIN.bottom) / 32, spec.y.format);
  const yTexts = tickTexts(yTicks, spec.y.format);
  return Plot.plot({
    ...frame(spec, drawing),
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

function drawHistogram(spec: HistogramSpec, drawing: Drawing): Drawn {
  const { width, height } = drawing;
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
    ...frame(spec, drawing),
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

function frame(spec: ChartSpec, { width, height, document }: Drawing) {
  return {
    document,
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
