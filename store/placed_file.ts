/** A file that gets its name when all of it is there. */
import { holdTemporary } from "./temporary.ts";

/**
 * Makes a file, or several of names that begin with its own, under a name of its own beside `path`,
 * which then becomes `path`. Whatever ends the work, a signal that exits included, nothing of it is
 * left; after `kill -9` what ends in `.part` may be.
 *
 * @param suffixes what is put behind the name of files that come and go beside it
 * @param make makes the file, and gives it its place by the function that it is given last; without
 *   `replace` nothing that came to `path` meanwhile is touched, and `Deno.errors.AlreadyExists` thrown
 */
export async function placedFile<T>(
  path: string,
  suffixes: readonly string[],
  make: (making: string, place: (replace: boolean) => Promise<void>) => Promise<T>,
): Promise<T> {
  const making = `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
  const all = ["", ...suffixes].map((suffix) => making + suffix);
  const release = all.map(holdTemporary);
  try {
    return await make(making, (replace) => place(making, path, replace));
  } finally {
    for (const left of all) await Deno.remove(left).catch(() => {});
    for (const done of release) done();
  }
}

async function place(making: string, path: string, replace: boolean): Promise<void> {
  if (replace) return await Deno.rename(making, path);
  try {
    // Unlike a renaming, a second name never takes the place of another file.
    await Deno.link(making, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw error;
    // A file system without second names.
    if (await isThere(path)) throw new Deno.errors.AlreadyExists(path);
    await Deno.rename(making, path);
  }
}

/** Whether there is anything at a path, be it a link that leads nowhere. */
async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

/** Where the link at a path leads to; null for what is no link, or is not there. */
export async function linkAt(path: string): Promise<string | null> {
  try {
    return (await Deno.lstat(path)).isSymlink ? await Deno.readLink(path) : null;
  } catch {
    return null;
  }
}
