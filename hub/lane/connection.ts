/** One connection of the reliable lane: reads frames, checks them, and sends acknowledgements. */
import type { Signer } from "../signing/signer.ts";
import type { KnownClient } from "./client.ts";
import { frameOf, FrameSplitter } from "./frames.ts";
import { acknowledgement } from "./messages.ts";
import { type FrameRooms, PartialFrame } from "./partial.ts";

/** Bytes of the longest greeting: what is not known yet is not given much memory. */
const LONGEST_HELLO_BYTES = 2048;

/** What a client that has said hello has to give back. */
export interface Challenged {
  id: string;
  challenge: string;
}

/** Sends and receives signed bodies. It keeps silent about errors: they are an end. */
export class LaneConnection {
  /** Whom it says to belong to; null before the hello. */
  challenged: Challenged | null = null;
  /** Whom it belongs to; null before that is proven. */
  client: KnownClient | null = null;
  /** No message of it counts any more. */
  closed = false;
  /** When something came last, by `performance.now()`. */
  heard = performance.now();
  readonly peer: string;
  /** Memory and time of the frame that is coming. */
  readonly partial: PartialFrame;
  readonly #conn: Deno.TcpConn;
  /** The hub's; after the hello the client's own. */
  #signer: Signer;
  readonly #splitter: FrameSplitter;
  /** Highest number the peer was told of. */
  #told = 0;
  #isWriting = false;
  #written: Promise<void> = Promise.resolve();

  constructor(conn: Deno.TcpConn, signer: Signer, rooms: FrameRooms) {
    this.#conn = conn;
    this.#signer = signer;
    this.#splitter = new FrameSplitter(LONGEST_HELLO_BYTES + signer.size);
    this.partial = new PartialFrame(rooms, this.#splitter);
    const { hostname, port } = conn.remoteAddr;
    this.peer = `${hostname}:${port}`;
    try {
      conn.setNoDelay(true);
      conn.setKeepAlive(true);
    } catch {
      // It has gone already, as the first read will tell.
    }
  }

  /** From now on frames may have so many bytes. */
  allow(limit: number): void {
    this.#splitter.limit = limit;
  }

  /** The body of a frame, or null when its signature is wrong. */
  open(frame: Uint8Array): Uint8Array | null {
    return this.#signer.open(frame);
  }

  /**
   * The frames that came next; null when there are no more.
   *
   * @throws {BadFrame} when a length is wrong; any other error when the connection broke
   */
  async read(): Promise<Uint8Array[] | null> {
    const room = await this.partial.room();
    // Nobody waits for memory any more: whoever asks will see why.
    if (room === null) return [];
    this.partial.reading();
    const count = await this.#conn.read(room);
    this.heard = performance.now();
    return count === null ? null : this.partial.filled(count);
  }

  /** Reads and throws away until the peer ends. */
  async discard(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    while (await this.#conn.read(buffer) !== null);
  }

  /** Sends a body to whom says to be a client; from now on its own key counts. */
  async answerHello(id: string, body: Uint8Array, challenge: string): Promise<void> {
    this.#signer = this.#signer.of(id);
    this.challenged = { id, challenge };
    await this.#send(body);
  }

  /** Sends the answer to the proof, which tells of `acknowledged` too. */
  async greet(client: KnownClient, body: Uint8Array, acknowledged: number): Promise<void> {
    this.client = client;
    this.#told = acknowledged;
    this.#isWriting = true;
    try {
      await this.#send(body);
    } finally {
      this.#isWriting = false;
    }
    this.acknowledge();
  }

  /** Tells the peer how far it is committed, once for all commits during a slow write. */
  acknowledge(again = false): void {
    if (again && this.client) this.#told = Math.min(this.#told, this.client.committed - 1);
    if (!this.#isWriting && !this.closed) this.#written = this.#acknowledge();
  }

  /** Resolves when the peer was told all, or cannot be. */
  flushed(): Promise<void> {
    return this.#written;
  }

  /** Says that nothing more will be sent. */
  async end(): Promise<void> {
    await this.#conn.closeWrite();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.partial.end();
    try {
      this.#conn.close();
    } catch {
      // The peer was faster.
    }
  }

  async #acknowledge(): Promise<void> {
    this.#isWriting = true;
    try {
      // Lets the commits of one turn share one frame.
      await Promise.resolve();
      while (this.client && this.client.committed > this.#told && !this.closed) {
        this.#told = this.client.committed;
        await this.#send(acknowledgement(this.client.id, this.#told));
      }
    } catch {
      this.close();
    } finally {
      this.#isWriting = false;
    }
  }

  async #send(body: Uint8Array): Promise<void> {
    const frame = frameOf(this.#signer.sign(body), body);
    for (let at = 0; at < frame.length;) at += await this.#conn.write(frame.subarray(at));
  }
}
