import type { Accounts, HubSnapshot } from "../../model/hub/accounts.ts";
import { HUB_RUN_COLUMNS } from "../../model/hub/run_columns.ts";
import { bytes, count, duration } from "../../looks/format.ts";
import { Table } from "../table/table.tsx";
import { Empty, KeyValue, Section } from "../ui.tsx";

function endpoint({ udp }: Accounts): string {
  return `${udp.address.includes(":") ? `[${udp.address}]` : udp.address}:${udp.port}`;
}

/** The hub's parts and their counts. */
export function HubParts({ accounts }: { accounts: Accounts }) {
  const { udp, lane, files, queue, messages, writer } = accounts;
  return (
    <div class="hub-parts">
      <Section title="Datagrams" id="udp">
        <KeyValue
          items={[
            { key: "Address", value: <code>{endpoint(accounts)}</code> },
            { key: "Taken by", value: udp.path },
            { key: "Buffer granted", value: bytes(udp.buffer) },
            { key: "Received", value: count(udp.received) },
            { key: "Amount", value: bytes(udp.bytes) },
            { key: "Files of radios", value: count(files.received) },
          ]}
        />
      </Section>
      <Section title="Reliable lane" id="lane">
        <KeyValue
          items={[
            { key: "Connections", value: count(lane.connections) },
            { key: "Frames", value: count(lane.received) },
            { key: "Amount", value: bytes(lane.bytes) },
            { key: "Duplicates", value: count(lane.duplicates) },
            { key: "Bad signatures", value: count(lane.badSignature) },
            { key: "Turned away", value: count(lane.turnedAway) },
            { key: "Not finished", value: count(lane.unfinished) },
          ]}
        />
      </Section>
      <Section title="Queue" id="queue">
        <KeyValue
          items={[
            { key: "Messages", value: count(queue.messages) },
            { key: "In memory", value: bytes(queue.bytes) },
            { key: "Spilled to disk", value: bytes(queue.spilled) },
            { key: "Deferred", value: count(messages.deferred) },
          ]}
        />
      </Section>
      <Section title="Writer" id="writer">
        <KeyValue
          items={[
            { key: "Commits", value: count(writer.commits) },
            { key: "Last commit", value: duration(writer.lastCommit) },
            { key: "Messages written", value: count(messages.written) },
          ]}
        />
      </Section>
    </div>
  );
}

/**
 * The runs that the hub has heard of, the last heard first.
 *
 * @param linked whether the pages of runs are served here
 */
export function HubRuns({ snapshot, linked }: { snapshot: HubSnapshot; linked: boolean }) {
  const { accounts } = snapshot;
  const runs = accounts.runs.toSorted((a, b) => b.lastMessage - a.lastMessage);
  if (runs.length === 0) {
    return (
      <Empty
        why="No run has sent a message yet."
        what="Start a Parsl program whose monitoring sends to this hub; it appears here by itself."
      />
    );
  }
  return (
    <>
      <Table
        label="Runs"
        columns={HUB_RUN_COLUMNS}
        lines={runs.map((run) => ({ run, snapshot, linked }))}
      />
      <MoreRuns more={accounts.runsForgotten} linked={linked} />
    </>
  );
}

/** Says how many runs are not listed, and where they are. */
function MoreRuns({ more, linked }: { more: number; linked: boolean }) {
  if (more === 0) return null;
  return (
    <p class="soft">
      {count(more)} more {more === 1 ? "run was" : "runs were"} heard of before these and{" "}
      {more === 1 ? "is" : "are"} not counted one by one any more; all are{" "}
      {linked ? <a href="/">in the list of workflows</a> : "in the database"}.
    </p>
  );
}
