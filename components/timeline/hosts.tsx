import { busyShare, type LaneHost } from "../../model/timeline/lanes.ts";
import { count, duration, naiveTime, percent } from "../../looks/format.ts";
import { Table } from "../ui.tsx";

/** Hosts in sight; laying out thousands of lines would hold up the page. */
const IN_SIGHT = 200;

/** Where tries ran, and how busy it was there. */
export function HostsTable({ hosts }: { hosts: LaneHost[] }) {
  const more = hosts.slice(IN_SIGHT);
  return (
    <>
      <HostLines hosts={hosts.slice(0, IN_SIGHT)} />
      {more.length > 0 && (
        <details class="more">
          <summary>{count(more.length)} more hosts</summary>
          <HostLines hosts={more} />
        </details>
      )}
    </>
  );
}

function HostLines({ hosts }: { hosts: LaneHost[] }) {
  const rows = hosts.map((h) => [
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
  );
}
