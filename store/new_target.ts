/** From what the user typed to the path of a database that may not be there yet. */
import { basename, dirname, extname, join, resolve } from "node:path";
import { DatabaseError } from "./database.ts";
import { otherThanFile } from "./file_kind.ts";
import { resolveTarget, targetPath } from "./target.ts";
import { messageOf } from "../errors.ts";

const FILE = "monitoring.db";

/**
 * The absolute path of the database to write: that of an existing one as for reading, or a new one,
 * for which directories are made. A name without an ending is taken for a directory, such as
 * `runinfo`, and the database in it is `monitoring.db`.
 *
 * @throws {DatabaseError} when the target names no file, something else is in its place, or the
 * directories cannot be made.
 */
export async function resolveNewTarget(target: string): Promise<string> {
  const path = resolve(targetPath(target));
  const info = await Deno.stat(path).catch(() => null);
  if (info?.isFile) return await resolveTarget(target);
  if (info && !info.isDirectory) {
    throw new DatabaseError(`${path} is ${otherThanFile(info)}; name a file for the database.`);
  }
  const directory = info?.isDirectory || extname(basename(path)) === "";
  if (info?.isDirectory) {
    try {
      return await resolveTarget(target);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
    }
  }
  const file = directory ? join(path, FILE) : path;
  try {
    await Deno.mkdir(dirname(file), { recursive: true });
  } catch (error) {
    const reason = messageOf(error);
    throw new DatabaseError(
      `The directory ${dirname(file)} cannot be made (${reason}); name another place.`,
    );
  }
  return file;
}
