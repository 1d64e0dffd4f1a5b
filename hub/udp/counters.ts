/** Numbers that the receiver shares with whoever asks, and what others tell the receiver. */

const NAMES = [
  "received",
  "bytes",
  "badSignature",
  "truncated",
  "accepted",
  "pendingRaw",
  "pendingBytes",
  "spilledBytes",
  "dropped",
  "posted",
  "consumed",
  "stop",
] as const;
type Name = (typeof NAMES)[number];

/** What the receiver did so far. Datagrams unless said otherwise. */
export interface UdpCounts {
  /** Taken from the kernel, whatever became of them. */
  received: number;
  /** Bytes of those. */
  bytes: number;
  /** Not signed with the key, or too short to be. */
  badSignature: number;
  /** Cut off by the kernel. */
  truncated: number;
  /** Verified and posted. */
  accepted: number;
  /** Taken from the kernel or from the spill file and not posted yet, verified or not. */
  pendingRaw: number;
  /** Bytes of memory that hold such datagrams. */
  pendingBytes: number;
  /** Bytes of such datagrams in the spill file. */
  spilledBytes: number;
  /** Verified, and lost because neither memory nor disk could hold them. */
  dropped: number;
  /** Bytes of the batches posted. */
  posted: number;
  /** Bytes of the batches that the consumer is done with. */
  consumed: number;
}

/** The counters of one receiver, in memory that several threads see. */
export class UdpCounters {
  /** To be given to other threads, which wrap it in `UdpCounters` of their own. */
  readonly shared: SharedArrayBuffer;
  readonly #cells: BigInt64Array;

  constructor(shared = new SharedArrayBuffer(8 * NAMES.length)) {
    this.shared = shared;
    this.#cells = new BigInt64Array(shared);
  }

  get(name: Name): number {
    return Number(Atomics.load(this.#cells, NAMES.indexOf(name)));
  }

  set(name: Name, value: number): void {
    Atomics.store(this.#cells, NAMES.indexOf(name), BigInt(value));
  }

  add(name: Name, by: number): void {
    if (by !== 0) Atomics.add(this.#cells, NAMES.indexOf(name), BigInt(by));
  }

  /** To be called by the consumer of batches, with `buffer.byteLength` of each it is done with. */
  consume(bytes: number): void {
    this.add("consumed", bytes);
  }

  /** Asks the receiver to drain its socket, to post what it holds and to end. */
  requestStop(): void {
    this.set("stop", 1);
  }

  get stopRequested(): boolean {
    return this.get("stop") !== 0;
  }

  counts(): UdpCounts {
    return {
      received: this.get("received"),
      bytes: this.get("bytes"),
      badSignature: this.get("badSignature"),
      truncated: this.get("truncated"),
      accepted: this.get("accepted"),
      pendingRaw: this.get("pendingRaw"),
      pendingBytes: this.get("pendingBytes"),
      spilledBytes: this.get("spilledBytes"),
      dropped: this.get("dropped"),
      posted: this.get("posted"),
      consumed: this.get("consumed"),
    };
  }
}
