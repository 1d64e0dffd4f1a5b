/** Opens packed lists of texts, each text when it is asked for. */
import type { TextsHeader } from "./header.ts";
import { Room } from "./room.ts";

/** Texts by number; an array of texts is one, too. */
export interface Words {
  readonly length: number;
  at(index: number): string | undefined;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Texts that are decoded when they are asked for. */
export class OpenedWords implements Words {
  readonly length: number;
  readonly #bytes: Uint8Array;
  /** Where each begins, and where the last ends. */
  readonly #starts: Float64Array;
  readonly #isHex: boolean;
  readonly #known = new Map<number, string>();

  /**
   * @param lengths of the texts in bytes, where they differ
   * @throws {Error} when the bytes are fewer than the texts have
   */
  constructor(
    header: TextsHeader,
    bytes: Uint8Array,
    lengths: ArrayLike<number> | null,
    room: Room = new Room(),
  ) {
    room.take((header.n + 1) * 8);
    this.length = header.n;
    this.#bytes = bytes;
    this.#isHex = header.e === "hex";
    this.#starts = new Float64Array(header.n + 1);
    const each = header.e === "hex" ? header.length / 2 : 0;
    for (let i = 0; i < header.n; i++) {
      const length = lengths ? lengths[i] : each;
      if (!(length >= 0)) throw new Error("a text has a length that is none");
      this.#starts[i + 1] = this.#starts[i] + length;
    }
    if (this.#starts[header.n] > bytes.length) {
      throw new Error("texts are longer than the header says");
    }
  }

  at(index: number): string | undefined {
    const known = this.#known.get(index);
    if (known !== undefined) return known;
    if (!(index >= 0 && index < this.length)) return undefined;
    const bytes = this.#bytes.subarray(this.#starts[index], this.#starts[index + 1]);
    const text = this.#isHex
      ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
      : decoder.decode(bytes);
    if (this.#known.size < 4096) this.#known.set(index, text);
    return text;
  }
}
