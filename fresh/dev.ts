/**
 * Loads a project folder into an app: routes/, islands/ and static/; the islands are bundled in the
 * background. (Ours; with real Fresh this is done by its build step.)
 */
import type { App } from "./app.ts";
import { cachedBuild } from "./build_cache.ts";
import { type Bundle, bundleIslands } from "./bundle.ts";
import { findModules, importIslands, importRoutes } from "./modules.ts";
import { folderUrl, urlBelow, walk } from "./paths.ts";
import { useProject } from "./prebuilt.ts";
import type { ServedProject, StaticFile } from "./project.ts";

/** Loads the project; call it before `app.handler()`. Resolves before the bundle is ready. */
export async function loadProject<State>(
  app: App<State>,
  options: { root: URL; buildId?: string },
): Promise<ServedProject> {
  const root = folderUrl(options.root);
  const buildId = options.buildId ?? crypto.randomUUID().replaceAll("-", "").slice(0, 12);
  const [modules, staticFiles] = await Promise.all([findModules(root), findStatic(root)]);
  const bundle = islandsBundle(modules.islands, root);
  bundle.catch((error) => console.error("The island bundle failed:", error));
  const [islands, routes] = await Promise.all([
    importIslands(modules.islands),
    importRoutes(modules.routes),
  ]);
  return useProject(app, { buildId, bundle, staticFiles, islands, routes });
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
