/** The dashboard's pages, from the project's folder. A bundle has them inside (bundle/pages.ts). */
import type { App } from "fresh";
import { loadProject } from "../fresh/dev.ts";

/** Gives the app its routes, islands and static files; call it before `app.handler()`. */
export async function loadPages<State>(app: App<State>): Promise<void> {
  await loadProject(app, { root: new URL("..", import.meta.url) });
}
