/** What the hub did with everything that reached it. */

/** Counts of one run. */
export interface RunAccounts {
  runId: string;
  workflowName: string | null;
  /** Messages that were understood. */
  received: number;
  /** Messages whose rows are committed, duplicates included. */
  written: number;
  quarantined: number;
  /** Worker messages that wait for the submit side's message about their try. */
  deferred: number;
  /** Epoch milliseconds of the last message. */
  lastMessage: number;
}

export interface Accounts {
  version: string;
  pid: number;
  database: string;
  /** Epoch milliseconds. */
  started: number;
  udp: {
    address: string;
    port: number;
    /** How datagrams are taken from the kernel, and the buffer it granted (bytes; null unknown). */
    path: "recvmmsg" | "listenDatagram";
    buffer: number | null;
    received: number;
    bytes: number;
    badSignature: number;
    truncated: number;
    /** Datagrams that the kernel dropped before the hub could take them; null where it is not told. */
    kernelDrops: number | null;
  };
  lane: {
    /** Open connections. */
    connections: number;
    received: number;
    bytes: number;
    badSignature: number;
    /** Frames that came again after their first coming was committed. */
    duplicates: number;
    /** Connections that were closed, or not taken, because there was no room for so many. */
    turnedAway: number;
    /** Connections that were closed because a hello or a frame was not finished in time. */
    unfinished: number;
  };
  /** Files taken from filesystem radios. */
  files: { received: number };
  messages: {
    decoded: number;
    /** Not decodable or of no known shape, those refused included. */
    malformed: number;
    /** Pickles that named something other than data. */
    refused: number;
    /** Kept in the quarantine file: malformed ones and those that the database refused. */
    quarantined: number;
    /** Of those, not kept because the quarantine file is full. */
    quarantineFull: number;
    /** Committed. */
    written: number;
    deferred: number;
  };
  queue: {
    /** Messages taken in and not committed yet. */
    messages: number;
    bytes: number;
    /** Bytes that wait on disk because memory for them is used up. */
    spilled: number;
    /** Datagrams dropped because neither memory nor disk could hold them. */
    dropped: number;
  };
  writer: {
    state: "writing" | "locked" | "full" | "failing";
    /** What holds it up, for people; empty when nothing does. */
    problem: string;
    /** Epoch milliseconds since which it is in that state. */
    since: number;
    commits: number;
    /** Milliseconds of the last commit. */
    lastCommit: number;
    /** Milliseconds from the coming of the oldest message not committed until now; 0 if none. */
    lag: number;
  };
  runs: RunAccounts[];
  /** Runs that are not among them any more, for others were heard of later. */
  runsForgotten: number;
}

/** The accounts at one moment, with what is needed to speak of their times elsewhere. */
export interface HubSnapshot {
  /** Epoch milliseconds by the hub's clock. */
  at: number;
  /** What the hub's local time is ahead of UTC, in milliseconds. */
  zone: number;
  accounts: Accounts;
}

/** A hub as the dashboard sees it. */
export interface HubView {
  /** The accounts of now; rejects when the hub does not answer. */
  accounts(): Promise<Accounts>;
}
