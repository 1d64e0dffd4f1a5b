/** Signatures: what is not signed with the hub's key is never decoded. */
import { createHmac } from "node:crypto";

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

/** Signs and checks with one key. */
export class Signer {
  readonly #key: Uint8Array;
  readonly digest: Digest;
  /** Bytes of a signature. */
  readonly size: number;

  constructor(key: Uint8Array, digest: Digest = "sha512") {
    this.#key = key;
    this.digest = digest;
    this.size = DIGESTS[digest];
  }

  sign(body: Uint8Array): Uint8Array {
    return createHmac(this.digest, this.#key).update(body).digest();
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
    const right = createHmac(this.digest, this.#key).update(body).digest();
    // Looks at every byte whatever the first ones say, so that time tells nothing.
    let different = 0;
    for (let i = 0; i < size; i++) different |= frame[i] ^ right[i];
    return different === 0 ? body : null;
  }
}

/** Whether a datagram begins as unsigned ones do: a pickle of protocol 0 to 5, or JSON. */
export function looksUnsigned(datagram: Uint8Array): boolean {
  const first = datagram[0];
  if (first === 0x80) return datagram[1] >= 2 && datagram[1] <= 5;
  return first === 0x7b || first === 0x28 || first === 0x7d || first === 0x63;
}
