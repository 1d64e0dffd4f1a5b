/**
 * Results of builds, kept in the folder `.cache/build` of a project from one start to the next: a
 * build takes as long as all the rest of a start.
 */
import { urlBelow } from "./paths.ts";

/** What a build made, as JSON can hold it, and of which files. */
export interface Built<Value> {
  value: Value;
  /** The files that it was made of, also those of the code that made it. */
  inputs: readonly URL[];
}

interface Kept<Value> {
  /** What was built: entry points, options. */
  what: string;
  /** Address, time of the last change in ms, and size of each input. */
  inputs: [url: string, changed: number, size: number][];
  value: Value;
}

/** What is not built, or no longer as it would be, and cannot be built by this process. */
export class NotBuilt extends Error {
  override name = "NotBuilt";
}

/**
 * What was built before under this name, as long as it would come out the same: what is built has
 * not changed, nor any of the files that it was made of. Otherwise it is built, and kept if the
 * project's folder can be written.
 *
 * @param what tells builds of one name apart
 * @throws {NotBuilt} when it has to be built, and this process may not start esbuild
 */
export async function cachedBuild<Value>(
  root: URL,
  name: string,
  what: string,
  build: () => Promise<Built<Value>>,
): Promise<Value> {
  const file = urlBelow(root, `.cache/build/${name}.json`);
  const kept = await read<Value>(file);
  if (kept?.what === what && await isFresh(kept.inputs)) return kept.value;
  const { value, inputs } = await build().catch((error) => {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new NotBuilt(
      "The pages are not built, or have changed since, and this process may start no other " +
        "program that does it: run `deno task build`.",
    );
  });
  await write(file, { what, inputs: await Promise.all(inputs.map(stamp)), value });
  return value;
}

async function read<Value>(file: URL): Promise<Kept<Value> | null> {
  try {
    return JSON.parse(await Deno.readTextFile(file)) as Kept<Value>;
  } catch {
    return null;
  }
}

async function isFresh(inputs: Kept<unknown>["inputs"]): Promise<boolean> {
  const now = await Promise.all(inputs.map(([url]) => stamp(new URL(url)).catch(() => null)));
  return now.every((found, at) => String(found) === String(inputs[at]));
}

async function stamp(url: URL): Promise<[string, number, number]> {
  const { mtime, size } = await Deno.stat(url);
  return [url.href, mtime?.getTime() ?? 0, size];
}

/** Keeps a result; in a folder that cannot be written it is built again the next time. */
async function write(file: URL, kept: Kept<unknown>): Promise<void> {
  const part = new URL(`${file.href}.${crypto.randomUUID()}.part`);
  try {
    await Deno.mkdir(new URL(".", file), { recursive: true });
    await Deno.writeTextFile(part, JSON.stringify(kept));
    await Deno.rename(part, file);
  } catch {
    await Deno.remove(part).catch(() => {});
  }
}
