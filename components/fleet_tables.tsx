import type { Block } from "../model/figures/blocks.ts";
import type { Manager } from "../model/figures/capacity.ts";
import { bytes, count, naiveTime } from "../looks/format.ts";
import { Empty, Table } from "./ui.tsx";

/** Managers that reported to a run, or why there are none. */
export function ManagersTable({ managers }: { managers: readonly Manager[] }) {
  if (managers.length === 0) {
    return (
      <Empty
        why="No manager reported to this run."
        what="Only HighThroughputExecutor has managers; threads run inside the submit process."
      />
    );
  }
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

/** Blocks of a run, or that none was reported. */
export function BlocksTable({ blocks }: { blocks: readonly Block[] }) {
  if (blocks.length === 0) return <Empty why="No block was reported for this run." />;
  return (
    <Table
      label="Blocks"
      columns={[
        { key: "executor", label: "Executor" },
        { key: "block", label: "Block" },
        { key: "job", label: "Job" },
        { key: "requested", label: "Requested" },
        { key: "started", label: "Started" },
        { key: "ended", label: "Ended" },
        { key: "status", label: "Status" },
      ]}
      rows={blocks.map((b) => [
        b.executor ?? "–",
        b.blockId ?? "–",
        b.jobId ?? "–",
        naiveTime(b.requested),
        naiveTime(b.started),
        naiveTime(b.ended),
        <BlockStatus block={b} />,
      ])}
    />
  );
}

/** The newest status of a block; opened, all of its changes. */
function BlockStatus({ block: { status, changes, started, startedByManager } }: { block: Block }) {
  const lines = changes.map(({ status, time }) => ({ time, what: status ?? "unknown" }));
  if (startedByManager) lines.push({ time: started, what: "first manager joined" });
  if (lines.length === 1) return <>{status ?? "–"}</>;
  lines.sort((a, b) => (a.time ?? Infinity) - (b.time ?? Infinity) || 0);
  return (
    <details class="changes">
      <summary>{status ?? "–"}</summary>
      <ol>
        {lines.map(({ time, what }) => (
          <li key={`${time} ${what}`}>
            {what} <time>{naiveTime(time)}</time>
          </li>
        ))}
      </ol>
    </details>
  );
}
