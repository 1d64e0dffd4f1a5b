import type { Accounts, HubSnapshot } from "./accounts.ts";

/** Something that went wrong, so that a person can do something about it. */
export interface Finding {
  key:
    | "writer"
    | "kernelDrops"
    | "dropped"
    | "truncated"
    | "badSignature"
    | "quarantineFull"
    | "quarantined"
    | "refused"
    | "turnedAway";
  /** `lost`: data is gone or was not accepted. `held`: it is late or put aside, and not gone. */
  weight: "lost" | "held";
  /** How many messages; null where it is no matter of number. */
  count: number | null;
  /** Epoch milliseconds since when; null where it is not known. */
  since: number | null;
}

/** Where the hub keeps messages that it could not decode or place. */
export function quarantineFile(database: string): string {
  return `${database}.quarantine.jsonl`;
}

/** Where the hub keeps the key of a database. */
export function keyFile(database: string): string {
  return `${database}.key`;
}

/** Messages whose signature was of another key, on both ways. */
export function badSignatures({ udp, lane }: Accounts): number {
  return udp.badSignature + lane.badSignature;
}

/** Connections of the lane that the hub closed before their client was done with them. */
export function closedConnections({ lane }: Accounts): number {
  return lane.turnedAway + lane.unfinished;
}

/** What holds the writer up; null when nothing does. */
export function writerFinding({ writer }: Accounts): Finding | null {
  if (writer.state === "writing") return null;
  return { key: "writer", weight: "held", count: null, since: writer.since };
}

/** What was lost or put aside, the worst first. */
export function lossFindings(accounts: Accounts): Finding[] {
  const { udp, messages, queue } = accounts;
  const all: [Finding["key"], Finding["weight"], number][] = [
    ["kernelDrops", "lost", udp.kernelDrops ?? 0],
    ["dropped", "lost", queue.dropped],
    ["truncated", "lost", udp.truncated],
    ["badSignature", "lost", badSignatures(accounts)],
    ["quarantineFull", "lost", messages.quarantineFull],
    ["quarantined", "held", Math.max(messages.quarantined, messages.malformed)],
    ["refused", "held", messages.refused],
    ["turnedAway", "held", closedConnections(accounts)],
  ];
  return all
    .filter(([, , count]) => count > 0)
    .map(([key, weight, count]) => ({ key, weight, count, since: null }));
}

/** How the hub stands, in one word. */
export type HubStanding = "receiving" | "waiting" | Exclude<Accounts["writer"]["state"], "writing">;

/** For how long after a message the hub counts as receiving, in milliseconds. */
const RECENT_MS = 10_000;

/** Milliseconds since the last message of any run; null before the first. */
export function silence({ at, accounts }: HubSnapshot): number | null {
  let last: number | null = null;
  for (const { lastMessage } of accounts.runs) {
    if (last === null || lastMessage > last) last = lastMessage;
  }
  return last === null ? null : Math.max(0, at - last);
}

/** How the hub stands at the moment of a snapshot. */
export function standing(snapshot: HubSnapshot): HubStanding {
  const { writer, queue } = snapshot.accounts;
  if (writer.state !== "writing") return writer.state;
  const quiet = silence(snapshot);
  return queue.messages > 0 || (quiet !== null && quiet < RECENT_MS) ? "receiving" : "waiting";
}
