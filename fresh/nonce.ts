/** The number, used once, by which a page's own inline script is told from what was put into it. */

/** Where Fresh keeps it on a response, for whoever sets a content security policy. */
const NONCE = Symbol.for("__freshNonce");
const BYTES = 16;

/** A new one. */
export function newNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(BYTES))));
}

/** Keeps the nonce of a page on its response, not in a header. */
export function keepNonce(response: Response, nonce: string): Response {
  return Object.assign(response, { [NONCE]: nonce });
}
