/** The file that a report is written to: whole, or not at all. */
import { dirname } from "node:path";
import { messageOf } from "../../errors.ts";
import { linkAt, placedFile } from "../../store/placed_file.ts";
import { ExportError } from "../../export/export_error.ts";

/** How an HTML file begins, in small letters. */
const HTML = "<!doctype html";

/**
 * Makes sure that a report may be written to a path.
 *
 * @param force replace what is there, if it is an HTML file
 * @throws {ExportError} when it may not.
 */
export async function claimFile(path: string, force: boolean): Promise<void> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unwritable(path, error);
    const link = await linkAt(path);
    if (link !== null) {
      throw new ExportError(`${path} is a link to ${link}, which is not there; name a file.`);
    }
    return await needFolder(dirname(path));
  }
  if (info.isDirectory) {
    throw new ExportError(`${path} is a folder; name a file for the report.`);
  }
  if (!info.isFile) {
    throw new ExportError(`${path} is no file; name another, or - for standard output.`);
  }
  if (!force) {
    throw new ExportError(`${path} is there already; name another file, or replace it by --force.`);
  }
  const start = await startOf(path);
  if (start !== "" && start.toLowerCase() !== HTML) {
    throw new ExportError(`${path} is there and is no HTML file; name another for the report.`);
  }
}

/**
 * Writes a file that takes its place at `target`, or where a link there leads to, when all is in it.
 *
 * @param target as {@link claimFile} let it pass; something may have come there since
 * @returns its size in bytes
 * @throws {ExportError} when it cannot be written; then nothing was changed.
 */
export async function writeFile(
  target: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: { force: boolean; signal: AbortSignal },
): Promise<number> {
  const path = await Deno.realPath(target).catch(() => target);
  try {
    return await placedFile(path, [], async (making, place) => {
      let size = 0;
      {
        using file = await Deno.open(making, { write: true, createNew: true });
        for await (const chunk of chunks) {
          options.signal.throwIfAborted();
          await writeAll(file, chunk);
          size += chunk.length;
        }
        await file.sync();
      }
      await claimFile(path, options.force);
      options.signal.throwIfAborted();
      await place(options.force);
      return size;
    });
  } catch (error) {
    if (options.signal.aborted || !isOfSystem(error)) throw error;
    throw unwritable(path, error);
  }
}

/** A sentence when a report goes to the file that a link names; else null. */
export async function linkNote(path: string): Promise<string | null> {
  if (await linkAt(path) === null) return null;
  const file = await Deno.realPath(path).catch(() => null);
  return file === null ? null : `${path} is a link; the file that it names, ${file}, is replaced.`;
}

/** Writes all bytes, in as many goes as it takes. */
export async function writeAll(
  writer: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await writer.write(bytes.subarray(at));
}

/** Whether the system refused something, rather than the program failed. */
export function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && (/\(os error \d+\)/.test(error.message) ||
    Object.values(Deno.errors).some((kind) => error instanceof kind));
}

function unwritable(path: string, error: unknown): ExportError {
  return new ExportError(`${path} cannot be written (${messageOf(error)}); nothing was exported.`);
}

async function needFolder(folder: string): Promise<void> {
  const info = await Deno.stat(folder).catch(() => null);
  if (info === null) {
    throw new ExportError(`There is no folder ${folder}; make it, or name another file.`);
  }
  if (!info.isDirectory) {
    throw new ExportError(`${folder} is no folder; name another file for the report.`);
  }
}

async function startOf(path: string): Promise<string> {
  const bytes = new Uint8Array(HTML.length);
  try {
    using file = await Deno.open(path);
    const length = await file.read(bytes) ?? 0;
    return String.fromCharCode(...bytes.subarray(0, length));
  } catch (error) {
    throw new ExportError(`${path} is there and cannot be looked into (${messageOf(error)}).`);
  }
}
