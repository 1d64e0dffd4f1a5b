/** Growable typed columns: a Run is a struct of these, never an object per task. */

/** A growable column of floats; NaN stands for unknown. */
export class Floats {
  data = new Float64Array(64);
  length = 0;

  /** Appends a value; null becomes NaN. */
  push(value: number | null): void {
    if (this.length === this.data.length) {
      const grown = new Float64Array(this.data.length * 2);
      grown.set(this.data);
      this.data = grown;
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

  /** Appends a value. */
  push(value: number): void {
    if (this.length === this.data.length) {
      const grown = new Int32Array(this.data.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length++] = value;
  }
}

/** Interned strings: each distinct text once, named by its index. */
export class Strings {
  readonly list: string[] = [];
  #index = new Map<string, number>();

  /** The index of a text, given one if new; -1 for null. */
  of(text: string | null): number {
    if (text === null) return -1;
    const known = this.#index.get(text);
    if (known !== undefined) return known;
    this.#index.set(text, this.list.length);
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
