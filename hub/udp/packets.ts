/** Many datagrams in one buffer, so that they travel between threads as one transfer. */

/** Bytes before each datagram: its length, port, flags and address of the sender. */
const HEADER_BYTES = 24;

/** One datagram inside a batch; `bytes` is a view, valid as long as the batch is. */
export interface Packet {
  bytes: Uint8Array;
  port: number;
  /** The sender's address: 4 or 16 bytes. */
  address: Uint8Array;
  /** The kernel cut it off. */
  truncated: boolean;
}

/** Fills a buffer with datagrams; `take` gives it away and starts a new one. */
export class PacketBatch {
  #buffer: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;
  #count = 0;

  constructor(capacity = 1 << 18) {
    this.#buffer = new Uint8Array(capacity);
    this.#view = new DataView(this.#buffer.buffer);
  }

  get count(): number {
    return this.#count;
  }

  get byteLength(): number {
    return this.#length;
  }

  /** Copies a datagram in. */
  add(bytes: Uint8Array, port: number, address: Uint8Array, truncated: boolean): void {
    const need = this.#length + HEADER_BYTES + bytes.length;
    if (need > this.#buffer.length) this.#grow(need);
    const at = this.#length;
    this.#view.setUint32(at, bytes.length);
    this.#view.setUint16(at + 4, port);
    this.#view.setUint8(at + 6, truncated ? 1 : 0);
    this.#view.setUint8(at + 7, address.length);
    this.#buffer.set(address.subarray(0, 16), at + 8);
    this.#buffer.set(bytes, at + HEADER_BYTES);
    this.#length = need;
    this.#count++;
  }

  /** The datagrams so far, to be transferred; the batch is empty afterwards. */
  take(): ArrayBuffer {
    const taken = this.#buffer.buffer.slice(0, this.#length);
    this.#length = 0;
    this.#count = 0;
    return taken;
  }

  #grow(need: number): void {
    const larger = new Uint8Array(Math.max(need, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** The datagrams of a buffer that `PacketBatch.take` gave. */
export function* packets(buffer: ArrayBuffer): Generator<Packet> {
  const view = new DataView(buffer);
  for (let at = 0; at < buffer.byteLength;) {
    const length = view.getUint32(at);
    yield {
      bytes: new Uint8Array(buffer, at + HEADER_BYTES, length),
      port: view.getUint16(at + 4),
      truncated: view.getUint8(at + 6) === 1,
      address: new Uint8Array(buffer, at + 8, view.getUint8(at + 7)),
    };
    at += HEADER_BYTES + length;
  }
}
