/** From raw datagrams to batches of verified bodies, a few datagrams at a time. */
import { type Digest, looksUnsigned, Signer } from "../signing/signer.ts";
import { type Packet, PacketBatch, packets } from "./packets.ts";
import type { UdpCounters } from "./counters.ts";
import { Overflow } from "./overflow.ts";
import type { SpillBlock } from "./spill_file.ts";

/** Raw datagrams are gathered in blocks of about this many bytes; a batch has one block's bodies. */
const BLOCK_BYTES = 1 << 18;
/** What is verified between two looks at the socket: under a millisecond of work. */
const STEP_DATAGRAMS = 64;
const STEP_BYTES = 1 << 18;

/** Verified bodies of datagrams, as `PacketBatch` packs them. */
export interface DatagramBatch {
  kind: "datagrams";
  buffer: ArrayBuffer;
  count: number;
  /** Epoch milliseconds when the first of them came. */
  at: number;
}

export interface PipelineOptions {
  /** Null when no datagram is signed. */
  key: Uint8Array | null;
  digest: Digest;
  /** Keep datagrams without a signature that look like messages. */
  allowUnsigned: boolean;
  /** Bytes posted and not consumed at most. */
  creditLimit: number;
  /** Bytes of raw datagrams kept in memory at most, before the spill file is used. */
  memoryLimit: number;
  spillPath: string | null;
}

/** Holds raw datagrams until they are verified and posted. */
export class Pipeline {
  readonly #signer: Signer | null;
  readonly #allowUnsigned: boolean;
  readonly #creditLimit: number;
  readonly #counters: UdpCounters;
  readonly #post: (batch: DatagramBatch) => void;
  readonly #waiting: Overflow;
  #arriving = new PacketBatch(BLOCK_BYTES);
  #arrivingSince = 0;
  #received = 0;
  #bytes = 0;
  #truncated = 0;
  #block: SpillBlock | null = null;
  #packets: Iterator<Packet> | null = null;
  #left = 0;
  #verified = new PacketBatch(BLOCK_BYTES);

  constructor(
    options: PipelineOptions,
    counters: UdpCounters,
    post: (batch: DatagramBatch) => void,
  ) {
    this.#signer = options.key === null ? null : new Signer(options.key, options.digest);
    this.#allowUnsigned = options.allowUnsigned;
    this.#creditLimit = options.creditLimit;
    this.#counters = counters;
    this.#post = post;
    this.#waiting = new Overflow(options);
    this.publish();
  }

  /** Takes a raw datagram; cheap, for it stands between the kernel and the next one. */
  take(bytes: Uint8Array, port: number, address: Uint8Array, truncated: boolean): void {
    this.#received++;
    this.#bytes += bytes.length;
    if (truncated) {
      this.#truncated++;
      return;
    }
    if (this.#arriving.count === 0) this.#arrivingSince = Date.now();
    this.#arriving.add(bytes, port, address, false);
    if (this.#arriving.byteLength >= BLOCK_BYTES - 2048) this.#seal();
  }

  /** Whether nothing is left to verify or to post. */
  get isEmpty(): boolean {
    return this.#block === null && this.#arriving.count === 0 && this.#waiting.isEmpty;
  }

  /** Whether the consumer is so far behind that nothing more may be posted. */
  get isBlocked(): boolean {
    return this.#counters.get("posted") - this.#counters.get("consumed") >= this.#creditLimit;
  }

  /** What is wrong with the spill file; empty when nothing is. */
  get problem(): string {
    return this.#waiting.problem;
  }

  /** Verifies a few datagrams and posts when a batch is complete. Does nothing while blocked. */
  step(): void {
    if (this.#block === null && !this.#open()) return;
    let bad = 0;
    let bytes = 0;
    for (let i = 0; i < STEP_DATAGRAMS && bytes < STEP_BYTES; i++) {
      const packet = this.#next();
      if (packet === null) {
        this.#finish();
        break;
      }
      bytes += packet.bytes.length;
      const body = this.#body(packet.bytes);
      if (body === null) bad++;
      else this.#verified.add(body, packet.port, packet.address, false);
    }
    if (this.#left === 0 && this.#block !== null) this.#finish();
    this.#counters.add("badSignature", bad);
  }

  /** Brings the shared counters up to date. */
  publish(): void {
    const counters = this.#counters;
    counters.set("received", this.#received);
    counters.set("bytes", this.#bytes);
    counters.set("truncated", this.#truncated);
    counters.set("pendingRaw", this.#waiting.count + this.#arriving.count + this.#left);
    counters.set(
      "pendingBytes",
      this.#waiting.memoryBytes + this.#arriving.byteLength + (this.#block?.buffer.byteLength ?? 0),
    );
    counters.set("spilledBytes", this.#waiting.diskBytes);
    counters.set("dropped", this.#waiting.dropped);
  }

  /** Leaves what was not posted in the spill file for the next program. */
  close(): void {
    this.#seal();
    while (this.#left > 0) this.step();
    this.#waiting.close();
    this.publish();
  }

  #seal(): void {
    const count = this.#arriving.count;
    if (count === 0) return;
    this.#waiting.push({ buffer: this.#arriving.take(), count, at: this.#arrivingSince });
  }

  /** Begins with the oldest block. */
  #open(): boolean {
    if (this.isBlocked) return false;
    if (this.#waiting.isEmpty) this.#seal();
    this.#block = this.#waiting.shift();
    if (this.#block === null) return false;
    this.#packets = packets(this.#block.buffer);
    this.#left = this.#block.count;
    return true;
  }

  #next(): Packet | null {
    try {
      const next = this.#packets!.next();
      if (next.done) return null;
      this.#left--;
      return next.value;
    } catch {
      // A block from a damaged file: its lengths lead out of it.
      return null;
    }
  }

  #finish(): void {
    const { at, buffer: raw } = this.#block!;
    // Frees the memory now: an idle thread collects no garbage.
    raw.transfer(0);
    this.#block = null;
    this.#packets = null;
    this.#left = 0;
    const count = this.#verified.count;
    if (count === 0) return;
    const buffer = this.#verified.take();
    this.#counters.add("accepted", count);
    this.#counters.add("posted", buffer.byteLength);
    this.#post({ kind: "datagrams", buffer, count, at });
  }

  #body(datagram: Uint8Array): Uint8Array | null {
    const body = this.#signer?.open(datagram) ?? null;
    if (body !== null) return body;
    return this.#allowUnsigned && looksUnsigned(datagram) ? datagram : null;
  }
}
