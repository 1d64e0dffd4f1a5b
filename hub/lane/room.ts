/** Memory for frames that have come in part, shared by all clients of the lane. */

/** Somebody who waits for memory. */
interface Waiting {
  bytes: number;
  resolve: (granted: boolean) => void;
}

/** So many bytes, given away and taken back; who finds too few left waits for its turn. */
export class Room {
  #left: number;
  #waiting: Waiting[] = [];
  #closed = false;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Whether somebody waits. */
  get isShort(): boolean {
    return this.#waiting.length > 0;
  }

  /** Takes bytes when there are enough and nobody waits for them; says whether it did. */
  tryTake(bytes: number): boolean {
    if (this.isShort || bytes > this.#left || this.#closed) return false;
    this.#left -= bytes;
    return true;
  }

  /**
   * Takes bytes as soon as there are enough.
   *
   * @param given tells the caller how to give up waiting
   * @returns false when it was given up, or nobody is waited for any more
   */
  take(bytes: number, given: (giveUp: () => void) => void): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    if (this.tryTake(bytes)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiting = { bytes, resolve };
      this.#waiting.push(waiting);
      given(() => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        resolve(false);
        this.#next();
      });
    });
  }

  /** Takes bytes back. */
  give(bytes: number): void {
    this.#left += bytes;
    this.#next();
  }

  /** Sends all away who wait, and those who come. */
  close(): void {
    this.#closed = true;
    for (const { resolve } of this.#waiting) resolve(false);
    this.#waiting = [];
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#waiting[0].bytes <= this.#left) {
      const { bytes, resolve } = this.#waiting.shift()!;
      this.#left -= bytes;
      resolve(true);
    }
  }
}
