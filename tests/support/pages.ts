// The dashboard's pages, answered in the process of the test.

import { App } from "fresh";
import { loadPages } from "../../installation/pages.ts";
import { exporter } from "../../installation/exporter.ts";
import type { State } from "../../state.ts";
import type { Catalog } from "../../live/runs/catalog.ts";

/** An answer, and what was said on the terminal meanwhile. */
export interface Answered {
  status: number;
  text: string;
  said: string[];
}

/** Answers requests about a catalog: give it an address without the leading slash. */
export type Pages = (catalog: Catalog, address: string) => Promise<Answered>;

/** All routes, as `visualize` serves them. */
export async function pages(): Promise<Pages> {
  let open: Catalog;
  const app = new App<State>()
    .use((ctx) => {
      Object.assign(ctx.state, { catalog: open, hub: null, exporter });
      return ctx.next();
    })
    .fsRoutes();
  await loadPages(app);
  const handler = app.handler();
  return async (catalog, address) => {
    open = catalog;
    const said: string[] = [];
    const { error } = console;
    console.error = (...words: unknown[]) => said.push(words.map(String).join(" "));
    try {
      const response = await handler(new Request(`http://localhost/${address}`));
      return { status: response.status, text: await response.text(), said };
    } finally {
      console.error = error;
    }
  };
}
