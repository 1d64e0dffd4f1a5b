import { constants, deflateSync, inflateSync } from "node:zlib";
import { fromBase93, toBase93 } from "../app/base93.ts";

/** Deflated, in base 93. */
export function packedText(text: string): string {
  const options = { level: constants.Z_BEST_COMPRESSION, memLevel: 9 };
  return toBase93(deflateSync(new TextEncoder().encode(text), options));
}

/** The text that was packed. */
export function unpackedText(packed: string): string {
  return new TextDecoder().decode(inflateSync(fromBase93(packed)));
}
