import type { Block } from "./blocks.ts";
import type { Manager } from "./capacity.ts";
import { csv, csvTime } from "./csv.ts";

/** All blocks as CSV, one line each; `changes` has each status and when it was first reported. */
export function blocksCsv(blocks: readonly Block[]): string {
  return csv(
    "executor,block_id,job_id,requested,started,ended,status,changes",
    blocks.map((b) => [
      b.executor,
      b.blockId,
      b.jobId,
      csvTime(b.requested),
      csvTime(b.started),
      csvTime(b.ended),
      b.status,
      b.changes.map(({ status, time }) => `${status ?? ""} ${csvTime(time) ?? ""}`.trim())
        .join("; "),
    ]),
  );
}

/** All managers as CSV, one line each. */
export function managersCsv(managers: readonly Manager[]): string {
  return csv(
    "hostname,uid,block_id,workers,cores_of_host,memory_of_host_bytes,python,joined,left",
    managers.map((m) => [
      m.hostname,
      m.uid,
      m.blockId,
      m.workers,
      m.cores,
      m.memory,
      m.pythonVersion,
      csvTime(m.from),
      csvTime(m.until),
    ]),
  );
}
