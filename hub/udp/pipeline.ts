/**
 * From raw datagrams to batches of verified bodies, a few datagrams at a time. What is not verified
 * is held in memory, little of it and for a short time; only what is may wait on disk.
 */
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

/** Milliseconds that a right datagram waits for others at most, while wrong ones come without end. */
const LATENCY_MS = 50;

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
  /** Bytes of raw datagrams in memory beyond which no more are taken before some are verified. */
  rawLimit: number;
  /** Bytes of verified datagrams kept in memory at most, before the spill file is used. */
  memoryLimit: number;
  spillPath: string | null;
  /** Bytes that the spill file may have. */
  spillLimit: number;
}

/** A block that is being verified. */
interface Opened {
  block: SpillBlock;
  packets: Iterator<Packet>;
  /** Datagrams of it that were not looked at. */
  left: number;
}

/** Holds raw datagrams until they are verified, and verified ones until they are posted. */
export class Pipeline {
  readonly #signer: Signer | null;
  readonly #allowUnsigned: boolean;
  readonly #creditLimit: number;
  readonly #rawLimit: number;
  readonly #counters: UdpCounters;
  readonly #post: (batch: DatagramBatch) => void;
  #arriving = new PacketBatch(BLOCK_BYTES);
  #arrivingSince = 0;
  #raw: SpillBlock[] = [];
  #rawBytes = 0;
  #rawCount = 0;
  #opened: Opened | null = null;
  #verified = new PacketBatch(BLOCK_BYTES);
  /** When the first of them came, and when it was found right; epoch milliseconds. */
  #verifiedSince = 0;
  #verifiedAt = 0;
  readonly #waiting: Overflow;
  #received = 0;
  #bytes = 0;
  #truncated = 0;

  constructor(
    options: PipelineOptions,
    counters: UdpCounters,
    post: (batch: DatagramBatch) => void,
  ) {
    const { key, digest, memoryLimit, spillPath, spillLimit } = options;
    this.#signer = key === null ? null : new Signer(key, digest);
    this.#allowUnsigned = options.allowUnsigned;
    this.#creditLimit = options.creditLimit;
    this.#rawLimit = options.rawLimit;
    this.#counters = counters;
    this.#post = post;
    const seal = this.#signer?.of("spill") ?? null;
    this.#waiting = new Overflow({ memoryLimit, spillPath, spillLimit, seal });
    this.publish();
  }

  /**
   * Takes a raw datagram; cheap, for it stands between the kernel and the next one. Where too many
   * wait to be verified some are, and the kernel's buffer holds what comes meanwhile.
   */
  take(bytes: Uint8Array, port: number, address: Uint8Array, truncated: boolean): void {
    this.#received++;
    this.#bytes += bytes.length;
    if (truncated) {
      this.#truncated++;
      return;
    }
    if (this.#arriving.count === 0) this.#arrivingSince = Date.now();
    this.#arriving.add(bytes, port, address, false);
    if (this.#arriving.byteLength < BLOCK_BYTES - 2048) return;
    this.#seal();
    while (this.#rawBytes > this.#rawLimit) this.#verifySome();
  }

  /** Whether nothing is left to verify or to post. */
  get isEmpty(): boolean {
    return this.isVerified && this.#waiting.isEmpty;
  }

  /** Whether all that was taken is verified. */
  get isVerified(): boolean {
    return this.#opened === null && this.#raw.length === 0 && this.#arriving.count === 0 &&
      this.#verified.count === 0;
  }

  /** Whether the consumer is so far behind that nothing more may be posted. */
  get isBlocked(): boolean {
    return this.#counters.get("posted") - this.#counters.get("consumed") >= this.#creditLimit;
  }

  /** What is wrong with the spill file; empty when nothing is. */
  get problem(): string {
    return this.#waiting.problem;
  }

  /** Verifies a few datagrams, and posts what is verified unless the consumer is behind. */
  step(): void {
    this.#verifySome();
    this.post();
  }

  /** Posts what is verified unless the consumer is behind. */
  post(): void {
    while (!this.isBlocked) {
      const found = this.#waiting.shift();
      if (found === null) return;
      const { sealed, ...block } = found;
      if (!sealed) {
        // Left by a hub that did not verify before, or by somebody else.
        this.#addRaw(block);
        return;
      }
      this.#counters.add("accepted", block.count);
      this.#counters.add("posted", block.buffer.byteLength);
      this.#post({ kind: "datagrams", ...block });
    }
  }

  /** Brings the shared counters up to date. */
  publish(): void {
    const counters = this.#counters;
    const taken = this.#arriving.count + this.#rawCount + this.#verified.count;
    counters.set("received", this.#received);
    counters.set("bytes", this.#bytes);
    counters.set("truncated", this.#truncated);
    counters.set("pendingRaw", this.#waiting.count + taken);
    counters.set(
      "pendingBytes",
      this.#waiting.memoryBytes + this.#rawBytes + this.#arriving.byteLength +
        this.#verified.byteLength,
    );
    counters.set("spilledBytes", this.#waiting.diskBytes);
    counters.set("dropped", this.#waiting.dropped);
  }

  /** Verifies what is not, and leaves what was not posted in the spill file for the next program. */
  close(): void {
    while (!this.isVerified) this.#verifySome();
    this.#waiting.close();
    this.publish();
  }

  /** Ends the block that is being filled. */
  #seal(): void {
    const count = this.#arriving.count;
    if (count === 0) return;
    this.#addRaw({ buffer: this.#arriving.take(), count, at: this.#arrivingSince });
  }

  #addRaw(block: SpillBlock): void {
    this.#raw.push(block);
    this.#rawBytes += block.buffer.byteLength;
    this.#rawCount += block.count;
  }

  /** Verifies a few datagrams; those that are right wait once their block is done. */
  #verifySome(): void {
    const opened = this.#opened ??= this.#open();
    if (opened === null) return this.#finish();
    const { at } = opened.block;
    let bad = 0;
    let bytes = 0;
    const before = opened.left;
    for (let i = 0; i < STEP_DATAGRAMS && bytes < STEP_BYTES && opened.left > 0; i++) {
      const packet = next(opened);
      if (packet === null) break;
      bytes += packet.bytes.length;
      const body = this.#body(packet.bytes);
      if (body === null) {
        bad++;
        continue;
      }
      if (this.#verified.count === 0) {
        this.#verifiedSince = at;
        this.#verifiedAt = Date.now();
      }
      this.#verified.add(body, packet.port, packet.address, false);
    }
    this.#rawCount -= before - opened.left;
    this.#counters.add("badSignature", bad);
    if (opened.left === 0) this.#close(opened);
  }

  /** Begins with the oldest block. */
  #open(): Opened | null {
    if (this.#raw.length === 0) this.#seal();
    const block = this.#raw.shift();
    return block === undefined
      ? null
      : { block, packets: packets(block.buffer), left: block.count };
  }

  #close(opened: Opened): void {
    const { buffer } = opened.block;
    this.#rawBytes -= buffer.byteLength;
    // Frees the memory now: an idle thread collects no garbage.
    buffer.transfer(0);
    this.#opened = null;
    // While more comes, right ones of several blocks travel together: a flood leaves few of each.
    const isLast = this.#raw.length === 0 && this.#arriving.count === 0;
    const isLate = this.#verified.count > 0 && Date.now() - this.#verifiedAt >= LATENCY_MS;
    if (isLast || isLate || this.#verified.byteLength >= BLOCK_BYTES / 2) this.#finish();
  }

  /** Has what is verified wait for its post. */
  #finish(): void {
    const count = this.#verified.count;
    if (count === 0) return;
    const at = this.#verifiedSince;
    this.#waiting.push({ buffer: this.#verified.take(), count, at });
  }

  #body(datagram: Uint8Array): Uint8Array | null {
    const body = this.#signer?.open(datagram) ?? null;
    if (body !== null) return body;
    return this.#allowUnsigned && looksUnsigned(datagram) ? datagram : null;
  }
}

/** The next datagram of a block; null when its lengths lead out of it, as a damaged file's do. */
function next(opened: Opened): Packet | null {
  try {
    const { done, value } = opened.packets.next();
    if (!done) {
      opened.left--;
      return value;
    }
  } catch {
    // Told by the caller's count.
  }
  opened.left = 0;
  return null;
}
