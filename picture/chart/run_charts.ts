import type { Histogram } from "../../model/figures/figures.ts";
import { type Level, LEVEL_NAMES } from "../../model/run/levels.ts";
import type { RunHead } from "../../model/views/head.ts";
import type { ResourcesView } from "../../model/views/resources.ts";
import type { SummaryView } from "../../model/views/summary.ts";
import type { AreaSpec, ChartSpec, LinesSpec, ValueFormat } from "./chart.ts";
import { count } from "../../looks/format.ts";
import { appsSpec, statesSpec, usageSpec } from "./series.ts";

/** A chart of a run's pages; without `spec`, `why` says what is missing for it. */
export interface RunChart {
  id: string;
  title: string;
  spec: ChartSpec | null;
  why?: string;
}

/** The charts of the summary page. */
export function summaryCharts(view: SummaryView): RunChart[] {
  return [
    {
      id: "states",
      title: "Task states over time",
      ...overTime(view.head, statesSpec(view.stateSeries)),
    },
    {
      id: "running",
      title: "Running tasks per app",
      ...overTime(view.head, appsSpec(view.appSeries)),
    },
  ];
}

/** A chart over the time of a run, or why there is none. */
function overTime(
  { duration }: RunHead,
  spec: LinesSpec | AreaSpec,
): Pick<RunChart, "spec" | "why"> {
  return spec.x.length === 0 && duration === null
    ? { spec: null, why: "The clock went back during this run: what happened when cannot be told." }
    : { spec };
}

/** The charts of the resource page: of a run without samples only the workers. */
export function resourceCharts(view: ResourcesView): RunChart[] {
  const workers: RunChart = {
    id: "workers",
    title: "Busy workers",
    ...overTime(view.head, usageSpec(view.workers, "workers", "count", "workers there were")),
  };
  if (view.samples === 0) return [workers];
  return [
    workers,
    {
      id: "cpu",
      title: "CPU cores",
      ...overTime(view.head, usageSpec(view.cpu, "cores", "cores", "cores there were")),
    },
    ...LEVEL_NAMES.map((level) => levelChart(view, level)),
    perTask("CPU time", "CPU time", "seconds", view.cpuPerTask),
    perTask("Mean memory", "mean resident memory", "bytes", view.meanMemoryPerTask),
    perTask("Peak memory", "peak resident memory", "bytes", view.peakMemoryPerTask),
  ];
}

/** How the levels of samples are shown. `capacity` says what there was of it, if that is known. */
const LEVEL_CHARTS: Readonly<
  Record<Level, { title: string; label: string; format: ValueFormat; capacity: string }>
> = {
  memory: {
    title: "Memory",
    label: "resident memory",
    format: "bytes",
    capacity: "memory there was",
  },
};

function levelChart(view: ResourcesView, level: Level): RunChart {
  const { title, label, format, capacity } = LEVEL_CHARTS[level];
  return {
    id: level,
    title,
    ...overTime(view.head, usageSpec(view[level], label, format, capacity)),
  };
}

function perTask(
  name: string,
  label: string,
  format: "bytes" | "seconds",
  data: Histogram,
): RunChart {
  const title = `${name} per task`;
  const id = title.toLowerCase().replaceAll(" ", "-");
  if (data.count === 0) {
    return { id, title, spec: null, why: "No task has enough resource samples for this figure." };
  }
  const x = { label: `${label}, ${count(data.count)} tasks`, format };
  return { id, title, spec: { kind: "histogram", bins: data.bins, x, color: "var(--accent)" } };
}
