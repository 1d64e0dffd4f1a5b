const TIME_LIMIT = 2 ** 38;
const ITEM_LIMIT = 2 ** 26;

/** Numbers in the order of their times; takes 8 bytes for each. */
export class Order {
  #words = new Uint32Array(2048);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /**
   * @param time microseconds, below 76 hours
   * @param item below 67 million
   * @throws {RangeError} when one of them is too large
   */
  add(time: number, item: number): void {
    if (!(time >= 0 && time < TIME_LIMIT)) throw new RangeError(`a run cannot last ${time} µs`);
    if (item >= ITEM_LIMIT) throw new RangeError("a run cannot have so many rows");
    const at = 2 * this.#length++;
    if (at === this.#words.length) {
      const grown = new Uint32Array(2 * at);
      grown.set(this.#words);
      this.#words = grown;
    }
    // Little-endian: 38 bits of time above 26 bits of item.
    this.#words[at] = (time % 64) * ITEM_LIMIT + item;
    this.#words[at + 1] = Math.floor(time / 64);
  }

  /** To be called once, when all are there. */
  sort(): void {
    new BigUint64Array(this.#words.buffer, 0, this.#length).sort();
  }

  timeAt(index: number): number {
    return this.#words[2 * index + 1] * 64 + Math.floor(this.#words[2 * index] / ITEM_LIMIT);
  }

  itemAt(index: number): number {
    return this.#words[2 * index] % ITEM_LIMIT;
  }
}
