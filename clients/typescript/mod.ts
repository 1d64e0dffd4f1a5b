/**
 * Sends monitoring messages to a hub from Deno, Node or Bun. See docs/protocol.md.
 *
 * ```ts
 * import { LaneClient } from "./mod.ts";
 *
 * const client = new LaneClient({ port: 55055, key: "6f2c…" });
 * client.send("WORKFLOW_INFO", { run_id: "run-1", time_began: Date.now() / 1000, … });
 * await client.close();
 * ```
 */
import { Buffer } from "node:buffer";
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { connect, type Socket } from "node:net";

/** The kinds of messages that Parsl knows. */
export type MessageType =
  | "TASK_INFO"
  | "RESOURCE_INFO"
  | "WORKFLOW_INFO"
  | "NODE_INFO"
  | "BLOCK_INFO"
  | "WORKER_TASK_INFO";

/** Where the hub is. */
export interface HubAddress {
  /** Default 127.0.0.1. */
  address?: string;
  port: number;
  /** The key, as the hex text of the key file. */
  key: string;
  /** Default sha512. */
  digest?: string;
}

/** A message in the JSON encoding. */
export function encodeMessage(type: MessageType, payload: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ type, payload }));
}

/** The signature of a body under a key. */
function sign(digest: string, key: Uint8Array, body: Uint8Array): Uint8Array {
  return createHmac(digest, key).update(body).digest();
}

function signed(signature: Uint8Array, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(signature.length + body.length);
  frame.set(signature);
  frame.set(body, signature.length);
  return frame;
}

/** Sends datagrams: cheap, and lost when the network loses them. */
export class DatagramSender {
  readonly #hub: HubAddress;
  readonly #key: Uint8Array;
  readonly #socket: DatagramSocket;

  constructor(hub: HubAddress) {
    this.#hub = hub;
    this.#key = bytesOf(hub.key);
    this.#socket = createSocket(hub.address?.includes(":") ? "udp6" : "udp4");
  }

  /** Sends a message; resolves when the kernel has it. */
  send(type: MessageType, payload: unknown): Promise<void> {
    return this.sendBody(encodeMessage(type, payload));
  }

  /** Sends a message that is encoded already. */
  sendBody(body: Uint8Array): Promise<void> {
    const { address = "127.0.0.1", port, digest = "sha512" } = this.#hub;
    return new Promise((resolve, reject) => {
      this.#socket.send(
        signed(sign(digest, this.#key, body), body),
        port,
        address,
        (error) => error ? reject(error) : resolve(),
      );
    });
  }

  close(): void {
    this.#socket.close();
  }
}

/** Milliseconds until a broken connection is made anew. */
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5000;

/** The version of the protocol that this client speaks. */
const VERSION = 2;
/** Bytes of the longest frame that a hub sends: answers are short. */
const LONGEST_ANSWER_BYTES = 65_536;

/** Sends messages that the hub acknowledges after they are committed; keeps them until then. */
export class LaneClient {
  readonly #hub: HubAddress;
  readonly #digest: string;
  /** What the hello is signed with, and everything after it. */
  readonly #hubKey: Uint8Array;
  readonly #ownKey: Uint8Array;
  /** The client's id: the same after each reconnection. */
  readonly id: string;
  #socket: Socket | null = null;
  /** Drawn for each connection: an answer that gives it back is no recorded one. */
  #nonce = "";
  #challenged = false;
  #ready = false;
  #next = 1;
  #waiting: { sequence: number; frame: Uint8Array }[] = [];
  #received = new Uint8Array(0);
  #closed = false;
  #retry = FIRST_RETRY_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #acknowledged = 0;
  #onAcknowledged: (() => void)[] = [];

  constructor(hub: HubAddress, id: string = randomUUID()) {
    this.#hub = hub;
    this.#digest = hub.digest ?? "sha512";
    this.#hubKey = bytesOf(hub.key);
    this.#ownKey = sign(this.#digest, this.#hubKey, new TextEncoder().encode(id));
    this.id = id;
    this.#connect();
  }

  /** The last sequence number that the hub has committed. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Messages that are not acknowledged. */
  get pending(): number {
    return this.#waiting.length;
  }

  /** Gives a message to the lane; returns its sequence number. */
  send(type: MessageType, payload: unknown): number {
    return this.sendBody(encodeMessage(type, payload));
  }

  /** Gives a message that is encoded already to the lane. */
  sendBody(message: Uint8Array): number {
    const sequence = this.#next++;
    const body = new Uint8Array(8 + message.length);
    new DataView(body.buffer).setBigUint64(0, BigInt(sequence));
    body.set(message, 8);
    const frame = framed(signed(sign(this.#digest, this.#ownKey, body), body));
    this.#waiting.push({ sequence, frame });
    if (this.#ready) this.#socket?.write(frame);
    return sequence;
  }

  /** Resolves when all messages given so far are committed. */
  async flush(): Promise<void> {
    const last = this.#next - 1;
    while (this.#acknowledged < last) {
      if (this.#closed) throw new Error("The lane was closed before all was acknowledged.");
      await new Promise<void>((resolve) => this.#onAcknowledged.push(resolve));
    }
  }

  /** Waits until all is committed, and ends the connection. */
  async close(): Promise<void> {
    await this.flush();
    this.abandon();
  }

  /** Ends the connection now; what is not acknowledged is gone. */
  abandon(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
    this.#wake();
  }

  #connect(): void {
    const { address = "127.0.0.1", port } = this.#hub;
    const socket = connect({ host: address, port, noDelay: true });
    this.#socket = socket;
    this.#received = new Uint8Array(0);
    this.#nonce = randomBytes(32).toString("hex");
    this.#challenged = false;
    socket.on("connect", () => {
      const hello = { hello: VERSION, client: this.id, nonce: this.#nonce };
      this.#say(socket, this.#hubKey, hello);
    });
    socket.on("data", (bytes: Uint8Array) => this.#take(socket, bytes));
    // An error is followed by the end of the connection, which is where it is dealt with.
    socket.on("error", () => {});
    socket.on("close", () => {
      if (this.#socket !== socket) return;
      this.#ready = false;
      if (this.#closed) return;
      this.#timer = setTimeout(() => this.#connect(), this.#retry);
      this.#retry = Math.min(this.#retry * 2, LAST_RETRY_MS);
    });
  }

  #take(socket: Socket, bytes: Uint8Array): void {
    const all = new Uint8Array(this.#received.length + bytes.length);
    all.set(this.#received);
    all.set(bytes, this.#received.length);
    const view = new DataView(all.buffer);
    let at = 0;
    while (at + 4 <= all.length && !socket.destroyed) {
      if (view.getUint32(at) > LONGEST_ANSWER_BYTES) return void socket.destroy();
      if (at + 4 + view.getUint32(at) > all.length) break;
      const end = at + 4 + view.getUint32(at);
      this.#answer(socket, all.subarray(at + 4, end));
      at = end;
    }
    this.#received = all.slice(at);
  }

  #answer(socket: Socket, frame: Uint8Array): void {
    // The own key is a signature, and as long as every other one.
    const size = this.#ownKey.length;
    const body = frame.subarray(size);
    const right = sign(this.#digest, this.#ownKey, body);
    // `timingSafeEqual` throws for lengths that differ.
    if (frame.length < size || !timingSafeEqual(right, frame.subarray(0, size))) {
      socket.destroy();
      return;
    }
    const said = JSON.parse(new TextDecoder().decode(body));
    if (typeof said.refused === "string") {
      console.error(`The hub does not take this client: ${said.refused}`);
      return void socket.destroy();
    }
    const { client, nonce, challenge, acknowledged } = said;
    if (!this.#challenged) {
      if (client !== this.id || nonce !== this.#nonce) return void socket.destroy();
      this.#challenged = true;
      this.#say(socket, this.#ownKey, { proof: challenge });
      return;
    }
    if (client !== this.id || !Number.isSafeInteger(acknowledged)) return;
    this.#acknowledged = Math.max(this.#acknowledged, acknowledged);
    const kept = this.#waiting.findIndex(({ sequence }) => sequence > this.#acknowledged);
    this.#waiting.splice(0, kept < 0 ? this.#waiting.length : kept);
    if (!this.#ready) {
      this.#ready = true;
      this.#retry = FIRST_RETRY_MS;
      for (const { frame } of this.#waiting) socket.write(frame);
    }
    this.#wake();
  }

  /** Sends something of the greeting. */
  #say(socket: Socket, key: Uint8Array, what: unknown): void {
    const body = new TextEncoder().encode(JSON.stringify(what));
    socket.write(framed(signed(sign(this.#digest, key, body), body)));
  }

  #wake(): void {
    const waiting = this.#onAcknowledged;
    this.#onAcknowledged = [];
    for (const resolve of waiting) resolve();
  }
}

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.trim(), "hex"));
}

function framed(content: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + content.length);
  new DataView(frame.buffer).setUint32(0, content.length);
  frame.set(content, 4);
  return frame;
}
