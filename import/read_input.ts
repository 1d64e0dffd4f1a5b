/** Reads a file that a user named, and no more of it than can be used. */
import { isOpenFile, isStandardInput, otherThanFile } from "../store/file_kind.ts";
import { ImportError } from "./import_error.ts";
import { messageOf } from "../errors.ts";

/** Bytes that are asked for in one go of what has no length. */
const CHUNK_BYTES = 1 << 20;

/**
 * The bytes of a file; of a pipe only where it is one of the program's own open files, as a shell
 * hands them over.
 *
 * @returns null when there are more than `most`
 * @throws {ImportError} when it cannot be read
 */
export async function readInput(
  path: string,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    if (isStandardInput(path)) return await readAll(Deno.stdin, most);
    const info = await Deno.stat(path);
    const other = otherThanFile(info);
    if (other !== null && !isOpenFile(path)) {
      throw new ImportError(`${path} is ${other}; give the path of one workflow trace or report.`);
    }
    if (info.isFile && info.size > most) return null;
    using file = await Deno.open(path);
    // A file is as long as it was at first: some of the system's have no length, and no end either.
    return info.isFile ? await readLength(file, info.size) : await readAll(file, most);
  } catch (error) {
    if (error instanceof ImportError) throw error;
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new ImportError(
        `There is no file ${path}; give the path of a workflow trace or a report.`,
      );
    }
    if (error instanceof Deno.errors.FilesystemLoop) {
      throw new ImportError(
        `${path} is a symbolic link that leads back to itself; give the file that it should name.`,
      );
    }
    if (error instanceof Deno.errors.NotCapable && isOpenFile(path)) {
      throw new ImportError(
        `Deno lets a program read ${path} only if it may do everything; hand the file over by a ` +
          "pipe: … | parsloscope import - OUT.db.",
      );
    }
    throw new ImportError(`${path} cannot be read (${messageOf(error)}).`);
  }
}

interface Readable {
  read(into: Uint8Array): Promise<number | null>;
}

async function readLength(file: Readable, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) return bytes.slice(0, at);
    at += count;
  }
  return bytes;
}

async function readAll(file: Readable, most: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const count = await file.read(chunk);
    if (count === null) break;
    length += count;
    if (length > most) return null;
    // A pipe gives little at a time.
    chunks.push(count > CHUNK_BYTES / 2 ? chunk.subarray(0, count) : chunk.slice(0, count));
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
