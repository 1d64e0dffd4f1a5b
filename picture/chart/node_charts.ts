import type { NodeLine, NodeView } from "../../model/figures/nodes.ts";
import { appColor } from "../../looks/palette.ts";
import type { AreaSpec, ChartSeries, ChartSpec, LinesSpec, ValueFormat } from "./chart.ts";

/** A chart of a host. */
export interface NodeChart {
  title: string;
  spec: ChartSpec;
}

/** The charts of a host, whoever used it: of what its sampler could tell. */
export function nodeCharts(node: NodeView): NodeChart[] {
  const { x } = node;
  const area = (
    label: string,
    format: ValueFormat,
    series: Omit<ChartSeries, "color">[],
    capacity: AreaSpec["capacity"],
  ): AreaSpec => ({
    kind: "area",
    x,
    series: series.map((one, i) => ({ ...one, color: i === 0 ? "var(--accent)" : appColor(i) })),
    y: { label, format },
    stacked: false,
    capacity,
  });
  const charts: NodeChart[] = [{
    title: "CPU",
    spec: area(
      "cores",
      "cores",
      [{ name: "busy", label: "busy", values: node.busy }],
      { label: "cores there are", values: node.cpus },
    ),
  }, {
    title: "Memory",
    spec: area(
      "memory",
      "bytes",
      [
        { name: "used", label: "used", values: node.used },
        ...node.swap ? [{ name: "swap", label: "swap used", values: node.swap }] : [],
      ],
      { label: "memory there is", values: node.memory },
    ),
  }, { title: "Load", spec: lines("load", "count", [node.load]) }];
  if (node.gpuUse.length > 0) {
    charts.push({ title: "GPUs", spec: lines("busy, %", "count", node.gpuUse) });
  }
  if (node.gpuMemory.length > 0) {
    charts.push({ title: "Memory of GPUs", spec: lines("memory", "bytes", node.gpuMemory) });
  }
  return charts.filter(({ spec }) => isKnown(spec));
}

function lines(label: string, format: ValueFormat, all: readonly NodeLine[]): LinesSpec {
  return {
    kind: "lines",
    x: [...new Set(all.flatMap((line) => line.x))].sort((a, b) => a - b),
    series: all.map(({ name, x, values }, i) => ({
      ...{ name, label: name, x, values },
      color: i === 0 ? "var(--accent)" : appColor(i),
    })),
    y: { label, format },
  };
}

function isKnown(spec: ChartSpec): boolean {
  return spec.kind === "histogram" ||
    spec.series.some(({ values }) => values.some((value) => value !== null));
}
