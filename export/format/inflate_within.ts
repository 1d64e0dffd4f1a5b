/** Inflating what nobody vouches for. */

/** Packed bytes that are inflated in one go: they become 16 MiB at most. */
const SLICE_BYTES = 16_384;
/** Deflate makes no more of a byte. */
const MOST_OF_A_BYTE = 1032;
/** What the smallest stream may have besides. */
const SLACK_BYTES = 1024;

/** The modulus of zlib's checksum, and bytes that are summed up before the sums are reduced. */
const ADLER = 65_521;
const SUMMED = 2048;

/** What is packed becomes longer than it may. */
export class TooLong extends Error {
  override name = "TooLong";
}

/** Whether so many packed bytes can become so many. */
export function canInflateTo(packed: number, bytes: number): boolean {
  return bytes <= packed * MOST_OF_A_BYTE + SLACK_BYTES;
}

/**
 * Inflates a whole stream, and stops when more comes of it than `most` bytes.
 *
 * @throws {TooLong} when there is more
 * @throws {TypeError} when it is no such stream, or not all of one
 */
export async function inflateWithin(
  packed: Uint8Array<ArrayBuffer>,
  format: "deflate" | "gzip",
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  const feeding = feed(writer, packed);
  // What went wrong is told by the other end, too.
  feeding.catch(() => {});
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > most) throw new TooLong(`more than ${most} bytes come of it`);
      chunks.push(value);
    }
    await feeding;
  } catch (error) {
    await Promise.allSettled([reader.cancel(error), writer.abort(error)]);
    throw error;
  }
  const bytes = joined(chunks, length);
  // Not every runtime notices that the end of a stream is missing.
  if (format === "deflate" && adler32(bytes) !== checksumOf(packed)) {
    throw new TypeError("the checksum is another one");
  }
  return bytes;
}

/** The checksum that a stream in zlib's form ends with. */
function checksumOf(packed: Uint8Array): number {
  const end = packed.length;
  return packed[end - 4] * 2 ** 24 + packed[end - 3] * 2 ** 16 + packed[end - 2] * 256 +
    packed[end - 1];
}

/** The checksum of zlib's form (RFC 1950). */
function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (let from = 0; from < bytes.length; from += SUMMED) {
    const to = Math.min(bytes.length, from + SUMMED);
    for (let at = from; at < to; at++) high += low += bytes[at];
    low %= ADLER;
    high %= ADLER;
  }
  return high * 2 ** 16 + low;
}

async function feed(
  writer: WritableStreamDefaultWriter<BufferSource>,
  packed: Uint8Array<ArrayBuffer>,
): Promise<void> {
  for (let at = 0; at < packed.length; at += SLICE_BYTES) {
    await writer.ready;
    await writer.write(packed.subarray(at, at + SLICE_BYTES));
  }
  await writer.close();
}

/** Chunks as one; each is let go of when it has been copied. */
function joined(chunks: Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let end = length;
  for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
    end -= chunk.length;
    bytes.set(chunk, end);
  }
  return bytes;
}
