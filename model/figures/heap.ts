/** A heap that gives the value with the least key first; of equal keys the least value. */
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
    const keys = this.#keys;
    const values = this.#values;
    let at = keys.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = keys[above];
      if (other <= key && (other < key || values[above] <= value)) break;
      keys[at] = other;
      values[at] = values[above];
      at = above;
    }
    keys[at] = key;
    values[at] = value;
  }

  /** Takes out the value with the least key. */
  pop(): number | undefined {
    const first = this.#values[0];
    const key = this.#keys.pop();
    const value = this.#values.pop();
    if (key !== undefined && value !== undefined && this.#keys.length > 0) this.#sink(key, value);
    return first;
  }

  /** Moves an entry to where it belongs, from the empty top downwards. */
  #sink(key: number, value: number): void {
    const keys = this.#keys;
    const values = this.#values;
    const last = keys.length - 1;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below > last) break;
      let least = keys[below];
      if (below < last) {
        const other = keys[below + 1];
        if (other <= least && (other < least || values[below + 1] < values[below])) {
          below++;
          least = other;
        }
      }
      if (key <= least && (key < least || value <= values[below])) break;
      keys[at] = least;
      values[at] = values[below];
      at = below;
    }
    keys[at] = key;
    values[at] = value;
  }
}
