import { fromBase85 } from "../base85.ts";

/** What is raw deflate. */
export function inflate(deflated: Uint8Array<ArrayBuffer>): Response {
  const packed = new Blob([deflated]).stream();
  return new Response(packed.pipeThrough(new DecompressionStream("deflate-raw")));
}

/** The text that stands for itself in raw deflate and base 85: a script, or a page's islands. */
export function inflateText(text: string): Promise<string> {
  return inflate(fromBase85(text)).text();
}

/** The bytes that base64 text stands for. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}
