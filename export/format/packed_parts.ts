/** The parts of a table, inflated when they are wanted. */
import type { Fetch } from "./column_open.ts";
import type { PartPlace } from "./header.ts";

/** Gives the inflated bytes of a part. */
export type Inflate = (name: string) => Promise<Uint8Array>;

/** Some parts, of which the first is kept and the others are for one column each. */
export class PackedParts {
  readonly #names: readonly string[];
  readonly #inflate: Inflate;
  #common: Promise<Uint8Array> | null = null;

  constructor(names: readonly string[], inflate: Inflate) {
    this.#names = names;
    this.#inflate = inflate;
  }

  /** Inflates all parts that a header has places in. */
  async fetch(header: object): Promise<Fetch> {
    const bytes = new Map<number, Uint8Array>();
    for (const [part] of placesOf(header)) {
      if (bytes.has(part)) continue;
      const name = this.#names[part];
      bytes.set(
        part,
        await (part === 0 ? this.#common ??= this.#inflate(name) : this.#inflate(name)),
      );
    }
    return ([part, offset, length]) => {
      const found = bytes.get(part);
      if (!found || found.length < offset + length) {
        throw new Error(`Part ${this.#names[part]} is shorter than the header says.`);
      }
      return found.subarray(offset, offset + length);
    };
  }
}

/** All places that a header names, at whatever depth. */
function placesOf(header: object): PartPlace[] {
  const places: PartPlace[] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key === "at") places.push(value as PartPlace);
    else if (typeof value === "object" && value !== null) places.push(...placesOf(value));
  }
  return places;
}
