/** From what the user typed to the path of a monitoring database. */
import { basename, dirname, join, resolve } from "node:path";
import { DatabaseError } from "./database.ts";
import { otherThanFile } from "./file_kind.ts";
import { messageOf } from "../errors.ts";

const FILE = "monitoring.db";

/**
 * The absolute path of the database that `target` names, symbolic links followed: that of a file.
 *
 * @throws {DatabaseError} when there is none, or it cannot be looked at.
 */
export async function resolveTarget(target: string): Promise<string> {
  const path = resolve(targetPath(target));
  const info = await statOf(path);
  if (!info) {
    throw new DatabaseError(
      `There is no file ${path}; give the path of a monitoring.db or of the runinfo directory that holds it.`,
    );
  }
  if (!info.isDirectory) return await fileAt(path, info);
  const candidates = [join(path, FILE), join(path, "runinfo", FILE)];
  if (/^\d+$/.test(basename(path))) candidates.push(join(dirname(path), FILE));
  for (const candidate of candidates) {
    const found = await statOf(candidate);
    if (found) return await fileAt(candidate, found);
  }
  throw new DatabaseError(
    `The directory ${path} holds no ${FILE}; give a directory of a run that had monitoring on, or the file itself.`,
  );
}

/** The path in a target, as it was typed. */
export function targetPath(target: string): string {
  if (target.trim() === "") {
    throw new DatabaseError("No database was named; give the path of a monitoring.db.");
  }
  const url = /^([a-z][a-z0-9]*)(\+[a-z0-9_]+)?:\/\//i.exec(target);
  if (!url) return target;
  const scheme = url[1].toLowerCase();
  if (scheme === "postgres" || scheme === "postgresql") {
    throw new DatabaseError(
      "PostgreSQL databases cannot be read; give the path of an SQLite monitoring.db.",
    );
  }
  if (scheme === "file") return pathOfUrl(target);
  if (scheme !== "sqlite") {
    throw new DatabaseError(
      `Databases of the kind ${scheme}:// cannot be read; give the path of an SQLite monitoring.db.`,
    );
  }
  const rest = target.slice(url[0].length).replace(/\?[^/]*$/, "");
  if (!rest.startsWith("/") || rest.length < 2 || rest === "/:memory:") {
    throw new DatabaseError(
      `${target} names no file; write sqlite:///relative/path.db or sqlite:////absolute/path.db.`,
    );
  }
  return rest.slice(1);
}

function pathOfUrl(target: string): string {
  try {
    return decodeURIComponent(new URL(target).pathname);
  } catch {
    throw new DatabaseError(
      `${target} is no address of a file; give the path of a monitoring.db.`,
    );
  }
}

/** The path of a file with symbolic links followed; other things are not opened. */
async function fileAt(path: string, info: Deno.FileInfo): Promise<string> {
  const other = otherThanFile(info);
  if (other !== null) {
    throw new DatabaseError(`${path} is ${other}; give the monitoring.db that Parsl wrote.`);
  }
  const real = await Deno.realPath(path);
  // A link may lead to what the program may not even look at.
  await statOf(real);
  return real;
}

async function statOf(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return null;
    }
    if (
      error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable
    ) {
      throw new DatabaseError(`${path} may not be read; ask its owner for permission to read it.`);
    }
    if (error instanceof Deno.errors.FilesystemLoop) {
      throw new DatabaseError(
        `${path} is a symbolic link that leads back to itself; give the file that it should name.`,
      );
    }
    const reason = messageOf(error);
    throw new DatabaseError(`${path} cannot be looked at (${reason}); check the path.`);
  }
}
