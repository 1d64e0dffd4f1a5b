import type { Manager } from "../model/capacity.ts";
import type { BlockRow } from "../model/rows.ts";
import { bytes, count, naiveTime } from "./format.ts";
import { Empty, Table } from "./ui.tsx";

/** Managers in sight; laying out thousands of lines would hold up the page. */
const IN_SIGHT = 50;

/** The managers that reported to a run, or why there are none. */
export function ManagersTable({ managers }: { managers: Manager[] }) {
  if (managers.length === 0) {
    return (
      <Empty
        why="No manager reported to this run."
        what="Only HighThroughputExecutor has managers; threads run inside the submit process."
      />
    );
  }
  const more = managers.slice(IN_SIGHT);
  return (
    <>
      <ManagerLines managers={managers.slice(0, IN_SIGHT)} />
      {more.length > 0 && (
        <details class="more">
          <summary>{count(more.length)} more managers</summary>
          <ManagerLines managers={more} />
        </details>
      )}
    </>
  );
}

function ManagerLines({ managers }: { managers: Manager[] }) {
  return (
    <Table
      label="Managers"
      columns={[
        { key: "host", label: "Host" },
        { key: "uid", label: "Manager" },
        { key: "block", label: "Block" },
        { key: "workers", label: "Workers", numeric: true },
        { key: "cores", label: "Cores of host", numeric: true },
        { key: "memory", label: "Memory of host", numeric: true },
        { key: "python", label: "Python" },
        { key: "from", label: "Joined" },
        { key: "until", label: "Left" },
      ]}
      rows={managers.map((m) => [
        m.hostname,
        m.uid,
        m.blockId ?? "–",
        count(m.workers),
        count(m.cores),
        bytes(m.memory),
        m.pythonVersion ?? "–",
        naiveTime(m.from),
        m.until === null ? "–" : naiveTime(m.until),
      ])}
    />
  );
}

/** What blocks reported, or that none did. */
export function BlocksTable({ blocks }: { blocks: BlockRow[] }) {
  if (blocks.length === 0) return <Empty why="No block was reported for this run." />;
  return (
    <Table
      label="Blocks"
      columns={[
        { key: "executor", label: "Executor" },
        { key: "block", label: "Block" },
        { key: "job", label: "Job" },
        { key: "status", label: "Status" },
        { key: "time", label: "Time" },
      ]}
      rows={blocks.map((b) => [
        b.executor ?? "–",
        b.blockId ?? "–",
        b.jobId ?? "–",
        b.status ?? "–",
        naiveTime(b.time),
      ])}
    />
  );
}
