/**
 * What the pages' module imports as "fresh/dev": loads a project folder (routes/, islands/ and
 * static/), the islands being bundled in the background.
 */
import type { App } from "./app.ts";
import { cachedBuild, NotBuilt } from "./build_cache.ts";
import { type Bundle, bundleIslands } from "./bundle.ts";
import { findModules, importIslands, importRoutes } from "./modules.ts";
import { folderUrl, urlBelow, walk } from "./paths.ts";
import { type LoadedProject, useProject } from "./prebuilt.ts";
import type { StaticFile } from "./project.ts";
import { complain, warn } from "../say.ts";

/** Builds a project, as Fresh's Builder does. */
export class Builder {
  readonly #root: URL;

  /** @param options.root the URL of the project's folder */
  constructor(options: { root: string }) {
    this.#root = new URL(options.root);
  }

  /**
   * Loads the project. The function that it resolves to gives it to an app; call that before
   * `app.handler()`. Pages with islands wait for the bundle by themselves.
   */
  async build(_options: { snapshot: "memory" }): Promise<<State>(app: App<State>) => void> {
    const project = await loadProject(this.#root);
    return (app) => useProject(app, project);
  }
}

/** Loads a project's modules. Resolves before the bundle is ready. */
export async function loadProject(
  folder: URL,
  buildId = crypto.randomUUID().replaceAll("-", "").slice(0, 12),
): Promise<LoadedProject> {
  const root = folderUrl(folder);
  const [modules, staticFiles] = await Promise.all([findModules(root), findStatic(root)]);
  const bundle = islandsBundle(modules.islands, root);
  bundle.catch((error) => {
    if (error instanceof NotBuilt) warn(error.message);
    else complain(error, "The island bundle failed: ");
  });
  const [islands, routes] = await Promise.all([
    importIslands(modules.islands),
    importRoutes(modules.routes),
  ]);
  return { buildId, bundle, staticFiles, islands, routes };
}

/** Makes and keeps the bundle of a project's islands, for later starts that cannot. */
export async function buildIslands(folder: URL): Promise<void> {
  const root = folderUrl(folder);
  await islandsBundle((await findModules(root)).islands, root);
}

/** The bundle of the islands, as it was made at an earlier start if nothing has changed since. */
async function islandsBundle(islands: Map<string, URL>, root: URL): Promise<Bundle> {
  const what = JSON.stringify([...islands.keys()]);
  const { files, imports } = await cachedBuild(root, "islands", what, async () => {
    const { files, imports, inputs } = await bundleIslands(islands, root);
    const packed = [...files].map(([name, bytes]): [string, string] => [name, bytes.toBase64()]);
    return { value: { files: packed, imports: [...imports] }, inputs };
  });
  const bytes = files.map(([name, packed]): [string, Uint8Array<ArrayBuffer>] => [
    name,
    Uint8Array.fromBase64(packed),
  ]);
  return { files: new Map(bytes), imports: new Map(imports) };
}

/** The files of static/, by request path. */
export async function findStatic(root: URL): Promise<Map<string, StaticFile>> {
  const folder = folderUrl(root, "static");
  return new Map((await walk(folder)).map((path) => {
    const url = urlBelow(folder, path);
    return ["/" + path, () => read(url)];
  }));
}

async function read(url: URL): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(url);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
