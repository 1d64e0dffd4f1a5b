/**
 * The modules of a project folder: which files are routes and islands, and their import.
 */
import type { FsRouteModule, RouteFile } from "./fs_routes.ts";
import { registerIsland } from "./islands_server.ts";
import { folderUrl, urlBelow, walk } from "./paths.ts";

const SCRIPT = /\.[tj]sx?$/;

/** The code of a project: module URLs of islands by entry name, of routes by path. */
export interface ProjectModules {
  islands: Map<string, URL>;
  routes: Map<string, URL>;
}

/** Finds the route and island modules below a folder. */
export async function findModules(root: URL): Promise<ProjectModules> {
  const routesDir = folderUrl(root, "routes");
  const islandsDir = folderUrl(root, "islands");
  const [routeFiles, islandFiles] = await Promise.all([walk(routesDir), walk(islandsDir)]);
  const islands = new Map<string, URL>();
  for (const path of islandFiles) {
    if (!SCRIPT.test(path)) continue;
    const entry = `island-${path.replace(SCRIPT, "").replace(/[^\w]+/g, "_")}`;
    islands.set(entry, urlBelow(islandsDir, path));
  }
  const routes = new Map<string, URL>();
  for (const path of routeFiles) {
    // A folder like `(_lib)` holds what routes share.
    if (!SCRIPT.test(path) || /(^|\/)\(_/.test(path)) continue;
    routes.set(path.replace(SCRIPT, ""), urlBelow(routesDir, path));
  }
  return { islands, routes };
}

/** Makes every function that a module exports an island. */
export function registerIslands(entry: string, mod: Record<string, unknown>): void {
  for (const [exportName, value] of Object.entries(mod)) {
    if (typeof value === "function") registerIsland(value, { entry, exportName });
  }
}

/** Imports the modules of islands. */
export async function importIslands(
  islands: ReadonlyMap<string, URL>,
): Promise<Map<string, Record<string, unknown>>> {
  const found = [...islands].map(async (
    [entry, url],
  ): Promise<[string, Record<string, unknown>]> => [
    entry,
    await import(url.href),
  ]);
  return new Map(await Promise.all(found));
}

/** Imports the modules of routes. */
export async function importRoutes(routes: ReadonlyMap<string, URL>): Promise<RouteFile[]> {
  return await Promise.all([...routes].map(async ([path, url]) => ({
    path,
    mod: await import(url.href) as FsRouteModule,
  })));
}
