/** The stack of the pickle machine, with its marks. */
import type { Value } from "../value.ts";
import { malformed } from "./errors.ts";
import { Global, type Item } from "./globals.ts";
import { payForKey, type Spend } from "./keys.ts";

/** An array kept for the next pickle is no longer than this. */
const KEPT = 4096;

/** Adds elements to a set. */
function addAll(set: Set<Value>, items: readonly Value[], spend: Spend): Set<Value> {
  for (const item of items) {
    if (item instanceof Map) throw malformed("a dict cannot be in a set");
    payForKey(item, spend);
    set.add(item);
  }
  return set;
}

/** Values that are being put together. Taking what is not there throws MalformedMessage. */
export class Stack {
  /** How many items it holds. */
  top = 0;
  /** Classes pushed and not called: when this is not 0 at the end, one may be inside the data. */
  classes = 0;
  readonly #spend: Spend;
  #items: Item[] = [];
  #marks: number[] = [];
  /** How far down it may be taken: what is below belongs to the last mark. */
  #floor = 0;
  /** Containers that may still be made. */
  #containers = 0;
  #made = 0;
  /** Something was pushed again that may have made the data contain itself. */
  #shared = false;

  /** @param spend pays for keys of dicts and elements of sets */
  constructor(spend: Spend) {
    this.#spend = spend;
  }

  /** Empties it, for a pickle that may make so many containers. */
  start(containers: number): void {
    this.top =
      this.classes =
      this.#floor =
      this.#made =
        0;
    this.#marks.length = 0;
    this.#containers = containers;
    this.#shared = false;
  }

  /**
   * The one item that is left, and whether it is sure to be data without classes, nested at most
   * `depth` deep.
   */
  result(depth: number): { value: Item; plain: boolean } {
    if (this.top !== 1 || this.#marks.length !== 0) throw malformed("values are left over");
    const plain = !this.#shared && this.classes === 0 && this.#made <= depth;
    return { value: this.#items[0], plain };
  }

  /** Lets go of large arrays. */
  end(): void {
    if (this.#items.length > KEPT) this.#items = [];
    if (this.#marks.length > KEPT) this.#marks = [];
  }

  push(item: Item): void {
    this.#items[this.top++] = item;
  }

  /** Puts an item in the place of the last one. */
  replace(item: Item): void {
    this.#items[this.top - 1] = item;
  }

  /** Whether the last item that may be taken is this one. */
  topIs(item: Item): boolean {
    return this.top > this.#floor && this.#items[this.top - 1] === item;
  }

  mark(): void {
    this.#marks.push(this.#floor = this.top);
  }

  /** Removes the last item, or the last mark when it is above. */
  drop(): void {
    if (this.top > this.#floor) this.top--;
    else this.takeMark();
  }

  dropTo(top: number): void {
    this.top = top;
  }

  pop(): Item {
    if (this.top <= this.#floor) throw malformed("it takes a value that is not there");
    return this.#items[--this.top];
  }

  peek(): Item {
    if (this.top <= this.#floor) throw malformed("it takes a value that is not there");
    return this.#items[this.top - 1];
  }

  /** Removes the last mark and gives its place in the stack. */
  takeMark(): number {
    const mark = this.#marks.pop();
    if (mark === undefined) throw malformed("it takes a mark that is not there");
    this.#floor = this.#marks.length === 0 ? 0 : this.#marks[this.#marks.length - 1];
    return mark;
  }

  /** Takes what is on the stack from `mark` on. */
  takeItems(mark: number): Value[] {
    const items = this.#items.slice(mark, this.top);
    this.top = mark;
    // A class among them is found at the end, by the count of those that were not called.
    return items as Value[];
  }

  /** Takes what is on the stack from `mark` on, as a set. */
  takeSet(mark: number): Set<Value> {
    return addAll(new Set(), this.takeItems(mark), this.#spend);
  }

  pushContainer(container: Value): void {
    if (++this.#made > this.#containers) throw malformed("it has too many containers");
    this.#items[this.top++] = container;
  }

  pushGlobal(global: Global): void {
    this.classes++;
    this.#items[this.top++] = global;
  }

  /** Pushes something that is elsewhere already. */
  pushAgain(item: Item): void {
    if (item instanceof Global) this.classes++;
    else if (typeof item === "object" && item !== null) this.#shared = true;
    this.#items[this.top++] = item;
  }

  tuple(size: number): void {
    const top = this.top - size;
    if (top < this.#floor) throw malformed("it takes a value that is not there");
    const stack = this.#items as Value[];
    this.top = top;
    this.pushContainer(
      size === 1
        ? [stack[top]]
        : size === 2
        ? [stack[top], stack[top + 1]]
        : [stack[top], stack[top + 1], stack[top + 2]],
    );
  }

  /** Makes a dict of what stands above a mark. */
  dict(mark: number): void {
    this.#insertDict(mark);
    this.setItems(mark + 1);
  }

  /** Adds what stands above a mark to the set below it. */
  addItems(mark: number): void {
    const items = this.takeItems(mark);
    const set = this.peek();
    if (!(set instanceof Set)) throw malformed("elements for something that is not a set");
    addAll(set, items, this.#spend);
  }

  /** Puts an empty dict below what is on the stack from `mark` on. */
  #insertDict(mark: number): void {
    this.pushContainer(null);
    this.#items.copyWithin(mark + 1, mark, this.top - 1);
    this.#items[mark] = new Map();
  }

  /** Moves keys and values from `from` on into the dict below them. */
  setItems(from: number): void {
    const stack = this.#items as Value[];
    const top = this.top;
    if (from <= this.#floor || (top - from) % 2 !== 0) {
      throw malformed("it takes a value that is not there");
    }
    const dict = stack[from - 1];
    if (!(dict instanceof Map)) throw malformed("items for something that is not a dict");
    for (let i = from; i < top; i += 2) {
      const key = stack[i];
      if (typeof key === "object" && key instanceof Map) throw malformed("a dict cannot be a key");
      payForKey(key, this.#spend);
      dict.set(key, stack[i + 1]);
    }
    this.top = from;
  }

  /** Moves values from `from` on into the list below them. */
  append(from: number): void {
    if (from <= this.#floor) throw malformed("it takes a value that is not there");
    const list = this.#items[from - 1];
    if (!Array.isArray(list)) throw malformed("elements for something that is not a list");
    for (let i = from; i < this.top; i++) list.push(this.#items[i] as Value);
    this.top = from;
  }
}
