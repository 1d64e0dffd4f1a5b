/** The parts of a table, inflated when they are wanted. */
import type { PartPlace } from "./header.ts";
import type { Fetch } from "./opening.ts";
import type { Room } from "./room.ts";

/** Gives the inflated bytes of a part, which are to be no more than `most`. */
export type Inflate = (name: string, most: number) => Promise<Uint8Array>;

/** Some parts, of which the first is kept and the others are for one column each. */
export class PackedParts {
  readonly #names: readonly string[];
  /** How long each is by what the header has places in. */
  readonly #lengths: number[] = [];
  readonly #room: Room;
  readonly #inflate: Inflate;
  #common: Promise<Uint8Array> | null = null;

  /** @param owner the header that has all places in them */
  constructor(owner: { parts: readonly string[] }, inflate: Inflate, room: Room) {
    this.#names = owner.parts;
    this.#inflate = inflate;
    this.#room = room;
    for (const [part, offset, length] of placesOf(owner)) {
      this.#lengths[part] = Math.max(this.#lengths[part] ?? 0, offset + length);
    }
  }

  /** Inflates all parts that a header has places in. */
  async fetch(header: object): Promise<Fetch> {
    const bytes = new Map<number, Uint8Array>();
    for (const [part] of placesOf(header)) {
      if (bytes.has(part)) continue;
      bytes.set(part, await (part === 0 ? this.#common ??= this.#part(0) : this.#part(part)));
    }
    return ([part, offset, length]) => {
      const found = bytes.get(part);
      if (!found || found.length < offset + length) {
        throw new Error(`Part ${this.#names[part]} is shorter than the header says.`);
      }
      return found.subarray(offset, offset + length);
    };
  }

  async #part(part: number): Promise<Uint8Array> {
    const name = this.#names[part];
    if (name === undefined) throw new Error(`There is no part ${part}.`);
    this.#room.take(this.#lengths[part]);
    return await this.#inflate(name, this.#lengths[part]);
  }
}

/** All places that a header names, at whatever depth. */
export function placesOf(header: object): PartPlace[] {
  const places: PartPlace[] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key === "at") places.push(value as PartPlace);
    else if (typeof value === "object" && value !== null) places.push(...placesOf(value));
  }
  return places;
}
