/**
 * What the app knows of its project folder: the route modules, and how the browser brings a page to
 * life; where files are served, those too.
 */
import type { Bundle } from "./bundle.ts";
import type { FsRouteModule } from "./fs_routes.ts";
import type { IslandRef } from "./islands_server.ts";

/** A file of routes/, by its relative path without the file extension. */
export interface RouteFile {
  path: string;
  mod: FsRouteModule;
}

/** The islands of a page. */
export interface PageIslands {
  /** The components, each once. */
  refs: IslandRef[];
  /** Each island's component, by its place among `refs`, and its props: what `boot` reads, as JSON. */
  payload: string;
}

/** A project as pages are rendered of it. */
export interface Project {
  routes: RouteFile[];
  /** The end of the body of a page that has islands: what starts them in the browser. */
  boot(islands: PageIslands, basePath: string, headers: Headers): string | Promise<string>;
  /** What addresses of this app look like in links and forms, when that is not as they are. */
  link?: (href: string) => string;
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
export function isServed(project: Project | null): project is ServedProject {
  return project !== null && "staticFiles" in project;
}
