/** The tables of a run's managers and blocks. */
import { csvText, type TableColumn } from "../table/column.ts";
import { csvTime } from "../table/csv.ts";
import type { Block } from "./blocks.ts";
import type { Manager } from "./capacity.ts";

/** The columns of the table of managers. */
export const MANAGER_COLUMNS: readonly TableColumn<Manager>[] = [
  { key: "host", label: "Host", kind: "text", value: (m) => m.hostname, csv: "hostname" },
  { key: "uid", label: "Manager", kind: "text", value: (m) => m.uid, csv: "uid" },
  { key: "block", label: "Block", kind: "text", value: (m) => m.blockId, csv: "block_id" },
  { key: "workers", label: "Workers", kind: "count", value: (m) => m.workers, csv: "workers" },
  {
    key: "cores",
    label: "Cores of host",
    kind: "count",
    value: (m) => m.cores,
    csv: "cores_of_host",
  },
  {
    key: "memory",
    label: "Memory of host",
    kind: "bytes",
    value: (m) => m.memory,
    csv: "memory_of_host_bytes",
  },
  { key: "python", label: "Python", kind: "text", value: (m) => m.pythonVersion, csv: "python" },
  { key: "from", label: "Joined", kind: "time", value: (m) => m.from, csv: "joined" },
  { key: "until", label: "Left", kind: "time", value: (m) => m.until, csv: "left" },
];

/** The columns of the table of blocks; in its CSV each status with when it was first reported. */
export const BLOCK_COLUMNS: readonly TableColumn<Block>[] = [
  { key: "executor", label: "Executor", kind: "text", value: (b) => b.executor, csv: "executor" },
  { key: "block", label: "Block", kind: "text", value: (b) => b.blockId, csv: "block_id" },
  { key: "job", label: "Job", kind: "text", value: (b) => b.jobId, csv: "job_id" },
  {
    key: "requested",
    label: "Requested",
    kind: "time",
    value: (b) => b.requested,
    csv: "requested",
  },
  { key: "started", label: "Started", kind: "time", value: (b) => b.started, csv: "started" },
  { key: "ended", label: "Ended", kind: "time", value: (b) => b.ended, csv: "ended" },
  {
    key: "status",
    label: "Status",
    kind: "blockStatus",
    value: ({ status, changes, startedByManager, started }) => ({
      status,
      changes,
      joined: startedByManager ? { time: started } : null,
    }),
    csv: "status",
  },
  { key: "changes", kind: "text", value: changesText, csv: "changes" },
];

function changesText({ changes }: Block): string {
  return changes.map(({ status, time }) => `${status ?? ""} ${csvTime(time) ?? ""}`.trim())
    .join("; ");
}

/** All blocks as CSV, one line each. */
export function blocksCsv(blocks: readonly Block[]): string {
  return csvText(BLOCK_COLUMNS, blocks);
}

/** All managers as CSV, one line each. */
export function managersCsv(managers: readonly Manager[]): string {
  return csvText(MANAGER_COLUMNS, managers);
}
