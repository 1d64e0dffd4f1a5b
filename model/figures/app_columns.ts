/** The table of a run's apps. */
import { sortKeys, type TableColumn } from "../table/column.ts";
import type { AppFigures } from "./figures.ts";

/** The columns of the table of apps. */
export const APP_COLUMNS: readonly TableColumn<AppFigures>[] = [
  { key: "app", label: "App", kind: "app", value: (a) => a.app, sort: "least" },
  { key: "tasks", label: "Tasks", kind: "count", value: (a) => a.tasks, sort: "most" },
  {
    key: "bar",
    label: "States",
    kind: "states",
    value: (a) => ({ counts: a.states, total: a.tasks }),
  },
  { key: "failed", label: "Failed", kind: "readCount", value: (a) => a.failed, sort: "most" },
  { key: "notRun", label: "Not run", kind: "readCount", value: (a) => a.notRun, sort: "most" },
  { key: "tries", label: "Tries", kind: "count", value: (a) => a.tries, sort: "most" },
  {
    key: "medianRun",
    label: "Median run",
    kind: "duration",
    value: (a) => a.medianRun,
    sort: "most",
  },
  {
    key: "longestRun",
    label: "Longest run",
    kind: "duration",
    value: (a) => a.longestRun,
    sort: "most",
  },
  {
    key: "medianQueue",
    label: "Median wait",
    kind: "duration",
    value: (a) => a.medianQueue,
    sort: "most",
  },
  { key: "totalRun", label: "Total run", kind: "duration", value: (a) => a.totalRun, sort: "most" },
  {
    key: "peakMemory",
    label: "Peak memory",
    kind: "bytes",
    value: (a) => a.peakMemory,
    sort: "most",
  },
];

/** What the table of apps can be sorted by. */
export const APP_KEYS: readonly string[] = sortKeys(APP_COLUMNS);
