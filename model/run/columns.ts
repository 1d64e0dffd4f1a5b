/** Growable typed columns: a Run is a struct of these, never an object per task. */

type Column = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Narrow;
type Narrow = Int8Array<ArrayBuffer> | Int16Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** The next size of a full column. Big columns grow by an eighth, so that little lies idle. */
function nextSize(length: number): number {
  return length < 4096 ? length * 2 : length + (length >> 3);
}

/** Moves values to a bigger column and gives the memory of the old one back at once. */
function moved<T extends Column>(from: Column, to: T): T {
  to.set(from);
  from.buffer.transfer(0);
  return to;
}

/** A growable column of floats; NaN stands for unknown. */
export class Floats {
  data = new Float64Array(64);
  length = 0;

  /** Bytes taken. */
  get bytes(): number {
    return this.data.byteLength;
  }

  /** Appends a value; null becomes NaN. */
  push(value: number | null): void {
    if (this.length === this.data.length) {
      this.data = moved(this.data, new Float64Array(nextSize(this.length)));
    }
    this.data[this.length++] = value ?? NaN;
  }

  /** The value at an index, null where unknown. */
  get(index: number): number | null {
    const value = this.data[index];
    return Number.isNaN(value) ? null : value;
  }

  /** Replaces a value, unless the new one is unknown: knowledge is never taken back. */
  learn(index: number, value: number | null): void {
    if (value !== null) this.data[index] = value;
  }
}

/** A growable column of 32-bit integers; -1 stands for none. */
export class Ints {
  data = new Int32Array(64);
  length = 0;

  /** Bytes taken. */
  get bytes(): number {
    return this.data.byteLength;
  }

  /** Appends a value. */
  push(value: number): void {
    if (this.length === this.data.length) {
      this.data = moved(this.data, new Int32Array(nextSize(this.length)));
    }
    this.data[this.length++] = value;
  }
}

/**
 * A growable column of integers that are mostly small: one byte each, until a value needs two or
 * four. Write with `set`, never through `data`, which may be too narrow.
 */
export class SmallInts {
  data: Narrow = new Int8Array(64);
  length = 0;
  #most = 127;

  /** Bytes taken. */
  get bytes(): number {
    return this.data.byteLength;
  }

  /** Appends a value. */
  push(value: number): void {
    if (this.length === this.data.length) {
      this.data = moved(this.data, this.#narrow(nextSize(this.length)));
    }
    this.set(this.length++, value);
  }

  /** Replaces the value at an index below the length. */
  set(index: number, value: number): void {
    if (value > this.#most || value < -this.#most - 1) this.#widen(value);
    this.data[index] = value;
  }

  #widen(value: number): void {
    this.#most = value > 32767 || value < -32768 ? 0x7fffffff : 32767;
    this.data = moved(this.data, this.#narrow(this.data.length));
  }

  /** An empty column just wide enough. */
  #narrow(length: number): Narrow {
    if (this.#most === 127) return new Int8Array(length);
    return this.#most === 32767 ? new Int16Array(length) : new Int32Array(length);
  }
}

/** Interned strings: each distinct text once, named by its index. */
export class Strings {
  readonly list: string[] = [];
  #index = new Map<string, number>();
  #bytes = 0;

  /** Bytes taken, roughly. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The index of a text, given one if new; -1 for null. */
  of(text: string | null): number {
    if (text === null) return -1;
    const known = this.#index.get(text);
    if (known !== undefined) return known;
    this.#index.set(text, this.list.length);
    this.#bytes += 64 + text.length;
    return this.list.push(text) - 1;
  }

  /** The index of a text if it is known, else undefined. */
  find(text: string): number | undefined {
    return this.#index.get(text);
  }

  /** The text at an index; null for -1. */
  at(index: number): string | null {
    return index < 0 ? null : this.list[index];
  }
}
