/**
 * HMAC of SHA-512 for many short messages. A call of the runtime's own hash costs more than the hash
 * of a datagram; while somebody floods the hub with wrong signatures, that would be what good
 * messages are lost by.
 */
import { createSHA512, type IHasher } from "hash-wasm";

/** The thread's own hash; null for the moment until it is compiled. It keeps one state at a time. */
let sha512: IHasher | null = null;
// Not awaited: a worker whose module waits misses what is sent to it meanwhile.
void createSHA512().then((made) => sha512 = made, () => {});

/** The HMAC by one key: the hash's states after the inner and the outer block of it. */
export class ShortHmac {
  readonly #hash: IHasher;
  readonly #inner: Uint8Array;
  readonly #outer: Uint8Array;

  private constructor(hash: IHasher, inner: Uint8Array, outer: Uint8Array) {
    this.#hash = hash;
    this.#inner = hash.init().update(inner).save();
    this.#outer = hash.init().update(outer).save();
  }

  /**
   * @param inner, outer the key's two blocks (RFC 2104), 128 bytes each
   * @returns null as long as there is no hash, or where WebAssembly is not to be had
   */
  static make(inner: Uint8Array, outer: Uint8Array): ShortHmac | null {
    return sha512 === null ? null : new ShortHmac(sha512, inner, outer);
  }

  /** The 64 bytes for a body. */
  of(body: Uint8Array): Uint8Array {
    const inner = this.#hash.load(this.#inner).update(body).digest("binary");
    return this.#hash.load(this.#outer).update(inner).digest("binary");
  }
}
