import { malformed } from "./errors.ts";
import type { Item } from "./globals.ts";

/** An array kept for the next pickle is no longer than this. */
const KEPT = 4096;

/** What a pickle keeps by number, to use it again. */
export class Memo {
  #items: (Item | undefined)[] = [];
  /** How many are kept, and the number after the last of them. */
  #count = 0;
  #end = 0;
  #most = 0;

  /** Empties it, for a pickle that may number items below `most`. */
  start(most: number): void {
    this.#count = this.#end = 0;
    this.#most = most;
  }

  /** Lets go of a large array. */
  end(): void {
    if (this.#items.length > KEPT) this.#items = [];
  }

  /** Keeps an item under the next number. */
  add(item: Item): void {
    if (this.#count !== this.#end) return this.put(this.#count, item);
    this.#items[this.#end++] = item;
    this.#count++;
  }

  /** @throws {MalformedMessage} when no pickler would use such a number. */
  put(index: number, item: Item): void {
    if (!(index >= 0 && index < this.#most)) throw malformed("no such memo");
    while (this.#end <= index) this.#items[this.#end++] = undefined;
    if (this.#items[index] === undefined) this.#count++;
    this.#items[index] = item;
  }

  /** @throws {MalformedMessage} when nothing is kept under this number. */
  get(index: number): Item {
    const item = index >= 0 && index < this.#end ? this.#items[index] : undefined;
    if (item === undefined) throw malformed("no such memo");
    return item;
  }

  /** Uses up numbers for items that nobody asks for; false when they cannot be told. */
  skip(count: number): boolean {
    if (this.#count !== this.#end) return false;
    for (let i = 0; i < count; i++) this.#items[this.#end++] = undefined;
    this.#count += count;
    return true;
  }
}
