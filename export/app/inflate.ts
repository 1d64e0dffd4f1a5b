import { fromBase93 } from "./base93.ts";

/** What is deflated, with its checksum: of the report's own making, such as its script. */
function inflate(deflated: Uint8Array<ArrayBuffer>): Response {
  const packed = new Blob([deflated]).stream();
  return new Response(packed.pipeThrough(new DecompressionStream("deflate")));
}

/** The text that stands for itself deflated and in base 93: a script, or a page's islands. */
export function inflateText(text: string): Promise<string> {
  return inflate(fromBase93(text)).text();
}

/** The bytes that base64 text stands for. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}
