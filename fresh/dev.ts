/**
 * Loads a project folder into an app: routes/, islands/ and static/; the islands are bundled in the
 * background. (Ours; with real Fresh this is done by its build step.)
 */
import type { App } from "./app.ts";
import { setBuildId } from "./build_id.ts";
import { bundleIslands } from "./bundle.ts";
import type { FsRouteModule } from "./fs_routes.ts";
import { registerIsland } from "./islands_server.ts";
import { folderUrl, fromFileUrl, urlBelow, walk } from "./paths.ts";
import type { Project } from "./project.ts";

const SCRIPT = /\.[tj]sx?$/;
const TEST = /[._]test\.[tj]sx?$/;

/** Loads the project; call it before `app.handler()`. Resolves before the bundle is ready. */
export async function loadProject<State>(
  app: App<State>,
  options: {
    root: URL;
    buildId?: string;
    onBundle?: (info: { millis: number; bytes: number; files: number }) => void;
  },
): Promise<Project> {
  const { root } = options;
  const buildId = options.buildId ?? crypto.randomUUID().replaceAll("-", "").slice(0, 12);
  setBuildId(buildId);
  const routesDir = folderUrl(root, "routes");
  const islandsDir = folderUrl(root, "islands");
  const staticDir = folderUrl(root, "static");
  const [routeFiles, islandFiles, staticPaths] = await Promise.all([
    walk(routesDir),
    walk(islandsDir),
    walk(staticDir),
  ]);

  const islandUrls = new Map<string, URL>();
  const addIsland = (path: string, url: URL) => {
    if (!SCRIPT.test(path) || TEST.test(path)) return;
    islandUrls.set(`island-${path.replace(SCRIPT, "").replace(/[^\w]+/g, "_")}`, url);
  };
  for (const path of islandFiles) addIsland(path, urlBelow(islandsDir, path));
  for (const path of routeFiles) {
    if (path.includes("(_islands)/")) addIsland(path, urlBelow(routesDir, path));
  }
  const entries = Object.fromEntries([...islandUrls].map(([n, u]) => [n, fromFileUrl(u)]));
  const bundle = islandUrls.size === 0
    ? Promise.resolve({ files: new Map(), imports: new Map(), millis: 0 })
    : bundleIslands(entries, fromFileUrl(folderUrl(root)));
  bundle.then(
    ({ files, millis }) => {
      let bytes = 0;
      for (const file of files.values()) bytes += file.byteLength;
      options.onBundle?.({ millis, bytes, files: files.size });
    },
    (error) => console.error("The island bundle failed:", error),
  );

  await Promise.all([...islandUrls].map(async ([entry, url]) => {
    const mod: Record<string, unknown> = await import(url.href);
    for (const [exportName, value] of Object.entries(mod)) {
      if (typeof value === "function") registerIsland(value, { entry, exportName });
    }
  }));
  const routes = await Promise.all(
    routeFiles
      .filter((p) => SCRIPT.test(p) && !TEST.test(p) && !/(^|\/)\(_/.test(p))
      .map(async (path) => ({
        path: path.replace(SCRIPT, ""),
        mod: await import(urlBelow(routesDir, path).href) as FsRouteModule,
      })),
  );
  const project: Project = {
    buildId,
    bundle,
    staticFiles: new Map(staticPaths.map((p) => ["/" + p, urlBelow(staticDir, p)])),
    routes,
  };
  app.setProject(project);
  return project;
}
