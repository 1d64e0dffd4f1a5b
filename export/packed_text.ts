import { constants, deflateRawSync } from "node:zlib";

/** Raw deflate in base64. */
export function packedText(text: string): string {
  const options = { level: constants.Z_BEST_COMPRESSION, memLevel: 9 };
  return deflateRawSync(new TextEncoder().encode(text), options).toString("base64");
}
