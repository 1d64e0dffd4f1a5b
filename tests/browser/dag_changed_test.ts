// A run goes on between what a page shows and what it asks: that is news, and no error.

import assert from "node:assert/strict";
import { CellStore } from "../../picture/dag/cell_store.ts";
import type { DagGroupNode } from "../../model/dag/view.ts";
import { eventually } from "../support/eventually.ts";
import { findChromium, launch, watchedPage } from "../support/chromium.ts";
import { dagNotes, gridUnder, noteDag } from "../support/dag_probe.ts";
import { GrowingRun } from "../support/growing_run.ts";
import { startViewer } from "../support/server.ts";

const chromium = findChromium();
/** Tasks at each depth, each waiting for one before it: of few depths, and of many. */
const FEW = { depths: 9, width: 40 };
const MANY = { depths: 340, width: 8 };

/** Adds depths to a run, of three apps in turn. */
class Stages {
  readonly #run: GrowingRun;
  #before: number[] = [];
  #depth = 0;

  constructor(run: GrowingRun) {
    this.#run = run;
  }

  async add({ depths, width }: { depths: number; width: number }): Promise<void> {
    for (let n = 0; n < depths; n++) {
      const app = ["align", "sort", "call"][this.#depth++ % 3];
      this.#before = Array.from(
        { length: width },
        (_, i) => this.#run.add(app, this.#before.slice(i, i + 1)),
      );
    }
    await this.#run.commit();
  }
}

/** The group of the tasks at a depth, as long as there are few depths. */
const OLD = "align@6";

Deno.test({
  name: "dag changed: a page that asks about what is no longer there is told so, others get a 404",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const run = await GrowingRun.begin();
    const stages = new Stages(run);
    await stages.add(FEW);
    const viewer = await startViewer([run.path]);
    const ask = (name: string, query: Record<string, string>) =>
      fetch(`${viewer.url}api/dag/${name}?${new URLSearchParams({ run: run.runId, ...query })}`);
    try {
      const group = { group: OLD, by: "states" };
      await eventually(async () => {
        const response = await ask("cells", group);
        await response.body?.cancel();
        return response.status === 200;
      }, "the group is not there at first");
      await stages.add(MANY);
      await eventually(async () => {
        const response = await ask("cells", group);
        await response.body?.cancel();
        return response.status === 404;
      }, "the group does not go");
      const questions: [string, Record<string, string>][] = [
        ["cells", group],
        ["open", { group: OLD }],
        ["task", { group: OLD, index: "0" }],
        ["task", { task: "999999" }],
        ["related", { task: "999999" }],
        ["waiting", { task: "999999" }],
      ];
      for (const [name, query] of questions) {
        const plain = await ask(name, query);
        assert.equal(plain.status, 404, name);
        await plain.body?.cancel();
        const response = await ask(name, { ...query, structure: "1" });
        assert.equal(response.status, 200, name);
        assert.equal(response.headers.get("x-changed"), "1");
        assert.ok(Number(response.headers.get("x-version")) > 0);
        assert.deepStrictEqual(await response.json(), { changed: true });
      }
      const there = await ask("cells", { group: "align@0", by: "states", structure: "1" });
      assert.equal(there.headers.get("x-changed"), null, "what is there is given");
      await there.body?.cancel();
    } finally {
      await viewer.stop();
      await run.end();
    }
  },
});

Deno.test({
  name: "dag changed: the page takes the new structure, and nothing fails",
  ignore: chromium === null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const run = await GrowingRun.begin();
    const stages = new Stages(run);
    await stages.add(FEW);
    const viewer = await startViewer([run.path]);
    const browser = await launch(chromium ?? "");
    try {
      const watched = await watchedPage(browser, viewer.url, { width: 1600 });
      const { page } = watched;
      await noteDag(page);
      // What the page asks of its first structure comes to the server when there is another one.
      const { promise: grown, resolve } = Promise.withResolvers<void>();
      let asked = 0;
      await page.route("**/api/dag/cells?**", async (route) => {
        if (route.request().url().includes(encodeURIComponent("@0"))) return await route.continue();
        asked++;
        await grown;
        await route.continue();
      });
      const changed: string[] = [];
      page.on("response", (response) => {
        if (response.headers()["x-changed"]) changed.push(response.url());
      });
      await page.goto(`${viewer.url}workflow/${run.runId}/dag_group_by_states`);
      await eventually(() => Promise.resolve(asked > 0), "the page asks for no cells");
      await stages.add(MANY);
      const list = page.locator(".dag-list summary");
      await eventually(
        async () => /: 3 groups/.test(await list.innerText()),
        "the page does not take the new structure",
      );
      resolve();
      await eventually(() => Promise.resolve(changed.length > 0), "no question came too late");
      await page.getByRole("button", { name: "Fit" }).click();
      await eventually(
        async () => {
          const notes = await dagNotes(page);
          return ["align", "sort", "call"].every((app) => gridUnder(notes, app) !== undefined);
        },
        "the new groups have no cells",
      );
      assert.deepStrictEqual(watched.complaints(), []);
      await watched.close();
    } finally {
      await browser.close();
      await viewer.stop();
      await run.end();
    }
  },
});

Deno.test("dag changed: cells that did not come are asked for again with the next news", async () => {
  const group = { id: "a@0", kind: "group", app: 0, count: 2 } as DagGroupNode;
  const asked: string[] = [];
  let fails = true;
  const changes = { waiting: Promise.withResolvers<void>() };
  const store = new CellStore({
    cells(group) {
      asked.push(group);
      if (fails) return Promise.reject(new Error("changed"));
      return Promise.resolve({ bytes: new Uint8Array([1, 2]), version: 2 });
    },
  }, () => changes.waiting.resolve());
  const change = async () => {
    await changes.waiting.promise;
    changes.waiting = Promise.withResolvers<void>();
  };
  assert.equal(store.bytes(group, "states"), undefined);
  await change();
  assert.equal(store.bytes(group, "states"), undefined);
  assert.equal(asked.length, 1, "not before there is news");
  fails = false;
  store.outdate([]);
  // A pause goes before the second question, and a timer may ring a little early: it is set again.
  while (store.bytes(group, "states") === undefined) await change();
  assert.deepStrictEqual(store.bytes(group, "states"), new Uint8Array([1, 2]));
  store.outdate([]);
  store.bytes(group, "states");
  assert.equal(asked.length, 2, "what came is not asked for again");
  store.end();
});
