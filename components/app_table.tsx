import type { ComponentChildren } from "preact";
import type { AppFigures } from "../model/figures/figures.ts";
import { bytes, count, duration } from "../looks/format.ts";
import { Known } from "./reading.ts";
import { type Column, StateBar } from "./ui.tsx";

/** The columns of a table of apps. */
export const APP_COLUMNS: Column[] = [
  { key: "app", label: "App" },
  { key: "tasks", label: "Tasks", numeric: true },
  { key: "bar", label: "States" },
  { key: "failed", label: "Failed", numeric: true },
  { key: "notRun", label: "Not run", numeric: true },
  { key: "tries", label: "Tries", numeric: true },
  { key: "medianRun", label: "Median run", numeric: true },
  { key: "longestRun", label: "Longest run", numeric: true },
  { key: "medianQueue", label: "Median wait", numeric: true },
  { key: "totalRun", label: "Total run", numeric: true },
  { key: "peakMemory", label: "Peak memory", numeric: true },
];

/** The cells of an app's row; `name` is what stands for the app, `Bar` for its states. */
export function appRow(
  app: AppFigures,
  name: ComponentChildren,
  Bar = StateBar,
): ComponentChildren[] {
  return [
    name,
    count(app.tasks),
    <Bar
      counts={app.states.map((s) => ({ state: s.name, count: s.count }))}
      total={app.tasks}
    />,
    <Known>{count(app.failed)}</Known>,
    <Known>{count(app.notRun)}</Known>,
    count(app.tries),
    duration(app.medianRun),
    duration(app.longestRun),
    duration(app.medianQueue),
    duration(app.totalRun),
    bytes(app.peakMemory),
  ];
}
