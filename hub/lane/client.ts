/** What the lane knows of one client, whichever connections it comes by. */

/** Counted for each message beside its bytes, so that many small ones are bounded too. */
const OVERHEAD_BYTES = 200;
/** Bytes that are given back together. */
const GRAIN_BYTES = 65_536;

/** Messages that wait for their commit, up to a sequence number. */
interface Waiting {
  upTo: number;
  bytes: number;
}

/** One client's sequence numbers. */
export class KnownClient {
  readonly id: string;
  /** Highest number that was taken; at least `committed`. */
  taken: number;
  /** Highest number that is committed. */
  committed: number;
  /** Epoch milliseconds since which it has no connection; null while it has one. */
  absentSince: number | null = null;
  readonly #waiting: Waiting[] = [];

  constructor(id: string, committed: number) {
    this.id = id;
    this.taken = committed;
    this.committed = committed;
  }

  /** Whether all that was taken is committed. */
  get isDone(): boolean {
    return this.committed >= this.taken;
  }

  /**
   * Takes note of a new message.
   *
   * @returns the bytes that it holds until it is committed
   */
  took(sequence: number, bytes: number): number {
    this.taken = sequence;
    const held = bytes + OVERHEAD_BYTES;
    const last = this.#waiting.at(-1);
    if (last && last.bytes < GRAIN_BYTES) {
      last.upTo = sequence;
      last.bytes += held;
    } else {
      this.#waiting.push({ upTo: sequence, bytes: held });
    }
    return held;
  }

  /**
   * Takes note of a commit.
   *
   * @returns the bytes that are not held any more
   */
  commit(sequence: number): number {
    if (sequence <= this.committed) return 0;
    this.committed = sequence;
    if (sequence > this.taken) this.taken = sequence;
    let count = 0;
    let bytes = 0;
    for (const waiting of this.#waiting) {
      if (waiting.upTo > sequence) break;
      bytes += waiting.bytes;
      count++;
    }
    this.#waiting.splice(0, count);
    return bytes;
  }
}
