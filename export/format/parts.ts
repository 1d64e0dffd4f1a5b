/** The parts that packed data is made of. */
import type { PartPlace } from "./header.ts";

/** So many bytes get a part of their own. */
const OWN_BYTES = 16_384;

/** Where the bytes of columns go: long ones into parts of their own, short ones into a common one. */
export interface Sink {
  /** The bytes may be written to again afterwards. */
  put(bytes: Uint8Array, name: string): Promise<PartPlace>;
}

/** Gathers parts, deflated. */
export class Parts implements Sink {
  readonly names: string[];
  readonly #deflate: (bytes: Uint8Array) => Promise<Uint8Array>;
  readonly #deflated: Uint8Array[] = [];
  readonly #small: Uint8Array[] = [];
  #used = 0;

  /** @param common name of the common part */
  constructor(common: string, deflate: (bytes: Uint8Array) => Promise<Uint8Array>) {
    this.names = [common];
    this.#deflate = deflate;
  }

  async put(bytes: Uint8Array, name: string): Promise<PartPlace> {
    if (bytes.length < OWN_BYTES) {
      this.#small.push(bytes.slice());
      this.#used += bytes.length;
      return [0, this.#used - bytes.length, bytes.length];
    }
    let unique = name;
    for (let i = 2; this.names.includes(unique); i++) unique = `${name}.${i}`;
    this.#deflated.push(await this.#deflate(bytes));
    return [this.names.push(unique) - 1, 0, bytes.length];
  }

  /** All parts, in the order of `names`. */
  async done(): Promise<{ name: string; deflated: Uint8Array }[]> {
    const small = new Uint8Array(this.#used);
    let at = 0;
    for (const bytes of this.#small) {
      small.set(bytes, at);
      at += bytes.length;
    }
    const all = [await this.#deflate(small), ...this.#deflated];
    return all.map((deflated, i) => ({ name: this.names[i], deflated }));
  }
}
