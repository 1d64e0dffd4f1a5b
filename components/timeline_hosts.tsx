import { busyShare, type LaneHost } from "../model/lanes.ts";
import { count, duration, naiveTime, percent } from "./format.ts";
import { Table } from "./ui.tsx";

/** Hosts that are listed. */
const MOST = 200;

/** Where tries ran, and how busy it was there. */
export function HostsTable({ hosts }: { hosts: LaneHost[] }) {
  const rows = hosts.slice(0, MOST).map((h) => [
    h.host ?? "unknown",
    h.executor ?? "–",
    count(h.tries),
    count(h.failed),
    count(h.lanes),
    duration(h.busy),
    percent(busyShare(h)),
    naiveTime(h.began),
    naiveTime(h.ended),
  ]);
  return (
    <>
      <Table
        label="Hosts"
        columns={[
          { key: "host", label: "Host" },
          { key: "executor", label: "Executor" },
          { key: "tries", label: "Tries", numeric: true },
          { key: "failed", label: "Failed", numeric: true },
          { key: "lanes", label: "Most at once", numeric: true },
          { key: "busy", label: "Run time", numeric: true },
          { key: "share", label: "Busy", numeric: true },
          { key: "began", label: "First start" },
          { key: "ended", label: "Last end" },
        ]}
        rows={rows}
      />
      {hosts.length > MOST && (
        <p class="picture-note">and {count(hosts.length - MOST)} more hosts</p>
      )}
    </>
  );
}
