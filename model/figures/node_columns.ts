/** The table of hosts that were looked at themselves, whoever used them. */
import { csvText, type TableColumn } from "../table/column.ts";
import type { NodeFigures } from "./nodes.ts";

/** Its columns. */
export const NODE_COLUMNS: readonly TableColumn<NodeFigures>[] = [
  { key: "host", label: "Host", kind: "text", value: (n) => n.host, csv: "hostname" },
  { key: "cpus", label: "CPUs", kind: "count", value: (n) => n.cpus, csv: "cpus" },
  {
    key: "busyMean",
    label: "CPU busy, mean",
    kind: "share",
    value: (n) => n.busyMean,
    csv: "cpu_busy_mean",
  },
  {
    key: "busyMost",
    label: "CPU busy, most",
    kind: "share",
    value: (n) => n.busyMost,
    csv: "cpu_busy_most",
  },
  { key: "load", label: "Load, most", kind: "count", value: (n) => n.loadMost, csv: "load_most" },
  { key: "memory", label: "Memory", kind: "bytes", value: (n) => n.memory, csv: "memory_bytes" },
  {
    key: "memoryMean",
    label: "Memory used, mean",
    kind: "bytes",
    value: (n) => n.memoryMean,
    csv: "memory_used_mean_bytes",
  },
  {
    key: "memoryMost",
    label: "Memory used, most",
    kind: "bytes",
    value: (n) => n.memoryMost,
    csv: "memory_used_most_bytes",
  },
  {
    key: "swap",
    label: "Swap used, most",
    kind: "bytes",
    value: (n) => n.swapMost,
    csv: "swap_used_most_bytes",
  },
  {
    key: "disk",
    label: "Disk free, least",
    kind: "bytes",
    value: (n) => n.diskLeast,
    csv: "disk_free_least_bytes",
  },
  { key: "gpus", label: "GPUs", kind: "count", value: (n) => n.gpus, csv: "gpus" },
  {
    key: "gpuMean",
    label: "GPU busy, mean",
    kind: "share",
    value: (n) => n.gpuMean,
    csv: "gpu_busy_mean",
  },
];

/** The table of them as CSV. */
export function nodesCsv(nodes: readonly NodeFigures[]): string {
  return csvText(NODE_COLUMNS, nodes);
}
