/** One connection of the reliable lane: reads frames, checks them, and sends acknowledgements. */
import type { Signer } from "../signing/signer.ts";
import type { KnownClient } from "./client.ts";
import { frameOf, FrameSplitter } from "./frames.ts";
import { acknowledgement } from "./messages.ts";

/** Bytes of the longest greeting: what is not known yet is not given much memory. */
const LONGEST_HELLO_BYTES = 2048;

/** Sends and receives signed bodies. It keeps silent about errors: they are an end. */
export class LaneConnection {
  /** Whom it belongs to; null before the greeting. */
  client: KnownClient | null = null;
  /** No message of it counts any more. */
  closed = false;
  readonly peer: string;
  readonly #conn: Deno.TcpConn;
  /** The hub's; after the greeting the client's own. */
  #signer: Signer;
  readonly #splitter: FrameSplitter;
  /** Highest number the peer was told of. */
  #told = 0;
  #isWriting = false;
  #written: Promise<void> = Promise.resolve();

  constructor(conn: Deno.TcpConn, signer: Signer) {
    this.#conn = conn;
    this.#signer = signer;
    this.#splitter = new FrameSplitter(LONGEST_HELLO_BYTES + signer.size);
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
    const count = await this.#conn.read(this.#splitter.room());
    return count === null ? null : this.#splitter.filled(count);
  }

  /** Reads and throws away until the peer ends. */
  async discard(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    while (await this.#conn.read(buffer) !== null);
  }

  /** Sends the answer to the greeting, which tells of `acknowledged` too. */
  async greet(client: KnownClient, body: Uint8Array, acknowledged: number): Promise<void> {
    this.client = client;
    this.#signer = this.#signer.of(client.id);
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
