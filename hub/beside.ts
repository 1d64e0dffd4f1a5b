/** SQLite follows links where it keeps its files: a hub that writes looks before it does. */
import { realpathSync } from "node:fs";
import { DatabaseError } from "../store/database.ts";
import { isAnothers } from "./own_file.ts";

/**
 * Makes sure that what SQLite writes beside a database is written there, and that nobody else has
 * put a link in the place of the database.
 *
 * @throws {DatabaseError} that says what is there
 */
export async function refuseLinks(database: string): Promise<void> {
  const found = await look(database);
  if (found?.isSymlink && isAnothers(found.uid)) {
    throw new DatabaseError(
      `${database} is another user's symbolic link; name the file that it leads to if it is meant.`,
    );
  }
  // SQLite keeps its files where a link of ours leads to.
  const file = found?.isSymlink ? targetOf(database) : database;
  const main = await look(file);
  for (const suffix of ["-journal", "-wal", "-shm"]) {
    const info = await look(file + suffix);
    if (info !== null && isPlanted(info, main)) {
      throw new DatabaseError(
        `${file}${suffix} is of a user who may not write ${file}, and SQLite would take what is in ` +
          "it for a part of the database; take it away.",
      );
    }
    const isLink = info?.isSymlink || info?.isFile && (info.nlink ?? 1) > 1;
    if (!isLink) continue;
    throw new DatabaseError(
      `${file}${suffix} is a link to another file, where SQLite keeps a file of its own; take it away.`,
    );
  }
}

/** Whether a file beside a database is of somebody who has no part in the database itself. */
function isPlanted(beside: Deno.FileInfo, database: Deno.FileInfo | null): boolean {
  if (!beside.isFile || !isAnothers(beside.uid)) return false;
  if (database === null) return true;
  return beside.uid !== database.uid && ((database.mode ?? 0) & 0o022) === 0;
}

function targetOf(link: string): string {
  try {
    return realpathSync(link);
  } catch {
    return link;
  }
}

/** What is at a path, without following a link; null when there is nothing to be seen. */
async function look(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.lstat(path);
  } catch {
    return null;
  }
}
