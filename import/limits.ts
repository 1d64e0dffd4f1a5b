/** How much an import may make of a file, so that none fills the machine's memory or disk. */
import { getHeapStatistics } from "node:v8";
import { ImportError } from "./import_error.ts";
import { jsonSize } from "./json_check.ts";

/**
 * MiB that a file may take when it is unpacked, unless told otherwise. The report of a million tasks
 * takes some 600 MiB.
 */
export const MAX_UNPACKED_MIB = 2048;
/** A database may have so many times that. */
export const DATABASE_FACTOR = 4;
/** A file's values may take this part of the runtime's heap: what is made of them needs the rest. */
const HEAP_PART = 0.6;

/** What a file may come to. */
export interface ImportLimits {
  /** Bytes of what is unpacked of it, in memory. */
  unpackedBytes: number;
}

/** The limits with so many MiB of what is unpacked. */
export function importLimits(mebibytes = MAX_UNPACKED_MIB): ImportLimits {
  return { unpackedBytes: mebibytes * 2 ** 20 };
}

/** That a file becomes more than it may, and by which option it may. */
export function tooLarge(path: string, { unpackedBytes }: ImportLimits, what: string): ImportError {
  return new ImportError(
    `${path} is too large: ${what} more than ${mebibytes(unpackedBytes)} MiB; if you trust the ` +
      "file, allow more with --max-unpacked MIB.",
  );
}

/**
 * The value of a JSON text, which is looked over before.
 *
 * @throws {ImportError} when it is nested too deep, or would take too much memory
 * @throws {SyntaxError} when it is no JSON
 */
export function parseJson(
  text: string,
  path: string,
  limits: ImportLimits,
  reviver?: (key: string, value: unknown) => unknown,
): unknown {
  const { isTooDeep, bytes } = jsonSize(text);
  if (isTooDeep) {
    throw new ImportError(
      `${path} has lists or objects within each other more than 500 deep, as no trace and no report has.`,
    );
  }
  requireMemory(bytes, path, limits);
  return JSON.parse(text, reviver);
}

/**
 * Makes sure that what is made of a file may take so many bytes of the runtime's heap, about.
 *
 * @throws {ImportError} when it may not
 */
export function requireMemory(bytes: number, path: string, limits: ImportLimits): void {
  if (bytes > limits.unpackedBytes) throw tooLarge(path, limits, "what is in it takes");
  const heap = getHeapStatistics().heap_size_limit;
  if (bytes <= heap * HEAP_PART) return;
  const needed = Math.ceil(bytes / HEAP_PART / 2 ** 20);
  throw new ImportError(
    `${path} is too large: what is in it takes about ${
      mebibytes(bytes)
    } MiB, and Deno has a heap ` +
      `of ${mebibytes(heap)} MiB; give it more by DENO_V8_FLAGS=--max-old-space-size=${needed}.`,
  );
}

function mebibytes(bytes: number): string {
  return Math.round(bytes / 2 ** 20).toLocaleString("en");
}
