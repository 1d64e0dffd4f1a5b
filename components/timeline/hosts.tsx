import { HOST_COLUMNS } from "../../model/timeline/host_columns.ts";
import type { LaneHost } from "../../model/timeline/lanes.ts";
import { count } from "../../looks/format.ts";
import { Table } from "../table/table.tsx";

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
  return <Table label="Hosts" columns={HOST_COLUMNS} lines={hosts} />;
}
