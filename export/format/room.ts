/** How much packed data may take when it is unpacked. What a header claims is not believed. */

/** Bytes that a report may come to take in a browser. */
export const BROWSER_BYTES = 4 * 2 ** 30;

/** Bytes of a header: a report has some hundred KiB of it. */
export const HEADER_BYTES = 64 * 2 ** 20;

/** What is unpacked would take more room than there is for it. */
export class TooLarge extends Error {
  override name = "TooLarge";
}

/** Room for what is unpacked: bytes are taken before they are there. */
export class Room {
  readonly #bytes: number;
  #left: number;

  /** @param bytes all that there is; without end unless told, for what the program packed itself */
  constructor(bytes = Infinity) {
    this.#bytes = bytes;
    this.#left = bytes;
  }

  /** @throws {TooLarge} when there is not so much left */
  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    const mebibytes = Math.round(this.#bytes / 2 ** 20).toLocaleString("en");
    throw new TooLarge(`it would take more than ${mebibytes} MiB when it is unpacked.`);
  }
}
