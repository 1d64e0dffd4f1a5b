// A client of the reliable lane for tests: well-behaved, unless a test sends bytes of its own.

import { Signer } from "../../hub/signing/signer.ts";
import { frameOf, FrameSplitter } from "../../hub/lane/frames.ts";

export const KEY = new TextEncoder().encode("a key for tests, thirty-two bytes");

/** The body of a numbered message. */
export function numbered(sequence: number, message: Uint8Array): Uint8Array {
  const body = new Uint8Array(8 + message.length);
  new DataView(body.buffer).setBigUint64(0, BigInt(sequence));
  body.set(message, 8);
  return body;
}

export interface Answer {
  hub?: string;
  database?: string;
  client: string;
  acknowledged: number;
  nonce?: string;
  challenge?: string;
}

/** The body of a hello. */
export function helloOf(id: string, nonce: string = crypto.randomUUID()): Uint8Array {
  return text({ hello: 2, client: id, nonce });
}

/** One connection. */
export class TestClient {
  readonly conn: Deno.TcpConn;
  signer: Signer;
  readonly #splitter = new FrameSplitter();
  readonly #bodies: Uint8Array[] = [];

  constructor(conn: Deno.TcpConn, signer: Signer) {
    this.conn = conn;
    this.signer = signer;
  }

  static async connect(port: number, key = KEY): Promise<TestClient> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    return new TestClient(conn, new Signer(key));
  }

  /** Connects, says hello and proves who it is; gives the answer too. */
  static async hello(port: number, id: string): Promise<{ client: TestClient; answer: Answer }> {
    const { client, challenge } = await TestClient.challenged(port, id);
    await client.send(text({ proof: challenge }));
    const answer = await client.receive();
    if (answer === null) throw new Error("the proof was answered by an end");
    return { client, answer };
  }

  /** Connects and says hello; gives the challenge that has to be given back. */
  static async challenged(
    port: number,
    id: string,
  ): Promise<{ client: TestClient; challenge: string }> {
    const client = await TestClient.connect(port);
    await client.send(helloOf(id));
    client.signer = client.signer.of(id);
    const answer = await client.receive();
    if (answer?.challenge === undefined) throw new Error("the hello was answered by an end");
    return { client, challenge: answer.challenge };
  }

  framed(body: Uint8Array): Uint8Array {
    return frameOf(this.signer.sign(body), body);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.conn.write(bytes.subarray(at));
  }

  async send(body: Uint8Array): Promise<void> {
    await this.write(this.framed(body));
  }

  async message(sequence: number, message: string): Promise<void> {
    await this.send(numbered(sequence, new TextEncoder().encode(message)));
  }

  /** The next body from the hub; null at the end of the connection. */
  async receive(): Promise<Answer | null> {
    while (this.#bodies.length === 0) {
      let count: number | null;
      try {
        count = await this.conn.read(this.#splitter.room());
      } catch (error) {
        if (error instanceof Deno.errors.ConnectionReset) return null;
        throw error;
      }
      if (count === null) return null;
      for (const frame of this.#splitter.filled(count)) {
        const body = this.signer.open(frame);
        if (body === null) throw new Error("the hub's signature is wrong");
        this.#bodies.push(body);
      }
    }
    return JSON.parse(new TextDecoder().decode(this.#bodies.shift()));
  }

  /** Reads until a number is acknowledged. */
  async acknowledged(sequence: number): Promise<void> {
    for (;;) {
      const answer = await this.receive();
      if (answer === null) throw new Error(`the connection ended before ${sequence} was done`);
      if (answer.acknowledged >= sequence) return;
    }
  }

  close(): void {
    try {
      this.conn.close();
    } catch {
      // It is closed.
    }
  }
}

export function text(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
