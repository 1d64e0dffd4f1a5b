/** Frames of the reliable lane: a length as four bytes, the most significant first, and the frame. */

/** Bytes of the length before each frame. */
export const PREFIX_BYTES = 4;
/** Bytes of the largest frame. */
export const MAX_FRAME_BYTES = 64 * 2 ** 20;

/** Bytes read at once: at first, and from a peer that sends much. */
export const FIRST_READ_BYTES = 4096;
export const LARGEST_READ_BYTES = 65_536;

/** A length that no frame has; what follows it cannot be understood. */
export class BadFrame extends Error {
  override name = "BadFrame";
}

/** The bytes that carry a frame: its length and the given parts, one after the other. */
export function frameOf(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const frame = new Uint8Array(PREFIX_BYTES + length);
  new DataView(frame.buffer).setUint32(0, length);
  let at = PREFIX_BYTES;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/**
 * Cuts a stream of bytes into frames, wherever the stream is cut. Each byte is copied a bounded
 * number of times, and memory grows with what has come, not with the length that a peer announces.
 */
export class FrameSplitter {
  /** Bytes of the largest frame that is accepted. */
  limit: number;
  #buffer = new Uint8Array(FIRST_READ_BYTES);
  #start = 0;
  #end = 0;
  /** The next read is to be larger, for the last one used up its room. */
  #grow = false;

  constructor(limit = MAX_FRAME_BYTES) {
    this.limit = limit;
  }

  /** Bytes of its buffer. */
  get capacity(): number {
    return this.#buffer.length;
  }

  /**
   * Bytes that the buffer needs to have for the frame that is being read, and those that it would
   * better have.
   *
   * @throws {BadFrame} when the next frame cannot be accepted
   */
  capacities(): { needed: number; wished: number } {
    const need = this.#need();
    const needed = need <= FIRST_READ_BYTES ? FIRST_READ_BYTES : Math.max(need, LARGEST_READ_BYTES);
    const wished = this.#grow && need <= LARGEST_READ_BYTES ? LARGEST_READ_BYTES : needed;
    return { needed, wished };
  }

  /** Bytes held of a frame that is not complete. */
  get held(): number {
    return this.#end - this.#start;
  }

  /**
   * Where the next bytes of the stream belong; never empty.
   *
   * @param most bytes that the buffer may have; what `capacities` says is needed at least
   * @throws {BadFrame} when the next frame cannot be accepted
   */
  room(most = Infinity): Uint8Array {
    const need = this.#need();
    if (this.#start === this.#end) this.#start = this.#end = 0;
    const mayGrow = this.#grow && this.#buffer.length < LARGEST_READ_BYTES;
    if (mayGrow && need <= LARGEST_READ_BYTES && most >= LARGEST_READ_BYTES) {
      this.#move(LARGEST_READ_BYTES);
    } else if (this.#start + need > this.#buffer.length) {
      if (need <= this.#buffer.length) {
        this.#buffer.copyWithin(0, this.#start, this.#end);
        this.#end -= this.#start;
        this.#start = 0;
      } else {
        this.#move(Math.min(need, Math.max(LARGEST_READ_BYTES, 2 * this.#buffer.length)));
      }
    }
    return this.#buffer.subarray(this.#end);
  }

  /**
   * Takes note that `count` bytes were put into the room.
   *
   * @returns the frames that are complete now; their bytes belong to the caller
   * @throws {BadFrame} as soon as a length is 0 or above the limit; when frames came before it,
   * they are given first, and the next `room` throws
   */
  filled(count: number): Uint8Array[] {
    this.#end += count;
    this.#grow = this.#end === this.#buffer.length;
    let at = this.#start;
    const ends: number[] = [];
    while (this.#end - at >= PREFIX_BYTES) {
      if (ends.length > 0 && !this.#isAllowed(this.#announced(at))) break;
      const length = this.#length(at);
      if (this.#end - at - PREFIX_BYTES < length) break;
      at += PREFIX_BYTES + length;
      ends.push(at);
    }
    const frames = ends.length === 0 ? [] : this.#give(ends);
    const isQuiet = this.#start === this.#end && count < FIRST_READ_BYTES;
    // A peer that sends little again needs little room.
    if (isQuiet && this.#buffer.length > FIRST_READ_BYTES) this.#renew();
    return frames;
  }

  #give(ends: number[]): Uint8Array[] {
    const start = this.#start;
    const last = ends[ends.length - 1];
    // A large buffer was filled for this frame alone, and goes with it.
    const own = this.#buffer.length > LARGEST_READ_BYTES && last === this.#end;
    const given = own ? this.#buffer.subarray(start, last) : this.#buffer.slice(start, last);
    if (own) {
      this.#renew();
    } else {
      this.#start = last;
    }
    const frames: Uint8Array[] = [];
    let from = PREFIX_BYTES;
    for (const end of ends) {
      frames.push(given.subarray(from, end - start));
      from = end - start + PREFIX_BYTES;
    }
    return frames;
  }

  /** Begins with a small buffer, of which nothing is filled. */
  #renew(): void {
    this.#buffer = new Uint8Array(FIRST_READ_BYTES);
    this.#start = this.#end = 0;
  }

  #announced(at: number): number {
    const b = this.#buffer;
    return b[at] * 2 ** 24 + (b[at + 1] << 16 | b[at + 2] << 8 | b[at + 3]);
  }

  #isAllowed(length: number): boolean {
    return length > 0 && length <= this.limit;
  }

  #length(at: number): number {
    const length = this.#announced(at);
    if (this.#isAllowed(length)) return length;
    throw new BadFrame(`a frame of ${length} bytes where 1 to ${this.limit} are allowed`);
  }

  /** Bytes of the frame that is being read, as far as they are known. */
  #need(): number {
    return this.held < PREFIX_BYTES ? PREFIX_BYTES : PREFIX_BYTES + this.#length(this.#start);
  }

  #move(capacity: number): void {
    const larger = new Uint8Array(capacity);
    larger.set(this.#buffer.subarray(this.#start, this.#end));
    this.#end -= this.#start;
    this.#start = 0;
    this.#buffer = larger;
  }
}
