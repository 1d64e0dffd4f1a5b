import type { ComponentChildren } from "preact";
import type { HubSnapshot } from "../../model/hub/accounts.ts";
import { badSignatures, type HubStanding, silence, standing } from "../../model/hub/findings.ts";
import type { Rates } from "../../model/hub/rate.ts";
import { ago, count, duration } from "../../looks/format.ts";
import { Figure, Figures, RunStatus } from "../ui.tsx";

/** A lag of more than this stands out, in milliseconds. */
const LATE_MS = 10_000;

/** A number of things per second: `0.3 /s`, `12,345 /s`. Unknown: `–`. */
export function perSecond(n: number | null): string {
  if (n === null) return "–";
  if (n > 0 && n < 0.05) return "<0.1 /s";
  return `${count(n < 99.95 ? n : Math.round(n))} /s`;
}

const STANDING: Record<HubStanding, { status: "running" | "completed" | "failed"; text: string }> =
  {
    receiving: { status: "running", text: "receiving and writing" },
    waiting: { status: "completed", text: "waiting for messages" },
    locked: { status: "failed", text: "database locked" },
    full: { status: "failed", text: "disk full" },
    failing: { status: "failed", text: "cannot write" },
  };

/** How the hub stands, in words; a null snapshot is of a hub that does not answer. */
export function HubStatus({ snapshot }: { snapshot: HubSnapshot | null }) {
  if (!snapshot) return <RunStatus status="lost" text="hub does not answer" />;
  const { status, text } = STANDING[standing(snapshot)];
  return <RunStatus status={status} text={text} />;
}

function Marked({ name, weight, children }: {
  name: string;
  weight?: "calm" | "held" | "lost";
  children: ComponentChildren;
}) {
  return <span class={weight ? `hub-${weight}` : undefined} data-figure={name}>{children}</span>;
}

/** Whether messages come in and are written just now. */
export function NowFigures({ snapshot, rates }: { snapshot: HubSnapshot; rates: Rates }) {
  const { writer, queue, messages, started } = snapshot.accounts;
  const span = rates.over > 0 ? `mean of the last ${duration(rates.over)}` : "known in a second";
  return (
    <Figures>
      <Figure
        label="Writer"
        value={
          <Marked name="writer" weight={writer.state === "writing" ? undefined : "held"}>
            {writer.state}
          </Marked>
        }
      />
      <Figure
        label="Lag"
        hint="how long the oldest message not committed has waited"
        value={
          <Marked name="lag" weight={writer.lag > LATE_MS ? "held" : undefined}>
            {duration(writer.lag)}
          </Marked>
        }
      />
      <Figure
        label="Received"
        hint={`messages per second, ${span}`}
        value={<Marked name="receivedRate">{perSecond(rates.received)}</Marked>}
      />
      <Figure
        label="Written"
        hint={`messages per second, ${span}`}
        value={<Marked name="writtenRate">{perSecond(rates.written)}</Marked>}
      />
      <Figure label="Waiting" hint="messages in the queue" value={count(queue.messages)} />
      <Figure label="Last message" value={ago(silence(snapshot))} />
      <Figure
        label="Messages in all"
        hint="decoded since the hub started"
        value={<Marked name="decoded">{count(messages.decoded)}</Marked>}
      />
      <Figure label="Running for" value={duration(snapshot.at - started)} />
    </Figures>
  );
}

/** What was lost or put aside, by cause. */
export function LossFigures({ snapshot }: { snapshot: HubSnapshot }) {
  const { accounts } = snapshot;
  const { udp, queue, messages } = accounts;
  const figure = (
    name: string,
    label: string,
    n: number | null,
    weight: "held" | "lost",
    hint: string,
  ) => (
    <Figure
      label={label}
      hint={hint}
      value={<Marked name={name} weight={n ? weight : "calm"}>{count(n)}</Marked>}
    />
  );
  return (
    <Figures>
      {figure(
        "kernelDrops",
        "Kernel drops",
        udp.kernelDrops,
        "lost",
        udp.kernelDrops === null
          ? "this system does not tell"
          : "datagrams that the kernel dropped before the hub could take them",
      )}
      {figure("dropped", "Dropped", queue.dropped, "lost", "datagrams for which there was no room")}
      {figure("truncated", "Cut short", udp.truncated, "lost", "datagrams that came in part only")}
      {figure(
        "badSignature",
        "Bad signatures",
        badSignatures(accounts),
        "lost",
        "datagrams and frames signed with another key",
      )}
      {figure(
        "malformed",
        "Malformed",
        messages.malformed,
        "held",
        "not decodable or of no known shape",
      )}
      {figure(
        "refused",
        "Refused",
        messages.refused,
        "held",
        "malformed ones that named something other than data",
      )}
      {figure(
        "quarantined",
        "Quarantined",
        messages.quarantined,
        "held",
        "malformed ones and those that the database refused",
      )}
      {figure(
        "quarantineFull",
        "Not kept",
        messages.quarantineFull,
        "lost",
        "quarantined ones for which there was no room",
      )}
    </Figures>
  );
}
