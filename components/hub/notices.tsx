import type { ComponentChildren } from "preact";
import type { Accounts, HubSnapshot } from "../../model/hub/accounts.ts";
import { type Finding, keyFile, quarantineFile } from "../../model/hub/findings.ts";
import { bytes, clock, count, duration } from "../../looks/format.ts";

/** The receive buffer that the hub asks for, in bytes; Linux grants twice what it lets it have. */
const BUFFER_BYTES = 64 * 1024 * 1024;

interface Notice {
  title: ComponentChildren;
  what: ComponentChildren;
}

function messages(n: number, one = "message"): string {
  return `${count(n)} ${one}${n === 1 ? "" : "s"}`;
}

/** What is said of a writer that is held up; `kept` is what becomes of messages meanwhile. */
const WRITER: Record<HeldUp, (kept: string, database: string) => Notice> = {
  locked: (kept) => ({
    title: "Another program has locked the database",
    what: `${kept} End that program, or wait until it lets go.`,
  }),
  full: (kept, database) => ({
    title: "The disk of the database is full",
    what: (
      <>
        {kept} Make room on the disk of <code>{database}</code>.
      </>
    ),
  }),
  failing: (kept, database) => ({
    title: "The database cannot be written",
    what: (
      <>
        {kept} Check that <code>{database}</code> and its folder are there and may be written.
      </>
    ),
  }),
};

type HeldUp = Exclude<Accounts["writer"]["state"], "writing">;

function writer({ writer, queue, database }: Accounts): Notice {
  const kept = queue.dropped > 0
    ? "What has room in the queue is written afterwards; what has none is dropped."
    : "Nothing is lost by this: messages wait in the queue and are written afterwards.";
  // One that writes again has a finding no more, which may be told a moment late.
  const state = writer.state === "writing" ? "failing" : writer.state;
  return WRITER[state](kept, database);
}

function kernelDrops({ udp }: Accounts, n: number): Notice {
  const title = `The kernel dropped ${messages(n, "datagram")}: the receive buffer was full`;
  const granted = udp.buffer === null ? "" : ` (now granted ${bytes(udp.buffer)})`;
  if (udp.buffer !== null && udp.buffer >= 2 * BUFFER_BYTES) {
    return {
      title,
      what: `The buffer is as large as the hub asks for${granted}: ` +
        "let programs send on the reliable lane, or sample resources less often.",
    };
  }
  const setting = udp.path === "recvmmsg" ? "net.core.rmem_max" : "net.core.rmem_default";
  return {
    title,
    what: (
      <>
        Raise {setting}
        {granted} and restart the hub: <code>sysctl -w {setting}={BUFFER_BYTES}</code>
      </>
    ),
  };
}

function badSignature({ database, udp, lane }: Accounts, n: number): Notice {
  const where = [
    udp.badSignature > 0 ? messages(udp.badSignature, "datagram") : "",
    lane.badSignature > 0 ? messages(lane.badSignature, "frame") : "",
  ].filter(Boolean).join(" and ");
  return {
    title: `${where} with a bad signature ${n === 1 ? "was" : "were"} not taken`,
    what: (
      <>
        A sender has another key: give it <code>{keyFile(database)}</code>. {udp.badSignature > 0
          ? (
            <>
              A Parsl of before July 2025 signs nothing: start the hub with{" "}
              <code class="hub-option">--allow-unsigned</code> for it.
            </>
          )
          : null}
      </>
    ),
  };
}

function quarantined({ database, messages: m }: Accounts, n: number): Notice {
  const unplaced = Math.max(0, n - m.malformed);
  const why = [
    m.malformed > 0 ? `${count(m.malformed)} could not be understood` : "",
    unplaced > 0 ? `${count(unplaced)} the database did not take` : "",
  ].filter(Boolean).join(", ");
  return {
    title: `${messages(n)} ${n === 1 ? "was" : "were"} put aside: ${why}`,
    what: (
      <>
        {m.quarantineFull > 0
          ? "Those that were kept are, with their reasons, in "
          : "Each is kept, with its reason, in "}
        <code>{quarantineFile(database)}</code>.
      </>
    ),
  };
}

const NOTICES: Record<Finding["key"], (accounts: Accounts, n: number) => Notice> = {
  writer,
  kernelDrops,
  dropped: ({ database }, n) => ({
    title: `${messages(n, "datagram")} found no room in memory or on disk`,
    what: (
      <>
        Make room on the disk of{" "}
        <code>{database}</code>: what cannot be written yet waits beside it, up to{" "}
        <code class="hub-option">--spill-limit</code>.
      </>
    ),
  }),
  truncated: (_, n) => ({
    title: `${messages(n, "datagram")} came in part only`,
    what: "A datagram has 65,507 bytes at most: send long messages on the reliable lane.",
  }),
  badSignature,
  quarantineFull: ({ database }, n) => ({
    title: `${messages(n, "quarantined message")} ${n === 1 ? "was" : "were"} not kept`,
    what: (
      <>
        There was no room. Keep <code>{quarantineFile(database)}</code> and the older{" "}
        <code>.1</code> beside it elsewhere, and see that the disk has room.
      </>
    ),
  }),
  quarantined,
  turnedAway: ({ lane }, n) => ({
    title: `${messages(n, "connection")} of the reliable lane ${n === 1 ? "was" : "were"} closed`,
    what:
      `There was no room for ${count(lane.turnedAway)} of them, and ${
        count(lane.unfinished)
      } did not say who they are, or did not finish a message, in time. Nothing is lost by this: ` +
      "clients keep their messages and come again. Allow the hub more open files (ulimit -n), " +
      "or look who connects to it.",
  }),
  refused: (_, n) => ({
    title: `${messages(n, "pickle")} named something other than data`,
    what: "Nothing of them was run. If no program of yours sends such, give the hub a new key.",
  }),
};

/** What is wrong, each with what to do about it; nothing at all when nothing is. */
export function HubNotices(
  { findings, snapshot }: { findings: readonly Finding[]; snapshot: HubSnapshot },
) {
  const { accounts, at, zone } = snapshot;
  if (findings.length === 0) return null;
  return (
    <ul class="hub-notices">
      {findings.map((finding) => {
        const { title, what } = NOTICES[finding.key](accounts, finding.count ?? 0);
        const problem = finding.key === "writer" ? accounts.writer.problem : "";
        return (
          <li key={finding.key} class={`is-${finding.weight}`} data-finding={finding.key}>
            <b>
              {title}
              {finding.since === null
                ? null
                : ` since ${clock(finding.since + zone)} (${duration(at - finding.since)})`}
            </b>
            <p>{what}</p>
            {problem ? <p class="soft">{problem}</p> : null}
          </li>
        );
      })}
    </ul>
  );
}
