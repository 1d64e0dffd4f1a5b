/** Python's pickles of protocol 0 to 5, for data only. Nothing that a pickle names is ever run. */
import type { Value } from "../value.ts";
import { PickleDecoder } from "./decoder.ts";
import { malformed } from "./errors.ts";
import type { Limits } from "./limits.ts";

export { PickleDecoder } from "./decoder.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";

const usual = new PickleDecoder();

/**
 * The value of one pickle, which must fill the bytes.
 *
 * @throws {MalformedMessage} when it is damaged or asks for more than data.
 */
export function decodePickle(bytes: Uint8Array, limits?: Limits): Value {
  const decoder = limits === undefined ? usual : new PickleDecoder(limits);
  const value = decoder.decode(bytes);
  if (decoder.end !== bytes.length) throw malformed("something follows the message");
  return value;
}

/**
 * The values of pickles that follow one another, as in the files of a filesystem radio. Each is given
 * before the next is looked at, so that a damaged one does not cost those before it.
 *
 * @throws {MalformedMessage} at one that is damaged or asks for more than data.
 */
export function* decodePickles(bytes: Uint8Array, limits?: Limits): Generator<Value> {
  const decoder = new PickleDecoder(limits);
  for (let at = 0; at < bytes.length; at = decoder.end) yield decoder.decode(bytes, at);
}
