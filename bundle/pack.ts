/** How files are held inside a bundle: raw deflate in base64. */
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** Packs a file. */
export function pack(bytes: Uint8Array): string {
  return new Uint8Array(deflateRawSync(bytes, { level: 9 })).toBase64();
}

/** Gives back what was packed. */
export function unpack(packed: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(inflateRawSync(Uint8Array.fromBase64(packed)));
}

/** Packed files by name, each unpacked when it is first asked for. */
export function whenWanted(
  packed: Record<string, string>,
): Pick<ReadonlyMap<string, Uint8Array<ArrayBuffer>>, "get"> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    get(name) {
      if (!files.has(name) && Object.hasOwn(packed, name)) files.set(name, unpack(packed[name]));
      return files.get(name);
    },
  };
}

/** Packs files by name. */
export function packAll(files: Iterable<[string, Uint8Array]>): Record<string, string> {
  return Object.fromEntries([...files].map(([name, bytes]) => [name, pack(bytes)]));
}
