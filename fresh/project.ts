/**
 * What a loaded project folder gives to the app: the island bundle, static files, and route modules.
 */
import type { Bundle } from "./bundle.ts";
import type { FsRouteModule } from "./fs_routes.ts";

/** A project folder after loading. */
export interface Project {
  buildId: string;
  /** Settles when the island bundle is ready. */
  bundle: Promise<Bundle>;
  /** Request path (decoded, with leading slash) to file URL. */
  staticFiles: Map<string, URL>;
  /** Route files by relative path without the file extension. */
  routes: { path: string; mod: FsRouteModule }[];
}
