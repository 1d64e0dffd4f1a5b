import type { Cell } from "../../parsl/cell.ts";
import { IntLists } from "./lists.ts";
import { LARGEST_INT } from "./limits.ts";
import { CODE } from "./column.ts";
import { microsOf } from "./micros.ts";

const CHUNK = 16_384;
/** Columns whose texts are lists of task ids. */
const LISTS = new Set(["task_depends", "task_joins"]);

interface Chunk {
  /** One number for all, or one each. */
  kinds: number | Uint8Array;
  values: Int8Array | Int16Array | Int32Array | Float64Array;
}

/** Cells of one column as they come, in a few bytes each. */
export class CellColumn {
  readonly name: string;
  length = 0;
  /** The kind of all cells; null when they differ. */
  kind: number | null = CODE.null;
  /** Whether all values fit into 32 bits. */
  isNarrow = true;
  /** The distinct texts; a cell's value is an index into these. */
  readonly words: string[] = [];
  readonly #index = new Map<string, number>();
  readonly #chunks: Chunk[] = [];
  /** The lists; a cell's value is the number of its list. */
  readonly lists: IntLists | null;
  #kinds = new Uint8Array(CHUNK);
  #values = new Float64Array(CHUNK);
  #used = 0;
  #lastText: string | null = null;
  #lastWord = -1;

  constructor(name: string) {
    this.name = name;
    this.lists = LISTS.has(name) ? new IntLists() : null;
  }

  /** Takes a cell in. */
  add(cell: Cell): void {
    if (this.#used === CHUNK) this.#seal();
    let kind = CODE.null;
    let value = 0;
    if (typeof cell === "string") {
      const micros = microsOf(cell);
      if (micros === micros) {
        kind = CODE.time;
        value = micros;
      } else if (this.lists?.add(cell)) {
        kind = CODE.list;
        value = this.lists.length - 1;
      } else {
        kind = CODE.text;
        value = this.#word(cell);
      }
    } else if (typeof cell === "number") {
      kind = CODE.real;
      value = cell;
    } else if (typeof cell === "bigint") {
      value = Number(cell);
      kind = Math.abs(value) < LARGEST_INT ? CODE.int : CODE.big;
      if (kind === CODE.big) value = this.#word(String(cell));
    } else if (cell !== null) {
      kind = CODE.blob;
      value = this.#word(hexOf(cell));
    }
    if (this.length === 0) this.kind = kind;
    else if (this.kind !== kind) this.kind = null;
    if (this.isNarrow && ((value | 0) !== value || kind === CODE.real)) this.isNarrow = false;
    this.#kinds[this.#used] = kind;
    this.#values[this.#used++] = value;
    this.length++;
  }

  /** The kinds and values of all cells, in order, a chunk at a time. */
  *chunks(): Iterable<{ from: number; kinds: number | Uint8Array; values: ArrayLike<number> }> {
    let from = 0;
    for (const chunk of this.#chunks) {
      yield { from, ...chunk };
      from += CHUNK;
    }
    yield {
      from,
      kinds: this.#kinds.subarray(0, this.#used),
      values: this.#values.subarray(0, this.#used),
    };
  }

  /** Gives back the memory that more cells would need. */
  close(): void {
    this.#index.clear();
  }

  #word(text: string): number {
    // Looking a text up means going through it twice; most are the one before.
    if (text === this.#lastText) return this.#lastWord;
    this.#lastText = text;
    return this.#lastWord = this.#found(text);
  }

  #found(text: string): number {
    const known = this.#index.get(text);
    if (known !== undefined) return known;
    this.#index.set(text, this.words.length);
    return this.words.push(text) - 1;
  }

  #seal(): void {
    const kinds = this.#kinds;
    const uniform = kinds.every((kind) => kind === kinds[0]);
    this.#chunks.push({
      kinds: uniform ? kinds[0] : kinds.slice(),
      values: narrowed(this.#values),
    });
    this.#used = 0;
  }
}

/** A copy, in narrower numbers if they fit. */
function narrowed(values: Float64Array): Chunk["values"] {
  let most = 0;
  for (const value of values) {
    if ((value | 0) !== value || (value === 0 && 1 / value < 0)) return values.slice();
    const size = value < 0 ? -(value + 1) : value;
    if (size > most) most = size;
  }
  if (most < 2 ** 7) return Int8Array.from(values);
  return most < 2 ** 15 ? Int16Array.from(values) : Int32Array.from(values);
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
