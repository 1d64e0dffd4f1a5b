/** The TCP server of the reliable lane (docs/protocol.md). */
import { setTimeout as sleep } from "node:timers/promises";
import { inTime } from "../../store/in_time.ts";
import type { Accounts } from "../accounts.ts";
import type { Signer } from "../signing/signer.ts";
import type { KnownClient } from "./client.ts";
import { LaneClients } from "./clients.ts";
import { LaneConnection } from "./connection.ts";
import { BadFrame, MAX_FRAME_BYTES } from "./frames.ts";
import { Gate } from "./gate.ts";
import { answer, readHello, SEQUENCE_BYTES, sequenceOf } from "./messages.ts";
import { messageOf } from "../../errors.ts";

/** How a lane is set up; all times are milliseconds. */
export interface LaneOptions {
  /** Address to listen on. */
  address: string;
  /** 0 picks a free port. */
  port: number;
  signer: Signer;
  /** What the hub says of itself: its version, and the path of its database. */
  hello: { hub: string; database: string };
  /**
   * Is given each message once, in the order of its client's numbers. The body is the callee's;
   * `at` is epoch milliseconds.
   */
  take: (client: string, sequence: number, body: Uint8Array, at: number) => void;
  /** The last number of a client that is committed; asked again until it answers. */
  acknowledged: (client: string) => Promise<number>;
  /** Counted up as things happen. `bytes` are those of all frames with a right signature. */
  counters: Accounts["lane"];
  /** Is told, in one sentence, of what a user may want to look into. */
  report?: (text: string) => void;
  /** Bytes of the largest frame; default 64 MiB. */
  maxFrame?: number;
  /** Bytes that may wait for their commit before reading stops; default 32 MiB. */
  maxWaiting?: number;
  /** Connections beyond so many are closed at once; default 4096. */
  maxConnections?: number;
  /** A peer has so long to say hello; default 10 s. */
  helloTimeout?: number;
  /** A client without a connection is forgotten so long after; default one minute. */
  forgetAfter?: number;
}

/** Starts to listen; throws as `Deno.listen` does when it cannot. */
export function startLane(options: LaneOptions): LaneServer {
  return new LaneServer(options);
}

/** Takes messages from clients, and tells them what is committed. */
export class LaneServer {
  /** The port it listens on. */
  readonly port: number;
  readonly #options: LaneOptions;
  readonly #maxWaiting: number;
  readonly #listener: Deno.TcpListener;
  readonly #clients: LaneClients;
  /** The connection of each client that counts: its newest. */
  readonly #current = new Map<string, LaneConnection>();
  readonly #connections = new Map<LaneConnection, Promise<void>>();
  readonly #gate = new Gate();
  readonly #finishing = new Gate();
  readonly #forgetting: ReturnType<typeof setInterval>;
  readonly #accepting: Promise<void>;
  #waiting = 0;
  #paused = false;
  #stopped = false;
  #reported = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#clients = new LaneClients(options.acknowledged, (sentence) => this.#report(sentence));
    this.#maxWaiting = options.maxWaiting ?? 32 * 2 ** 20;
    this.#listener = Deno.listen({ hostname: options.address, port: options.port });
    this.port = this.#listener.addr.port;
    this.#finishing.close();
    const forgetAfter = options.forgetAfter ?? 60_000;
    this.#forgetting = setInterval(() => this.#clients.forget(forgetAfter), forgetAfter / 2);
    this.#accepting = this.#accept();
  }

  /** Bytes of messages that wait for their commit. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Clients that are remembered. */
  get clients(): number {
    return this.#clients.size;
  }

  /** Reads nothing from clients until `resume`; TCP holds them back. */
  pause(): void {
    this.#paused = true;
    this.#regulate();
  }

  resume(): void {
    this.#paused = false;
    this.#regulate();
  }

  /** All messages of a client up to a number are committed. */
  committed(id: string, sequence: number): void {
    const client = this.#clients.get(id);
    if (!client) return;
    this.#waiting -= client.commit(sequence);
    this.#regulate();
    this.#current.get(id)?.acknowledge();
  }

  /** Accepts no connections and takes no messages any more; commits are still acknowledged. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearInterval(this.#forgetting);
    this.#clients.stop();
    this.#listener.close();
    this.#regulate();
  }

  /** Sends the last acknowledgements and closes; takes at most about `timeout` milliseconds. */
  async finish(timeout = 2000): Promise<void> {
    this.stop();
    const ends: Promise<void>[] = [];
    for (const connection of this.#connections.keys()) {
      if (connection.client) ends.push(connection.flushed().then(() => connection.end()));
      else connection.close();
    }
    await inTime(Promise.allSettled(ends), timeout / 2);
    // What the peer sent meanwhile is read before closing: closing over unread bytes would make
    // the kernel throw away acknowledgements that the peer has not read yet.
    this.#finishing.open();
    await inTime(Promise.all(this.#connections.values()), timeout / 2);
    for (const connection of this.#connections.keys()) connection.close();
    await Promise.all(this.#connections.values());
    await this.#accepting;
  }

  #regulate(): void {
    const full = this.#paused || this.#waiting >= this.#maxWaiting;
    if (full && !this.#stopped) this.#gate.close();
    else this.#gate.open();
  }

  async #accept(): Promise<void> {
    const { counters, maxConnections = 4096, signer } = this.#options;
    while (!this.#stopped) {
      try {
        const conn = await this.#listener.accept();
        if (this.#stopped || this.#connections.size >= maxConnections) {
          conn.close();
          this.#report(`The lane has ${maxConnections} connections and takes no more.`);
          continue;
        }
        const connection = new LaneConnection(conn, signer);
        counters.connections++;
        const serving = this.#serve(connection).finally(() => {
          connection.close();
          this.#connections.delete(connection);
          counters.connections--;
        });
        this.#connections.set(connection, serving);
      } catch (error) {
        if (this.#stopped) return;
        // Such as too many open files: others may end soon.
        this.#report(`The lane could not accept a connection: ${messageOf(error)}`);
        await sleep(100);
      }
    }
  }

  /** Serves a connection to its end. Never throws. */
  async #serve(connection: LaneConnection): Promise<void> {
    const { helloTimeout = 10_000 } = this.#options;
    // In two steps: a hello that came while the thread was busy is read before the second.
    let timer = setTimeout(() => {
      timer = setTimeout(() => connection.close(), 50);
    }, helloTimeout);
    try {
      while (!connection.closed) {
        if (connection.client) await this.#gate.passed();
        if (this.#stopped) break;
        const frames = await connection.read();
        if (frames === null) return;
        for (const frame of frames) {
          if (this.#stopped || connection.closed) break;
          const body = this.#open(connection, frame);
          if (body === null) return;
          if (connection.client) {
            if (!this.#receive(connection, connection.client, body)) return;
          } else {
            clearTimeout(timer);
            if (!await this.#greet(connection, body)) return;
          }
        }
      }
      if (connection.closed) return;
      await this.#finishing.passed();
      await connection.discard();
    } catch (error) {
      if (error instanceof BadFrame) {
        this.#report(`The lane closed the connection of ${connection.peer}: ${error.message}.`);
      }
      // Otherwise the peer has gone.
    } finally {
      clearTimeout(timer);
      this.#left(connection);
    }
  }

  #open(connection: LaneConnection, frame: Uint8Array): Uint8Array | null {
    const { counters } = this.#options;
    const body = connection.open(frame);
    if (body) {
      counters.bytes += frame.length;
      return body;
    }
    counters.badSignature++;
    this.#report(
      `The lane closed the connection of ${connection.peer}: a frame is not signed ` +
        "with this hub's key.",
    );
    return null;
  }

  /** Answers a hello; false when the connection is to end. */
  async #greet(connection: LaneConnection, body: Uint8Array): Promise<boolean> {
    const id = readHello(body);
    if (id === null) {
      this.#report(
        `The lane closed the connection of ${connection.peer}: its first frame is no hello.`,
      );
      return false;
    }
    const client = await this.#clients.find(id);
    if (client === null || connection.closed) return false;
    // The older connection of the same client is half dead; what it held comes again.
    this.#current.get(id)?.close();
    this.#current.set(id, connection);
    client.absentSince = null;
    connection.allow(this.#options.maxFrame ?? MAX_FRAME_BYTES);
    const { hub, database } = this.#options.hello;
    const { committed } = client;
    await connection.greet(client, answer(hub, database, id, committed), committed);
    return true;
  }

  /** Takes a numbered message, unless it came before; false when the connection is to end. */
  #receive(connection: LaneConnection, client: KnownClient, body: Uint8Array): boolean {
    const { counters, take } = this.#options;
    const sequence = sequenceOf(body);
    if (sequence === null) {
      this.#report(`The lane closed the connection of client ${client.id}: a frame has no number.`);
      return false;
    }
    if (sequence <= client.taken) {
      counters.duplicates++;
      if (sequence <= client.committed) connection.acknowledge(true);
      return true;
    }
    try {
      take(client.id, sequence, body.subarray(SEQUENCE_BYTES), Date.now());
    } catch (error) {
      this.#report(
        `The lane could not take message ${sequence} of ${client.id}: ${messageOf(error)}`,
      );
      return false;
    }
    counters.received++;
    this.#waiting += client.took(sequence, body.length);
    this.#regulate();
    return true;
  }

  #left(connection: LaneConnection): void {
    const { client } = connection;
    if (!client || this.#current.get(client.id) !== connection) return;
    this.#current.delete(client.id);
    client.absentSince = Date.now();
  }

  /** At most one sentence a second: a peer must not fill the log. */
  #report(sentence: string): void {
    const now = Date.now();
    if (now - this.#reported < 1000) return;
    this.#reported = now;
    this.#options.report?.(sentence);
  }
}
