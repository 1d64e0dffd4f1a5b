/** Signatures: what is not signed with the hub's key is never decoded. */
import { hash } from "node:crypto";
import { Sha512 } from "./sha512.ts";

/** The digests that Parsl's radios can be told to use, and the bytes of their signatures. */
export const DIGESTS = {
  sha512: 64,
  sha384: 48,
  sha256: 32,
  sha224: 28,
  sha1: 20,
  md5: 16,
} as const;
export type Digest = keyof typeof DIGESTS;

/** Bytes of bodies for which no room has to be made. */
const USUAL_BODY_BYTES = 65_536;
/** Bytes of a body from which on the runtime's own hash is faster. */
const LONG_BODY_BYTES = 8192;

let made: Sha512 | null | undefined;
/** The thread's own hash, made when it is first needed; null where there can be none. */
function fastHash(): Sha512 | null {
  return made === undefined ? made = Sha512.make() : made;
}

/** A hash, and its states after the inner and the outer key. */
interface Fast {
  hash: Sha512;
  inner: Uint8Array;
  outer: Uint8Array;
}

/** Signs and checks with one key. */
export class Signer {
  readonly digest: Digest;
  /** Bytes of a signature. */
  readonly size: number;
  /** Bytes of the digest's blocks: the inner and the outer key have one block each. */
  readonly #block: number;
  readonly #outer: Uint8Array<ArrayBuffer>;
  /** Followed by room for a body of usual size. */
  readonly #inner: Uint8Array<ArrayBuffer>;
  /** For short bodies under sha512, where there is one. */
  readonly #fast: Fast | null;

  constructor(key: Uint8Array, digest: Digest = "sha512") {
    this.digest = digest;
    this.size = DIGESTS[digest];
    this.#block = this.size > 32 ? 128 : 64;
    const short = key.length > this.#block ? hash(digest, key, "buffer") : key;
    this.#inner = new Uint8Array(this.#block + USUAL_BODY_BYTES).fill(0x36, 0, this.#block);
    this.#outer = new Uint8Array(this.#block + this.size).fill(0x5c, 0, this.#block);
    for (let i = 0; i < short.length; i++) {
      this.#inner[i] ^= short[i];
      this.#outer[i] ^= short[i];
    }
    const hashing = digest === "sha512" ? fastHash() : null;
    this.#fast = hashing && {
      hash: hashing,
      inner: hashing.stateAfter(this.#inner.subarray(0, this.#block)),
      outer: hashing.stateAfter(this.#outer.subarray(0, this.#block)),
    };
  }

  /**
   * The HMAC of a body (RFC 2104). Made of two plain hashes: an Hmac of node:crypto keeps memory
   * that V8 does not see, and thousands of them pile up before it looks for garbage.
   */
  sign(body: Uint8Array): Uint8Array {
    return this.#fast !== null && body.length <= LONG_BODY_BYTES
      ? fastHmac(this.#fast, body).slice()
      : this.#hmac(body);
  }

  #hmac(body: Uint8Array): Uint8Array {
    const end = this.#block + body.length;
    let inner = this.#inner;
    if (end > inner.length) {
      inner = new Uint8Array(end);
      inner.set(this.#inner.subarray(0, this.#block));
    }
    inner.set(body, this.#block);
    this.#outer.set(hash(this.digest, inner.subarray(0, end), "buffer"), this.#block);
    return hash(this.digest, this.#outer, "buffer");
  }

  /** A signer whose key is this one's signature of a name, for what only its owner may say. */
  of(name: string): Signer {
    return new Signer(this.sign(new TextEncoder().encode(name)), this.digest);
  }

  /** The body of `signature ‖ body`, or null when the signature is not this key's. */
  open(frame: Uint8Array): Uint8Array | null {
    const size = this.size;
    if (frame.length <= size) return null;
    const body = frame.subarray(size);
    const fast = body.length <= LONG_BODY_BYTES ? this.#fast : null;
    const right = fast === null ? this.#hmac(body) : fastHmac(fast, body);
    // Looks at every byte whatever the first ones say, so that time tells nothing.
    let different = 0;
    for (let i = 0; i < size; i++) different |= frame[i] ^ right[i];
    return different === 0 ? body : null;
  }
}

/** The HMAC of a short body, valid until the next one. */
function fastHmac({ hash, inner, outer }: Fast, body: Uint8Array): Uint8Array {
  return hash.digestFrom(outer, hash.digestFrom(inner, body));
}

/** Whether a datagram begins as unsigned ones do: a pickle of protocol 0 to 5, or JSON. */
export function looksUnsigned(datagram: Uint8Array): boolean {
  const first = datagram[0];
  if (first === 0x80) return datagram[1] >= 2 && datagram[1] <= 5;
  return first === 0x7b || first === 0x28 || first === 0x7d || first === 0x63;
}
