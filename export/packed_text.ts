import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { fromBase85, toBase85 } from "./base85.ts";

/** Raw deflate in base 85. */
export function packedText(text: string): string {
  const options = { level: constants.Z_BEST_COMPRESSION, memLevel: 9 };
  return toBase85(deflateRawSync(new TextEncoder().encode(text), options));
}

/** The text that was packed. */
export function unpackedText(packed: string): string {
  return new TextDecoder().decode(inflateRawSync(fromBase85(packed)));
}
