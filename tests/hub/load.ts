// Steady load on a hub, and what of it is in the database.

import { createSocket, type Socket } from "node:dgram";
import { DatabaseSync } from "node:sqlite";
import {
  DatagramSender,
  type HubAddress,
  LaneClient,
  type MessageType,
} from "../../clients/typescript/mod.ts";
import {
  blockMessage,
  nodeMessage,
  resourceMessage,
  storedTime,
  taskMessage,
} from "./generated.ts";

const MAKERS: ((runId: string, n: number) => [MessageType, unknown])[] = [
  taskMessage,
  nodeMessage,
  blockMessage,
  resourceMessage,
];
/** The tables that hold one row of each message of these makers. */
const TABLES = ["status", "node", "block", "resource"] as const;
/** Milliseconds between two portions. */
const TICK = 20;

/** Message number `n` of a run, from 1 on. */
export function mixedMessage(runId: string, n: number): [MessageType, unknown] {
  return MAKERS[n % MAKERS.length](runId, n);
}

/** Clients of the reliable lane, each with a run of its own, and a worker that sends datagrams. */
export class Load {
  readonly clients: { runId: string; client: LaneClient }[];
  readonly datagramRun = crypto.randomUUID();
  /** Datagrams that were sent. */
  datagrams = 0;
  readonly #sender: DatagramSender;
  readonly #began = performance.now();
  readonly #timer: ReturnType<typeof setInterval>;
  #given = 0;
  #stopped = false;
  #sending: Promise<unknown> = Promise.resolve();

  /**
   * @param rate messages per second on the lane, by all clients together
   * @param datagramRate datagrams per second
   * @param ahead messages on the lane that may be without an acknowledgement: a slow machine then
   * gets as many as it can take
   */
  constructor(
    hub: HubAddress,
    clients: number,
    rate: number,
    datagramRate: number,
    ahead = Infinity,
  ) {
    this.clients = Array.from({ length: clients }, () => {
      const runId = crypto.randomUUID();
      return { runId, client: new LaneClient(hub, `load-${runId}`) };
    });
    this.#sender = new DatagramSender(hub);
    let sent = 0;
    const portion = async () => {
      const seconds = (performance.now() - this.#began) / 1000;
      const done = this.clients.reduce((sum, { client }) => sum + client.acknowledged, 0);
      for (; this.#given < Math.min(done + ahead, seconds * rate); this.#given++) {
        const { runId, client } = this.clients[this.#given % clients];
        client.send(...mixedMessage(runId, Math.floor(this.#given / clients) + 1));
      }
      while (sent < seconds * datagramRate && !this.#stopped) {
        sent++;
        await this.#sender.send(...resourceMessage(this.datagramRun, sent));
        this.datagrams = Math.max(this.datagrams, sent);
      }
    };
    this.#timer = setInterval(() => {
      this.#sending = Promise.all([this.#sending, portion()]);
    }, TICK);
  }

  /** Messages that were given to the lane. */
  get sent(): number {
    return this.#given;
  }

  /** How far each client's messages are acknowledged, by run. */
  acknowledged(): Map<string, number> {
    return new Map(this.clients.map(({ runId, client }) => [runId, client.acknowledged]));
  }

  /** Sends nothing new any more. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  /** Stops; the last datagram is sent then. */
  async stopped(): Promise<void> {
    this.stop();
    await this.#sending;
  }

  /** Stops, and waits until all is acknowledged. */
  async finish(timeout: number): Promise<void> {
    this.stop();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("not all was acknowledged in time")), timeout);
    });
    try {
      await Promise.race([Promise.all(this.clients.map(({ client }) => client.flush())), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.stop();
    for (const { client } of this.clients) client.abandon();
    this.#sender.close();
  }
}

/** Rows that should be there and are not, and rows that are there more than once. */
export interface Balance {
  lost: number;
  doubled: number;
}

/** Looks for the rows of messages 1 to N of each run, N being given by run. */
export function balance(connection: DatabaseSync, acknowledged: Map<string, number>): Balance {
  let lost = 0;
  let doubled = 0;
  for (const [runId, last] of acknowledged) {
    for (const [i, table] of TABLES.entries()) {
      let expected = 0;
      for (let n = 1; n <= last; n++) if (n % TABLES.length === i) expected++;
      const { rows, different } = connection.prepare(
        `SELECT count(*) AS rows, count(DISTINCT timestamp) AS different FROM ${table} ` +
          "WHERE run_id = ? AND timestamp <= ?",
      ).get(runId, storedTime(last)) as { rows: number; different: number };
      lost += expected - different;
      doubled += rows - different;
    }
  }
  return { lost, doubled };
}

/** A port below those that the system gives to clients: no client can take it meanwhile. */
export async function quietPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      const socket: Socket = createSocket("udp4");
      const free = await new Promise<boolean>((resolve) => {
        socket.once("error", () => resolve(false));
        socket.bind(port, "127.0.0.1", () => resolve(true));
      });
      socket.close();
      if (free) return port;
    } catch {
      // Taken: another one.
    }
  }
}
