// What pages give to their islands travels as JSON: nothing else may be among it.

import assert from "node:assert/strict";
import { App } from "fresh";
import type { PageIslands } from "../../fresh/islands_server.ts";
import { findModules, importIslands, importRoutes, registerIslands } from "../../fresh/modules.ts";
import { Catalog } from "../../live/runs/catalog.ts";
import type { State } from "../../state.ts";
import { openDatabase } from "../../store/open.ts";
import { climate, CLIMATE_RUN, figures } from "../support/fixtures.ts";
import { troubled } from "../support/hub_accounts.ts";

const RUN_PAGES = [
  ...["", "task/", "task/0", "timeline", "resource_usage"],
  ...["dag_group_by_apps", "dag_group_by_states"],
];

/** What JSON would leave out or make something else of. A property without a value may be left out. */
function strange(value: unknown, path: string): string[] {
  switch (typeof value) {
    case "string":
    case "boolean":
      return [];
    case "number":
      return Number.isFinite(value) ? [] : [`${path} is ${value}`];
    case "object": {
      if (value === null) return [];
      if (Array.isArray(value)) return value.flatMap((item, i) => strange(item, `${path}[${i}]`));
      if (Object.getPrototypeOf(value) !== Object.prototype) return [`${path} is of a class`];
      return Object.entries(value).filter(([, field]) => field !== undefined)
        .flatMap(([name, field]) => strange(field, `${path}.${name}`));
    }
    default:
      return [`${path} is of type ${typeof value}`];
  }
}

Deno.test("island props: on every page they are what JSON can hold", async () => {
  const modules = await findModules(new URL("../../", import.meta.url));
  for (const [entry, mod] of await importIslands(modules.islands)) registerIslands(entry, mod);
  const database = await climate();
  const catalog = new Catalog([await openDatabase(database.path)]);
  let shown: PageIslands | null = null;
  const app = new App<State>().use((ctx) => {
    const hub = { accounts: () => Promise.resolve(troubled(Date.now())) };
    Object.assign(ctx.state, { catalog, hub });
    return ctx.next();
  }).setProject({
    routes: await importRoutes(modules.routes),
    boot(page) {
      shown = page;
      return "";
    },
  }).fsRoutes();
  const handler = app.handler();
  try {
    const [name] = Object.keys((await figures())["climate.db"][CLIMATE_RUN].apps);
    const runPages = [...RUN_PAGES, `app/${encodeURIComponent(name)}`];
    const pages = ["", "hub", ...runPages.map((page) => `workflow/${CLIMATE_RUN}/${page}`)];
    for (const path of pages) {
      shown = null;
      const response = await handler(new Request(`http://localhost/${path}`));
      await response.body?.cancel();
      assert.equal(response.status, 200, path);
      // The page's own, and the one for keys.
      const { islands } = shown as unknown as PageIslands;
      assert.equal(islands.length, 2, path);
      assert.deepStrictEqual(strange(islands, ""), [], path);
    }
  } finally {
    catalog.close();
    await database.remove();
  }
});
