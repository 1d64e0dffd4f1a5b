/**
 * The dashboard's pages, from the project's folder, in the way that Fresh and its stand-in in fresh/
 * have in common. A bundle has them inside (bundle/pages.ts).
 */
import type { App } from "fresh";
import { Builder } from "fresh/dev";

/** Gives the app its routes, islands and static files; call it before `app.handler()`. */
export async function loadPages<State>(app: App<State>): Promise<void> {
  const builder = new Builder({ root: new URL("..", import.meta.url).href });
  const give = await builder.build({ snapshot: "memory" });
  give(app);
}
