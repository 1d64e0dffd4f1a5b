import { Ints, SmallInts } from "./columns.ts";
import { taskIds } from "../../parsl/task_ids.ts";

const NONE = new Int32Array(0);

/**
 * Which tasks of a run are joins, and which tasks each of them waits for. It grows with the joins
 * alone: a run without any pays nothing.
 */
export class Joins {
  /** Indexes of the tasks that are joins, in the order in which they were found to be. */
  readonly tasks = new Ints();
  /** Ids of the tasks waited for, those of all joins and of older tries of theirs. */
  readonly ids = new Ints();
  /** Per join the number of the try that `ids` are of, and where they are; -1 without any. */
  readonly #try = new SmallInts();
  readonly #start = new Ints();
  readonly #count = new SmallInts();
  /** Per task its place among the joins plus 1; only as long as it has to be. */
  #place = NONE;

  /** Bytes taken. */
  get bytes(): number {
    const columns = [this.tasks, this.ids, this.#try, this.#start, this.#count];
    return columns.reduce((sum, { bytes }) => sum + bytes, this.#place.byteLength);
  }

  /** Grows with whatever is learned. */
  get size(): number {
    return this.tasks.length + this.ids.length;
  }

  /** Whether a task, by its index, is known to be a join. */
  has(task: number): boolean {
    return this.#placeOf(task) >= 0;
  }

  /** Ids of the tasks that the newest try of a task that joined any waits for, or waited for. */
  of(task: number): Int32Array {
    const place = this.#placeOf(task);
    if (place < 0) return NONE;
    const start = this.#start.data[place];
    return this.ids.data.subarray(start, start + this.#count.data[place]);
  }

  /** 1 for each of the first `count` tasks that is a join, else 0; null when there are none. */
  marks(count: number): Uint8Array | null {
    if (this.tasks.length === 0) return null;
    const marks = new Uint8Array(count);
    for (const task of this.tasks.data.subarray(0, this.tasks.length)) {
      if (task < count) marks[task] = 1;
    }
    return marks;
  }

  /** Says that a task is a join, whatever it waits for. */
  add(task: number): void {
    if (!this.has(task)) this.#add(task);
  }

  /** Says what a try of a task waits for: comma-joined ids. An older try's are no news. */
  set(task: number, number: number, text: string): void {
    const place = this.has(task) ? this.#placeOf(task) : this.#add(task);
    if (number < this.#try.data[place]) return;
    const start = this.ids.length;
    for (const id of taskIds(text)) this.ids.push(id);
    const known = this.of(task);
    const fresh = this.ids.data.subarray(start, this.ids.length);
    this.#try.set(place, number);
    if (fresh.length === known.length && fresh.every((id, i) => id === known[i])) {
      this.ids.length = start;
      return;
    }
    this.#start.data[place] = start;
    this.#count.set(place, fresh.length);
  }

  #placeOf(task: number): number {
    return task < this.#place.length ? this.#place[task] - 1 : -1;
  }

  #add(task: number): number {
    if (task >= this.#place.length) {
      const longer = new Int32Array(Math.max(64, task + 1, Math.ceil(this.#place.length * 1.25)));
      longer.set(this.#place);
      this.#place = longer;
    }
    const place = this.tasks.length;
    this.#place[task] = place + 1;
    this.tasks.push(task);
    this.#try.push(-1);
    this.#start.push(0);
    this.#count.push(0);
    return place;
  }
}
