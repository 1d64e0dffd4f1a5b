/**
 * Loads a project folder into an app: routes/, islands/ and static/; the islands are bundled in the
 * background. (Ours; with real Fresh this is done by its build step.)
 */
import type { App } from "./app.ts";
import { bundleIslands } from "./bundle.ts";
import { findModules, importIslands, importRoutes } from "./modules.ts";
import { folderUrl, fromFileUrl, urlBelow, walk } from "./paths.ts";
import { useProject } from "./prebuilt.ts";
import type { ServedProject, StaticFile } from "./project.ts";

/** Loads the project; call it before `app.handler()`. Resolves before the bundle is ready. */
export async function loadProject<State>(
  app: App<State>,
  options: {
    root: URL;
    buildId?: string;
    onBundle?: (info: { millis: number; bytes: number; files: number }) => void;
  },
): Promise<ServedProject> {
  const { root } = options;
  const buildId = options.buildId ?? crypto.randomUUID().replaceAll("-", "").slice(0, 12);
  const [modules, staticFiles] = await Promise.all([findModules(root), findStatic(root)]);
  const bundle = bundleIslands(modules.islands, fromFileUrl(folderUrl(root)));
  bundle.then(
    ({ files, millis }) => {
      let bytes = 0;
      for (const file of files.values()) bytes += file.byteLength;
      options.onBundle?.({ millis, bytes, files: files.size });
    },
    (error) => console.error("The island bundle failed:", error),
  );
  const [islands, routes] = await Promise.all([
    importIslands(modules.islands),
    importRoutes(modules.routes),
  ]);
  return useProject(app, { buildId, bundle, staticFiles, islands, routes });
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
