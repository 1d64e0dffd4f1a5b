import { TextField } from "../../parsl/text_field.ts";
/** What is known of the long texts of tasks, which a run does not hold. */

/** A word that is looked for in texts, in lower case. */
export interface TextWord {
  field: TextField;
  text: string;
}

/** A set of tasks by their indexes in a run, one bit each. */
export class TaskSet {
  #bits = new Uint8Array(64);

  /** Bytes taken. */
  get bytes(): number {
    return this.#bits.byteLength;
  }

  has(task: number): boolean {
    return (this.#bits[task >> 3] >> (task & 7) & 1) === 1;
  }

  add(task: number): void {
    const at = task >> 3;
    if (at >= this.#bits.length) {
      const size = Math.max(at + 1, this.#bits.length + (this.#bits.length >> 1));
      this.#bits = new Uint8Array(this.#bits.buffer.transfer(size));
    }
    this.#bits[at] |= 1 << (task & 7);
  }

  delete(task: number): void {
    if (task >> 3 < this.#bits.length) this.#bits[task >> 3] &= ~(1 << (task & 7));
  }
}

/** Which tasks have some words in their texts, as far as that is known. */
export interface Texts {
  /** Differs whenever another answer may be known. */
  stamp: string;
  /** Tasks whose texts hold a word; null when nothing is known of it. */
  of(word: TextWord): TaskSet | null;
  /** Rows that were looked at and in all, while there are more to look at; else null. */
  progress: { done: number; total: number } | null;
  /** Why what could be searched was not; null when it was. */
  problem: string | null;
  /** What cannot be searched, for the database is without it; sentences. */
  lacks: readonly string[];
}

/** No text was searched. */
export const NO_TEXTS: Texts = {
  stamp: "",
  of: () => null,
  progress: null,
  problem: null,
  lacks: [],
};
