/** The table of hosts beside the timeline. */
import type { TableColumn } from "../table/column.ts";
import { busyShare, type LaneHost } from "./lanes.ts";

/** The columns of the table of hosts. */
export const HOST_COLUMNS: readonly TableColumn<LaneHost>[] = [
  { key: "host", label: "Host", kind: "text", value: (h) => h.host ?? "unknown" },
  { key: "executor", label: "Executor", kind: "text", value: (h) => h.executor },
  { key: "tries", label: "Tries", kind: "count", value: (h) => h.tries },
  { key: "failed", label: "Failed", kind: "count", value: (h) => h.failed },
  { key: "most", label: "Most at once", kind: "count", value: (h) => h.most },
  { key: "workers", label: "Workers", kind: "count", value: (h) => h.workers.length || null },
  { key: "busy", label: "Run time", kind: "duration", value: (h) => h.busy },
  { key: "share", label: "Busy", kind: "share", value: busyShare },
  { key: "began", label: "First start", kind: "time", value: (h) => h.began },
  { key: "ended", label: "Last end", kind: "time", value: (h) => h.ended },
];
