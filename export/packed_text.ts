import { constants, deflateRawSync } from "node:zlib";
import { toBase85 } from "./base85.ts";

/** Raw deflate in base 85. */
export function packedText(text: string): string {
  const options = { level: constants.Z_BEST_COMPRESSION, memLevel: 9 };
  return toBase85(deflateRawSync(new TextEncoder().encode(text), options));
}
