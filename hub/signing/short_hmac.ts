/**
 * HMAC of SHA-512 for many short messages. A call of the runtime's own hash costs more than the hash
 * of a datagram; while somebody floods the hub with wrong signatures, that would be what good
 * messages are lost by.
 */
import { createSHA512, type IHasher } from "hash-wasm";

/** The thread's own hash; it keeps one state, which is set before each use. */
const SHA512: IHasher = await createSHA512();

/** The HMAC by one key: the hash's states after the inner and the outer block of it. */
export class ShortHmac {
  readonly #inner: Uint8Array;
  readonly #outer: Uint8Array;

  /** @param inner, outer the key's two blocks (RFC 2104), 128 bytes each */
  constructor(inner: Uint8Array, outer: Uint8Array) {
    this.#inner = SHA512.init().update(inner).save();
    this.#outer = SHA512.init().update(outer).save();
  }

  /** The 64 bytes for a body. */
  of(body: Uint8Array): Uint8Array {
    const inner = SHA512.load(this.#inner).update(body).digest("binary");
    return SHA512.load(this.#outer).update(inner).digest("binary");
  }
}
