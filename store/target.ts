/** From what the user typed to the path of a monitoring database. */
import { basename, dirname, join, resolve } from "node:path";
import { DatabaseError } from "./database.ts";

const FILE = "monitoring.db";

/** The absolute path of the database that `target` names, symbolic links followed. */
export async function resolveTarget(target: string): Promise<string> {
  const path = resolve(pathOf(target));
  const info = await statOf(path);
  if (!info) {
    throw new DatabaseError(
      `There is no file ${path}; give the path of a monitoring.db or of the runinfo directory that holds it.`,
    );
  }
  if (!info.isDirectory) return await Deno.realPath(path);
  const candidates = [join(path, FILE), join(path, "runinfo", FILE)];
  if (/^\d+$/.test(basename(path))) candidates.push(join(dirname(path), FILE));
  for (const candidate of candidates) {
    if ((await statOf(candidate))?.isFile) return await Deno.realPath(candidate);
  }
  throw new DatabaseError(
    `The directory ${path} holds no ${FILE}; give a directory of a run that had monitoring on, or the file itself.`,
  );
}

/** The path in a target, as it was typed. */
export function pathOf(target: string): string {
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
  if (scheme === "file") return decodeURIComponent(new URL(target).pathname);
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
    throw error;
  }
}
