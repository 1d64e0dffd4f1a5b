/**
 * What the app knows of its project folder: the route modules, and how the browser brings a page to
 * life; where files are served, those too.
 */
import type { Bundle } from "./bundle.ts";
import type { RouteFile } from "./fs_routes.ts";
import type { PageProject } from "./render.ts";

/** A project as pages are rendered of it. */
export interface Project extends PageProject {
  routes: RouteFile[];
}

/** Gives the bytes of a static file; null when it is no longer there. */
export type StaticFile = () => Promise<Uint8Array<ArrayBuffer> | null>;

/** A project whose files are served. */
export interface ServedProject extends Project {
  buildId: string;
  /** Settles when the island bundle is ready. */
  bundle: Promise<Bundle>;
  /** By request path (decoded, with leading slash). */
  staticFiles: Map<string, StaticFile>;
}

/** Whether files of a project are served. */
export function isServed(project: PageProject | null): project is ServedProject {
  return project !== null && "staticFiles" in project;
}
