/**
 * Gives an app a project whose modules are loaded already, wherever they came from. (Ours; with real
 * Fresh this is done by what its build step writes.)
 */
import type { App } from "./app.ts";
import { setBuildId } from "./build_id.ts";
import { moduleBoot } from "./module_boot.ts";
import { registerIslands } from "./modules.ts";
import type { ServedProject } from "./project.ts";

/** A project that is served, with the modules of its islands. */
export interface LoadedProject extends Omit<ServedProject, "boot"> {
  /** By the name of the bundle entry. */
  islands: Map<string, Record<string, unknown>>;
}

/** Makes the islands known and gives the app its project; call it before `app.handler()`. */
export function useProject<State>(app: App<State>, loaded: LoadedProject): void {
  const { islands, ...project } = loaded;
  setBuildId(project.buildId);
  for (const [entry, mod] of islands) registerIslands(entry, mod);
  app.setProject({ ...project, boot: moduleBoot(project.buildId, project.bundle) });
}
