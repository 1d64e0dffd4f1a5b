import type { Histogram } from "../model/figures.ts";
import type { ResourcesView, SummaryView } from "../model/views.ts";
import type { ChartSpec } from "./chart_spec.ts";
import { count } from "./format.ts";
import { appsSpec, statesSpec, usageSpec } from "./series_spec.ts";

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
    { id: "states", title: "Task states over time", spec: statesSpec(view.stateSeries) },
    { id: "running", title: "Running tasks per app", spec: appsSpec(view.appSeries) },
  ];
}

/** The charts of the resource page: of a run without samples only the workers. */
export function resourceCharts(view: ResourcesView): RunChart[] {
  const workers: RunChart = {
    id: "workers",
    title: "Busy workers",
    spec: usageSpec(view.workers, "workers", "count", "workers there were"),
  };
  if (view.samples === 0) return [workers];
  return [
    workers,
    {
      id: "cpu",
      title: "CPU cores",
      spec: usageSpec(view.cpu, "cores", "cores", "cores there were"),
    },
    {
      id: "memory",
      title: "Memory",
      spec: usageSpec(view.memory, "resident memory", "bytes", "memory there was"),
    },
    perTask("CPU time", "CPU time", "seconds", view.cpuPerTask),
    perTask("Mean memory", "mean resident memory", "bytes", view.meanMemoryPerTask),
    perTask("Peak memory", "peak resident memory", "bytes", view.peakMemoryPerTask),
  ];
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
