import { csv, csvTime } from "../table/csv.ts";
import type { ResourceRow } from "../run/resource_row.ts";

/** All samples of a task as CSV, one line each, by try and time. */
export function samplesCsv(samples: readonly ResourceRow[]): string {
  return csv(
    "try_id,timestamp,pid,children,cpu_user_seconds,cpu_system_seconds,memory_virtual_bytes," +
      "memory_resident_bytes,memory_percent,disk_read_bytes,disk_write_bytes," +
      "ctx_switches_voluntary,ctx_switches_involuntary,process_status",
    samples.toSorted((a, b) => a.tryId - b.tryId || a.time - b.time).map((s) => [
      s.tryId,
      csvTime(s.time),
      s.pid,
      s.children,
      s.cpuUser,
      s.cpuSystem,
      s.virtual,
      s.resident,
      s.memoryPercent,
      s.diskRead,
      s.diskWrite,
      s.ctxVoluntary,
      s.ctxInvoluntary,
      s.processStatus,
    ]),
  );
}
