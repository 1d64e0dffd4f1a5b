/** Bytes that grow. */
export class Bytes {
  #data = new Uint8Array(1024);
  length = 0;

  /** Appends some bytes. */
  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#data.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Appends integers of 0 to 2^53, low bits first, seven to a byte; the last byte is below 128. */
  varints(values: Float64Array): void {
    this.#reserve(values.length * 8);
    const data = this.#data;
    let at = this.length;
    for (let i = 0; i < values.length; i++) {
      let rest = values[i];
      while (rest >= 128) {
        const next = Math.floor(rest / 128);
        data[at++] = 128 + (rest - next * 128);
        rest = next;
      }
      data[at++] = rest;
    }
    this.length = at;
  }

  /** Appends so many zeros, and gives them to be written. */
  room(length: number): Uint8Array {
    this.#reserve(length);
    this.length += length;
    return this.#data.subarray(this.length - length, this.length);
  }

  /** The bytes so far. */
  done(): Uint8Array {
    return this.#data.subarray(0, this.length);
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#data.length) return;
    const size = Math.max(this.length + more, this.#data.length * 2);
    const data = new Uint8Array(size);
    data.set(this.#data.subarray(0, this.length));
    this.#data = data;
  }
}
