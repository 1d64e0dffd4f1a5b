/**
 * Workers of a bundle: there is one file only, so a worker runs that file, under the name of its
 * module. (A Blob of its own would not work in every compiled executable.)
 */
import { urlBelow, walk } from "../fresh/paths.ts";

/** As bundlers know it: `new Worker(new URL("./x.ts", import.meta.url), { type: "module" })`. */
const START =
  /new Worker\(\s*new URL\("([^"]+)",\s*import\.meta\.url\),\s*\{\s*type:\s*"module",?\s*\},?\s*\)/g;
/** Folders without modules of the program. */
const OTHERS = /^(node_modules|tests|bench|bundle|clients|static|dist|docs)$/;

function moduleAt(path: string, relative: string): string {
  return new URL(relative, `file:///${path}`).pathname.slice(1);
}

/** The modules that are started as workers anywhere in the program, by path below the root. */
export async function workerModules(root: URL): Promise<string[]> {
  const found = new Set<string>();
  for await (const { name, isDirectory } of Deno.readDir(root)) {
    if (!isDirectory || OTHERS.test(name) || name.startsWith(".")) continue;
    const folder = new URL(`${name}/`, root);
    for (const path of await walk(folder)) {
      if (!/\.tsx?$/.test(path)) continue;
      const text = await Deno.readTextFile(urlBelow(folder, path));
      for (const [, relative] of text.matchAll(START)) {
        found.add(moduleAt(`${name}/${path}`, relative));
      }
    }
  }
  return [...found].sort();
}

/** The text of the module at a path below the root, with its workers started from the bundle. */
export function startFromBundle(path: string, text: string): string {
  const changed = text.replace(START, (_, relative) => {
    const name = JSON.stringify(moduleAt(path, relative));
    return `new Worker(import.meta.url, { type: "module", name: ${name} })`;
  });
  if (/new Worker\(\s*new URL\(/.test(changed)) {
    throw new Error(`${path} starts a worker in a way that the bundle does not know.`);
  }
  return changed;
}
