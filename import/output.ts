/** The database that an import makes: whole, or not at all. */
import { setImmediate as turn } from "node:timers/promises";
import { otherThanFile } from "../store/file_kind.ts";
import { resolveNewTarget } from "../store/new_target.ts";
import { linkAt, placedFile } from "../store/placed_file.ts";
import { openWriter } from "../store/open_writer.ts";
import type { Change } from "../store/writer.ts";
import { ImportError } from "./import_error.ts";
import { SQLITE } from "./source.ts";
import { messageOf, UserError } from "../errors.ts";

/** What SQLite keeps beside a database. */
const SIDE_FILES = ["-wal", "-shm", "-journal"];
const BATCH = 5000;

/** The number of all changes that were written. */
export interface Written {
  path: string;
  changes: number;
}

/**
 * Makes sure that a database may be made at a target.
 *
 * @param force replace what is there, if it is a database
 * @returns its absolute path
 * @throws {ImportError} when something is there that is to stay.
 */
export async function claimOutput(target: string, force: boolean): Promise<string> {
  const path = await resolveNewTarget(target);
  const start = await startOf(path);
  const link = start === null ? await linkAt(path) : null;
  if (link !== null) {
    throw new ImportError(`${path} is a link to ${link}, which is not there; name a file.`);
  }
  if (start === null && !(await exists(`${path}-wal`))) return path;
  if (start !== null && start !== "" && start !== SQLITE) {
    throw new ImportError(`${path} is there and is no database; name another file for the import.`);
  }
  if (!force) {
    throw new ImportError(`${path} is there already; name another file, or replace it by --force.`);
  }
  return path;
}

/** How a database is made. */
export interface Making {
  /** Replace a database that is there. */
  force: boolean;
  /** Called before anything is written; what it gives ends the work when it is aborted. */
  begin?: () => AbortSignal;
}

/**
 * Writes changes to a new database at `path`, as `makeOutput` does.
 *
 * @throws {ImportError} when they cannot be written; then nothing was changed.
 */
export async function writeOutput(
  path: string,
  changes: Iterable<Change>,
  how: Making,
): Promise<Written> {
  const written = await makeOutput(path, how, (making, signal) => fill(making, changes, signal));
  return { path, changes: written };
}

/**
 * Makes a new database, which takes its place at `path` when it is whole.
 *
 * @param path as `claimOutput` gave it; something may have come to it since
 * @param make makes the database at the path that it is given; its answer is what this one gives
 * @throws {ImportError} when it cannot be made; then nothing was changed.
 */
export async function makeOutput<T>(
  path: string,
  { force, begin }: Making,
  make: (path: string, signal?: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = begin?.();
  try {
    return await placedFile(path, SIDE_FILES, async (making, place) => {
      const made = await make(making, signal);
      signal?.throwIfAborted();
      await claimOutput(path, force);
      // A log that is left of an old database would be taken for one of the new.
      if (force) await removeAll(SIDE_FILES.map((suffix) => path + suffix));
      await place(force);
      return made;
    });
  } catch (error) {
    // Whatever it came to: the work was to end.
    signal?.throwIfAborted();
    if (error instanceof UserError) throw error;
    const reason = messageOf(error);
    throw new ImportError(`${path} cannot be written (${reason}); nothing was imported.`);
  }
}

async function fill(
  path: string,
  changes: Iterable<Change>,
  signal?: AbortSignal,
): Promise<number> {
  const options = { journalMode: "delete", synchronous: "normal", ownTables: false } as const;
  const writer = await openWriter(path, options);
  let count = 0;
  try {
    let batch: Change[] = [];
    const flush = async () => {
      const [rejection] = await writer.write(batch);
      if (rejection !== undefined) {
        const { kind } = batch[rejection.index];
        throw new ImportError(`The database refused a ${kind} row: ${rejection.reason}.`);
      }
      count += batch.length;
      batch = [];
      // Signals come in between.
      await turn();
      signal?.throwIfAborted();
    };
    for (const change of changes) {
      if (batch.push(change) >= BATCH) await flush();
    }
    await flush();
    await writer.tend();
  } finally {
    await writer.close();
  }
  return count;
}

/** The first characters of a file; null when there is none. */
async function startOf(path: string): Promise<string | null> {
  const bytes = new Uint8Array(SQLITE.length);
  try {
    const other = otherThanFile(await Deno.stat(path));
    if (other !== null) throw new ImportError(`${path} is ${other}; name a file for the import.`);
    using file = await Deno.open(path);
    const length = await file.read(bytes) ?? 0;
    return String.fromCharCode(...bytes.subarray(0, length));
  } catch (error) {
    if (error instanceof ImportError) throw error;
    if (error instanceof Deno.errors.NotFound) return null;
    const reason = messageOf(error);
    throw new ImportError(`${path} is there and cannot be looked into (${reason}).`);
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function removeAll(paths: string[]): Promise<void> {
  for (const path of paths) {
    await Deno.remove(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}
