/**
 * Small path helpers: file URLs to paths, and the walk through a project folder.
 */

/** The path of a file URL. */
export function fromFileUrl(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  return Deno.build.os === "windows" ? path.replace(/^\/(?=[A-Za-z]:)/, "") : path;
}

/** A folder's URL with exactly one slash at its end. */
export function folderUrl(root: URL, name = ""): URL {
  const base = new URL(root.href.endsWith("/") ? root.href : root.href + "/");
  return name === "" ? base : new URL(name + "/", base);
}

/** All regular files below a folder as relative paths, sorted; links and hidden files are left out. */
export async function walk(dir: URL, prefix = ""): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of Deno.readDir(dir)) {
      if (entry.name.startsWith(".")) continue;
      if (entry.isDirectory) {
        const below = new URL(encodeURIComponent(entry.name) + "/", dir);
        found.push(...await walk(below, `${prefix}${entry.name}/`));
      } else if (entry.isFile) found.push(prefix + entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}

/** The URL of a relative path below a folder. */
export function urlBelow(dir: URL, path: string): URL {
  return new URL(path.split("/").map(encodeURIComponent).join("/"), dir);
}
