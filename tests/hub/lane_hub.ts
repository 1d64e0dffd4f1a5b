// A lane with a database of nothing but numbers behind it.

import type { Accounts } from "../../hub/accounts.ts";
import { Signer } from "../../hub/signing/signer.ts";
import type { LaneOptions } from "../../hub/lane/options.ts";
import { type LaneServer, startLane } from "../../hub/lane/server.ts";
import { KEY } from "./lane_client.ts";

export interface Taken {
  client: string;
  sequence: number;
  text: string;
}

/** A lane that keeps what it was given, and commits when it is told to. */
export class LaneHub {
  readonly lane: LaneServer;
  readonly taken: Taken[] = [];
  readonly reports: string[] = [];
  /** What the database says. */
  readonly database = new Map<string, number>();
  readonly counters: Accounts["lane"] = {
    connections: 0,
    received: 0,
    bytes: 0,
    badSignature: 0,
    duplicates: 0,
    turnedAway: 0,
    unfinished: 0,
  };
  /** How often the database was asked how far a client is. */
  asked = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: Partial<LaneOptions> = {}) {
    this.lane = startLane({
      address: "127.0.0.1",
      port: 0,
      signer: new Signer(KEY),
      hello: { hub: "1.2.3", database: "runinfo/monitoring.db" },
      take: (client, sequence, body) =>
        this.taken.push({ client, sequence, text: new TextDecoder().decode(body) }),
      acknowledged: (client) => {
        this.asked++;
        return Promise.resolve(this.database.get(client) ?? 0);
      },
      counters: this.counters,
      report: (text) => this.reports.push(text),
      ...options,
    });
  }

  get port(): number {
    return this.lane.port;
  }

  /** Sequence numbers that were taken from a client. */
  numbers(client: string): number[] {
    return this.taken.filter((taken) => taken.client === client).map(({ sequence }) => sequence);
  }

  /** Commits all that was taken. */
  commit(): void {
    const clients = new Map<string, number>();
    for (const { client, sequence } of this.taken) clients.set(client, sequence);
    for (const [client, sequence] of clients) {
      if ((this.database.get(client) ?? 0) >= sequence) continue;
      this.database.set(client, sequence);
      this.lane.committed(client, sequence);
    }
  }

  /** Commits again and again, until the end. */
  commitOften(milliseconds = 5): void {
    this.#timer = setInterval(() => this.commit(), milliseconds);
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.lane.finish(200);
  }
}

/** Runs a test with a lane, and ends it. */
export async function withLane(
  options: Partial<LaneOptions>,
  run: (hub: LaneHub) => Promise<void>,
): Promise<void> {
  const hub = new LaneHub(options);
  try {
    await run(hub);
  } finally {
    await hub.end();
  }
}
