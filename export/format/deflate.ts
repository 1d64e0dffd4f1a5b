/** Deflate in zlib's form, with a checksum, on a server. */
import { Buffer } from "node:buffer";
import { createDeflate, deflateSync } from "node:zlib";
import type { Pace } from "./pace.ts";

/** Bytes that are deflated in one go: some ms of work, which Deno does not do in a thread. */
const CHUNK_BYTES = 32_768;

/** Deflates as small as it goes, with turns for others. */
export async function deflate(bytes: Uint8Array, pace: Pace): Promise<Uint8Array> {
  const stream = createDeflate({ level: 9, memLevel: 9 });
  const out: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    stream.on("data", (chunk: Uint8Array) => out.push(chunk));
    stream.on("end", resolve);
    stream.on("error", reject);
  });
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
    const chunk = bytes.subarray(from, from + CHUNK_BYTES);
    const { buffer, byteOffset, length } = chunk;
    await new Promise<void>((resolve) =>
      stream.write(Buffer.from(buffer, byteOffset, length), () => resolve())
    );
    await pace.turn();
  }
  stream.end();
  await ended;
  return new Uint8Array(Buffer.concat(out));
}

/** How many bytes some bytes deflate to, about. */
export function measure(bytes: Uint8Array): number {
  return deflateSync(bytes, { level: 5 }).length;
}
