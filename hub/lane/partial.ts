/** The memory of frames that are not complete, and how long they have been coming. */
import {
  FIRST_READ_BYTES,
  type FrameSplitter,
  LARGEST_READ_BYTES,
  MAX_FRAME_BYTES,
} from "./frames.ts";
import { Room } from "./room.ts";

/** Bytes of all frames together that have come in part: the usual ones, and large ones. */
const SMALL_FRAMES_BYTES = 32 * 2 ** 20;
const LARGE_FRAMES_BYTES = 64 * 2 ** 20;

/** Memory for frames of all clients. A few thousand bytes are each connection's own. */
export class FrameRooms {
  readonly #small = new Room(SMALL_FRAMES_BYTES);
  readonly #large: Room;

  /** @param largest bytes of the largest frame, for which there is room at least */
  constructor(largest = MAX_FRAME_BYTES) {
    this.#large = new Room(Math.max(largest, LARGE_FRAMES_BYTES) + LARGEST_READ_BYTES);
  }

  /** The room that a buffer of so many bytes has its memory from; null when it needs none. */
  of(capacity: number): Room | null {
    if (capacity <= FIRST_READ_BYTES) return null;
    return capacity <= LARGEST_READ_BYTES ? this.#small : this.#large;
  }

  close(): void {
    this.#small.close();
    this.#large.close();
  }
}

/** One connection's share of them. */
export class PartialFrame {
  readonly #rooms: FrameRooms;
  readonly #splitter: FrameSplitter;
  /** Bytes that the buffer may have. */
  #capacity = FIRST_READ_BYTES;
  #giveUp: (() => void) | null = null;
  /** Milliseconds for which the unfinished frame was read, before `#readSince`. */
  #spent = 0;
  /** When the read that goes on began; null while there is none. By `performance.now()`. */
  #readSince: number | null = null;

  constructor(rooms: FrameRooms, splitter: FrameSplitter) {
    this.#rooms = rooms;
    this.#splitter = splitter;
  }

  /**
   * Where the next bytes belong, as soon as there is memory for them; null when there will be none.
   *
   * @throws {BadFrame} when the next frame cannot be accepted
   */
  async room(): Promise<Uint8Array | null> {
    const { needed, wished } = this.#splitter.capacities();
    if (needed > this.#capacity) {
      const room = this.#rooms.of(needed);
      const granted = await room?.take(needed, (giveUp) => this.#giveUp = giveUp) ?? true;
      this.#giveUp = null;
      if (!granted) return null;
      this.#hold(needed);
    } else if (wished > this.#capacity && this.#rooms.of(wished)?.tryTake(wished)) {
      this.#hold(wished);
    }
    return this.#splitter.room(this.#capacity);
  }

  /** A read begins, whose end is told to `filled`. */
  reading(): void {
    this.#readSince = performance.now();
  }

  /** The frames that are complete with so many bytes more. */
  filled(count: number): Uint8Array[] {
    if (this.#readSince !== null) this.#spent += performance.now() - this.#readSince;
    this.#readSince = null;
    const frames = this.#splitter.filled(count);
    // What a frame needs is held until it is complete: two that hold a part each would wait for ever.
    if (frames.length === 0 && this.#splitter.held > 0) return frames;
    this.#spent = 0;
    const { capacity } = this.#splitter;
    if (capacity < this.#capacity) this.#release(capacity);
    return frames;
  }

  /** Gives all back. */
  end(): void {
    this.#readSince = null;
    this.#giveUp?.();
    this.#release(FIRST_READ_BYTES);
  }

  /** Milliseconds for which nothing came of a frame that has begun, while it was read. */
  silence(now: number): number {
    return this.#splitter.held === 0 || this.#readSince === null ? 0 : now - this.#readSince;
  }

  /**
   * Milliseconds by which the frame that is coming is later than so many bytes a second would be;
   * −∞ when nobody waits for the memory that it holds.
   */
  lateness(now: number, bytesPerSecond: number): number {
    const room = this.#rooms.of(this.#capacity);
    if (this.#splitter.held === 0 || room === null || !room.isShort) return -Infinity;
    return this.#spent + this.silence(now) - this.#capacity / bytesPerSecond * 1000;
  }

  #hold(capacity: number): void {
    // The new memory is taken: what was held before is free.
    this.#rooms.of(this.#capacity)?.give(this.#capacity);
    this.#capacity = capacity;
  }

  #release(capacity: number): void {
    const before = this.#rooms.of(this.#capacity);
    const after = this.#rooms.of(capacity);
    // A buffer shrinks to the usual size of its room, or to none.
    if (before !== after && after !== null && !after.tryTake(capacity)) return;
    before?.give(before === after ? this.#capacity - capacity : this.#capacity);
    this.#capacity = capacity;
  }
}
