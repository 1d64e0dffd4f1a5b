/** The dashboard's pages out of a bundle: in the place of installation/pages.ts. */
import type { App } from "fresh";
import type { Bundle } from "../fresh/bundle.ts";
import type { FsRouteModule } from "../fresh/fs_routes.ts";
import { useProject } from "../fresh/prebuilt.ts";
import type { StaticFile } from "../fresh/project.ts";
import { unpack, whenWanted } from "./pack.ts";

/** What the build found and made; files are packed. */
export interface BundledPages {
  buildId: string;
  routes: Record<string, FsRouteModule>;
  islands: Record<string, Record<string, unknown>>;
  statics: Record<string, string>;
  /** The browser's code. */
  scripts: Record<string, string>;
  imports: Record<string, string[]>;
}

/** Makes the function that gives an app its pages. */
export function pagesOf(bundled: BundledPages) {
  return <State>(app: App<State>): Promise<void> => {
    const { buildId, routes, islands, statics } = bundled;
    useProject(app, {
      buildId,
      routes: Object.entries(routes).map(([path, mod]) => ({ path, mod })),
      islands: new Map(Object.entries(islands)),
      staticFiles: new Map(
        Object.entries(statics).map(([path, packed]): [string, StaticFile] => [
          path,
          () => Promise.resolve(unpack(packed)),
        ]),
      ),
      bundle: Promise.resolve(scriptsOf(bundled)),
    });
    return Promise.resolve();
  };
}

function scriptsOf({ scripts, imports }: BundledPages): Bundle {
  return {
    files: whenWanted(scripts),
    imports: new Map(Object.entries(imports)),
  };
}
