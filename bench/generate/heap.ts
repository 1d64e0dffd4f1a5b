import { Floats, Ints } from "../../model/run/columns.ts";

/** What is to happen, soonest first; of two at the same time the one that was added first. */
export class Agenda {
  readonly #time = new Floats();
  readonly #order = new Floats();
  readonly #kind = new Ints();
  readonly #subject = new Ints();
  #size = 0;
  #added = 0;

  get size(): number {
    return this.#size;
  }

  add(time: number, kind: number, subject: number): void {
    let at = this.#size++;
    if (at === this.#time.length) {
      this.#time.push(0);
      this.#order.push(0);
      this.#kind.push(0);
      this.#subject.push(0);
    }
    const times = this.#time.data;
    // The newcomer has the highest order: it goes up only past later times.
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent] <= time) break;
      this.#copy(parent, at);
      at = parent;
    }
    this.#put(at, time, this.#added++, kind, subject);
  }

  /** Takes the soonest entry out. */
  next(): { time: number; kind: number; subject: number } {
    const first = {
      time: this.#time.data[0],
      kind: this.#kind.data[0],
      subject: this.#subject.data[0],
    };
    const last = --this.#size;
    if (last > 0) this.#sink(last);
    return first;
  }

  /** Moves the entry at `last` to where it belongs, from the empty top downwards. */
  #sink(last: number): void {
    const times = this.#time.data;
    const orders = this.#order.data;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#sooner(child + 1, child)) child++;
      if (!this.#sooner(child, last)) break;
      this.#copy(child, at);
      at = child;
    }
    this.#put(at, times[last], orders[last], this.#kind.data[last], this.#subject.data[last]);
  }

  #sooner(a: number, b: number): boolean {
    const difference = this.#time.data[a] - this.#time.data[b];
    return difference < 0 || (difference === 0 && this.#order.data[a] < this.#order.data[b]);
  }

  #copy(from: number, to: number): void {
    this.#put(
      to,
      this.#time.data[from],
      this.#order.data[from],
      this.#kind.data[from],
      this.#subject.data[from],
    );
  }

  #put(at: number, time: number, order: number, kind: number, subject: number): void {
    this.#time.data[at] = time;
    this.#order.data[at] = order;
    this.#kind.data[at] = kind;
    this.#subject.data[at] = subject;
  }
}

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
