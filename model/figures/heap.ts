/** A heap that gives the value with the least key first; of equal keys any. */
export class Heap {
  readonly #keys: number[] = [];
  readonly #values: number[] = [];

  get size(): number {
    return this.#keys.length;
  }

  /** The least key; Infinity when there is none. */
  get least(): number {
    return this.#keys[0] ?? Infinity;
  }

  push(key: number, value: number): void {
    let at = this.#keys.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.#keys[above] <= key) break;
      this.#put(at, this.#keys[above], this.#values[above]);
      at = above;
    }
    this.#put(at, key, value);
  }

  /** Takes out the value with the least key. */
  pop(): number | undefined {
    const first = this.#values[0];
    const key = this.#keys.pop();
    const value = this.#values.pop();
    if (key !== undefined && value !== undefined && this.#keys.length > 0) this.#sink(key, value);
    return first;
  }

  #sink(key: number, value: number): void {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= this.#keys.length) break;
      if (this.#keys[below + 1] < this.#keys[below]) below++;
      if (this.#keys[below] >= key) break;
      this.#put(at, this.#keys[below], this.#values[below]);
      at = below;
    }
    this.#put(at, key, value);
  }

  #put(at: number, key: number, value: number): void {
    this.#keys[at] = key;
    this.#values[at] = value;
  }
}
