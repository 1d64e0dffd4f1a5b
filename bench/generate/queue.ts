import { Ints } from "../../model/run/columns.ts";

/** First in, first out. */
export class Queue {
  readonly #items = new Ints();
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: number): void {
    if (this.#head > 4096 && this.#head * 2 > this.#items.length) {
      this.#items.data.copyWithin(0, this.#head, this.#items.length);
      this.#items.length -= this.#head;
      this.#head = 0;
    }
    this.#items.push(item);
  }

  /** The oldest item; only when there is one. */
  shift(): number {
    return this.#items.data[this.#head++];
  }
}
