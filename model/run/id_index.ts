/** Where each task id stands, in four bytes an id: Parsl numbers tasks from 0 without gaps. */
export class IdIndex {
  /** Index + 1 per id; 0 is none. */
  #dense = new Int32Array(64);
  /** Ids that are negative or far beyond the others. */
  readonly #sparse = new Map<number, number>();
  #count = 0;

  /** Bytes taken. */
  get bytes(): number {
    return this.#dense.byteLength + this.#sparse.size * 40;
  }

  /** The index of an id; undefined when it has none. */
  get(id: number): number | undefined {
    const index = id >= 0 && id < this.#dense.length ? this.#dense[id] : 0;
    return index > 0 ? index - 1 : this.#sparse.size > 0 ? this.#sparse.get(id) : undefined;
  }

  /** Gives an index to an id that has none. */
  set(id: number, index: number): void {
    this.#count++;
    if (id < 0 || id > 4 * this.#count + 65536) {
      this.#sparse.set(id, index);
      return;
    }
    if (id >= this.#dense.length) {
      const size = Math.max(id + 1, this.#dense.length + (this.#dense.length >> 2));
      this.#dense = new Int32Array(this.#dense.buffer.transfer(size * 4));
    }
    this.#dense[id] = index + 1;
  }

  /** All indexes in the order of their ids. */
  ordered(): Uint32Array {
    const out = new Uint32Array(this.#count);
    const far = [...this.#sparse].sort((a, b) => a[0] - b[0]);
    let used = 0;
    let next = 0;
    for (; next < far.length && far[next][0] < 0; next++) out[used++] = far[next][1];
    for (let id = 0; id < this.#dense.length; id++) {
      const index = this.#dense[id];
      if (index > 0) out[used++] = index - 1;
      else if (next < far.length && far[next][0] === id) out[used++] = far[next++][1];
    }
    for (; next < far.length; next++) out[used++] = far[next][1];
    return out;
  }
}
