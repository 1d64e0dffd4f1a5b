import type { Cause } from "../cause/cause.ts";
import { causeOf } from "../cause/fail_history.ts";

/** The most causes that are told apart. */
const MOST_CAUSES = 1000;
/** Of an example that is longer so much is kept: of its beginning, and of its end. */
const EXAMPLE_HEAD = 1000;
const EXAMPLE_TAIL = 3000;
/** The most texts, and the longest, whose cause is remembered. */
const REMEMBERED = 500;
const LONGEST_REMEMBERED = 2000;
/** The most causes beyond the first 1,000 that are counted. */
const MOST_COUNTED = 100_000;

/** What all causes beyond the first 1,000 are called. */
export const OTHER_CAUSES = "other failures";
/** No cause has this key. */
const OTHER_KEY = "\0";

/** Why tries failed: every distinct cause once, with one text to the letter. */
export class Causes {
  /** What people read, by index: of the texts of one cause the most telling. */
  readonly list: string[] = [];
  /** One text of each to the letter, of a very long one the ends; "" of a cause that only began others. */
  readonly examples: string[] = [];
  readonly #roots: (number[] | null)[] = [];
  readonly #index = new Map<string, number>();
  readonly #texts = new Map<string, number>();
  readonly #others = new Set<number>();

  /** Bytes taken, roughly. */
  get bytes(): number {
    const texts = [...this.examples, ...this.#texts.keys()];
    const counted = 40 * this.#others.size;
    return this.list.length * 1200 + counted + texts.reduce((sum, text) => sum + text.length, 0);
  }

  /** How many causes stand together as {@link OTHER_CAUSES}; not counted beyond 100,000. */
  get merged(): number {
    return this.#others.size;
  }

  /** The index of the cause that a fail history names; beyond 1,000 causes all share the last. */
  of(history: string): number {
    let index = this.#texts.get(history);
    if (index === undefined) {
      index = this.#indexOf(causeOf(history));
      if (history.length <= LONGEST_REMEMBERED) {
        if (this.#texts.size >= REMEMBERED) this.#texts.clear();
        this.#texts.set(history, index);
      }
    }
    if (this.examples[index] === "") this.examples[index] = shortened(history);
    return index;
  }

  /**
   * The causes that the failure of other tasks began with, by index; none where they are not told.
   * Null of a failure that is not that of others.
   */
  rootsOf(cause: number): readonly number[] | null {
    return this.#roots[cause];
  }

  #indexOf(cause: Cause): number {
    const known = this.#index.get(cause.key);
    if (known !== undefined) {
      if (isBetter(cause.label, this.list[known])) this.list[known] = cause.label;
      return known;
    }
    if (this.list.length < MOST_CAUSES) return this.#add(cause);
    if (this.#others.size < MOST_COUNTED) this.#others.add(hashOf(cause.key));
    return this.#index.get(OTHER_KEY) ??
      this.#add({ label: OTHER_CAUSES, key: OTHER_KEY, roots: null });
  }

  #add({ label, key, roots }: Cause): number {
    const index = this.list.push(label) - 1;
    this.#index.set(key, index);
    this.examples.push("");
    this.#roots.push(null);
    this.#roots[index] = roots && [...new Set(roots.map((root) => this.#indexOf(root)))];
    return index;
  }
}

/** Of two ways to say the same the one that is read, whichever came first. */
function isBetter(label: string, than: string): boolean {
  return label.length > than.length || label.length === than.length && label < than;
}

function shortened(text: string): string {
  const left = text.length - EXAMPLE_HEAD - EXAMPLE_TAIL;
  if (left <= 0) return text;
  const [head, tail] = [text.slice(0, EXAMPLE_HEAD), text.slice(-EXAMPLE_TAIL)];
  return `${head}\n… ${left.toLocaleString("en-US")} characters left out …\n${tail}`;
}

/** 53 bits of a text (cyrb53). */
function hashOf(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    high = Math.imul(high ^ text.charCodeAt(i), 2654435761);
    low = Math.imul(low ^ text.charCodeAt(i), 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
