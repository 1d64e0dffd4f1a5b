/** The TCP server of the reliable lane (docs/protocol.md). */
import { setTimeout as sleep } from "node:timers/promises";
import { inTime } from "../../store/in_time.ts";
import type { KnownClient } from "./client.ts";
import { LaneClients } from "./clients.ts";
import { LaneConnection } from "./connection.ts";
import { Crowd } from "./crowd.ts";
import { BadFrame, MAX_FRAME_BYTES } from "./frames.ts";
import { Gate } from "./gate.ts";
import { Greeter } from "./greeter.ts";
import { SEQUENCE_BYTES, sequenceOf } from "./messages.ts";
import type { LaneOptions } from "./options.ts";
import { FrameRooms } from "./partial.ts";
import { messageOf } from "../../errors.ts";

/** Milliseconds between looks at frames that do not come. */
const LOOK_MS = 1000;

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
  readonly #greeter: Greeter;
  /** The connection of each client that counts: its newest. */
  readonly #current = new Map<string, LaneConnection>();
  readonly #crowd: Crowd;
  readonly #rooms: FrameRooms;
  readonly #gate = new Gate();
  readonly #finishing = new Gate();
  readonly #timers: ReturnType<typeof setInterval>[];
  readonly #accepting: Promise<void>;
  #waiting = 0;
  #paused = false;
  #stopped = false;
  #reported = 0;

  constructor(options: LaneOptions) {
    const { counters, signer, maxConnections: most } = options;
    const report = (sentence: string) => this.#report(sentence);
    this.#options = options;
    this.#clients = new LaneClients(options.acknowledged, report);
    this.#greeter = new Greeter({ signer, hello: options.hello, report });
    this.#maxWaiting = options.maxWaiting ?? 32 * 2 ** 20;
    this.#rooms = new FrameRooms(options.maxFrame);
    const { frameSilence: silence, frameLateness: lateness } = options;
    this.#crowd = new Crowd({ counters, report, most, silence, lateness });
    this.#listener = Deno.listen({ hostname: options.address, port: options.port });
    this.port = this.#listener.addr.port;
    this.#finishing.close();
    const forgetAfter = options.forgetAfter ?? 60_000;
    this.#timers = [
      setInterval(() => this.#clients.forget(forgetAfter), forgetAfter / 2),
      setInterval(() => this.#crowd.look(), LOOK_MS),
    ];
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
    for (const timer of this.#timers) clearInterval(timer);
    this.#clients.stop();
    this.#listener.close();
    this.#rooms.close();
    this.#regulate();
  }

  /** Sends the last acknowledgements and closes; takes at most about `timeout` milliseconds. */
  async finish(timeout = 2000): Promise<void> {
    this.stop();
    const ends: Promise<void>[] = [];
    for (const connection of this.#crowd.all) {
      if (connection.client) ends.push(connection.flushed().then(() => connection.end()));
      else connection.close();
    }
    await inTime(Promise.allSettled(ends), timeout / 2);
    // What the peer sent meanwhile is read before closing: closing over unread bytes would make
    // the kernel throw away acknowledgements that the peer has not read yet.
    this.#finishing.open();
    await inTime(this.#crowd.ended(), timeout / 2);
    for (const connection of this.#crowd.all) connection.close();
    await this.#crowd.ended();
    await this.#accepting;
  }

  #regulate(): void {
    const full = this.#paused || this.#waiting >= this.#maxWaiting;
    if (full && !this.#stopped) this.#gate.close();
    else this.#gate.open();
  }

  async #accept(): Promise<void> {
    const { signer } = this.#options;
    while (!this.#stopped) {
      try {
        const conn = await this.#listener.accept();
        if (this.#stopped || !this.#crowd.admit()) {
          conn.close();
          continue;
        }
        const connection = new LaneConnection(conn, signer, this.#rooms);
        this.#crowd.add(connection, this.#serve(connection));
      } catch (error) {
        if (this.#stopped) return;
        // Such as too many open files: one who has said nothing yet makes room, others may end soon.
        this.#report(`The lane could not accept a connection: ${messageOf(error)}`);
        this.#crowd.turnAwayUnproven();
        await sleep(100);
      }
    }
  }

  /** Serves a connection to its end. Never throws. */
  async #serve(connection: LaneConnection): Promise<void> {
    const { helloTimeout = 10_000, counters } = this.#options;
    // In two steps: a hello that came while the thread was busy is read before the second.
    let timer = setTimeout(() => {
      timer = setTimeout(() => {
        if (!connection.closed) counters.unfinished++;
        connection.close();
      }, 50);
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
          } else if (connection.challenged === null) {
            if (!await this.#greeter.hello(connection, body)) return;
          } else {
            const id = this.#greeter.proof(connection, connection.challenged, body);
            if (id === null) return;
            clearTimeout(timer);
            if (!await this.#welcome(connection, id)) return;
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

  /** Takes a client in that has proven who it is; false when the connection is to end. */
  async #welcome(connection: LaneConnection, id: string): Promise<boolean> {
    const client = await this.#clients.find(id);
    if (client === null || connection.closed) return false;
    // The older connection of the same client is half dead; what it held comes again.
    this.#current.get(id)?.close();
    if (!this.#crowd.admitProven()) return false;
    this.#current.set(id, connection);
    client.absentSince = null;
    connection.allow(this.#options.maxFrame ?? MAX_FRAME_BYTES);
    const { committed } = client;
    await connection.greet(client, this.#greeter.answer(id, committed), committed);
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
