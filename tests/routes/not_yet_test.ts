// A page whose task or app has not been read yet: it says so in time, and opens when it has.

import assert from "node:assert/strict";
import { App } from "fresh";
import { join } from "node:path";
import { handler } from "../../routes/_middleware.tsx";
import { NotYet, PageError } from "../../live/views/page_error.ts";
import { showRun } from "../../live/views/views.ts";
import type { State } from "../../state.ts";
import { Catalog } from "../../live/runs/catalog.ts";
import { DatabaseError, type MonitoringDatabase } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { withDirectory } from "../store/helpers.ts";
import { namedRuns } from "../support/named_runs.ts";

/** A database of which nothing but the run's own row is read until it is let go. */
function held(database: MonitoringDatabase) {
  const gate = Promise.withResolvers<void>();
  const proxy: MonitoringDatabase = {
    name: database.name,
    taken: null,
    stamp: () => database.stamp(),
    lastWritten: () => database.lastWritten(),
    workflows: () => database.workflows(),
    async *read(run, since) {
      for await (const slice of database.read(run, since)) {
        const { rows, watermark } = slice;
        yield {
          rows: { ...rows, tasks: [], tries: [], statuses: [] },
          watermark: since,
          done: 25,
          total: 100,
          skipped: 0,
        };
        await gate.promise;
        yield { rows, watermark, done: 100, total: 100, skipped: 0 };
      }
    },
    task: (...asked) => database.task(...asked),
    lacking: {},
    searchTexts: (...asked) => database.searchTexts(...asked),
    details: (...asked) => database.details(...asked),
    tables: (run) => database.tables(run),
    glance: (runs) => database.glance(runs),
    close: () => database.close(),
  };
  return { database: proxy, letGo: () => gate.resolve() };
}

Deno.test("not yet: a page says how far its run is while what it is about has not been read", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    await namedRuns(path, [{ id: "r", apps: ["f", "g"] }]);
    const { database, letGo } = held(await openDatabase(path));
    const catalog = new Catalog([database]);
    const state: State = { catalog, hub: null };
    const params = new URLSearchParams();
    const task = { run: "r", task: "1", params };
    const app = { run: "r", app: "g", params };
    const summary = await showRun(state, "summary", { run: "r", params });
    assert.equal(summary.view.head.tasks, 0);
    assert.deepStrictEqual(summary.loading, { done: 25, total: 100 });
    for (const [name, at] of [["task", task], ["tasks", app]] as const) {
      await assert.rejects(showRun(state, name, at, 20), (error: unknown) => {
        assert.ok(error instanceof NotYet);
        assert.match(error.message, /being read, 25 % of it so far, and what this page is about/);
        return true;
      });
    }
    const waiting = showRun(state, "task", task);
    letGo();
    assert.equal((await waiting).view.line.app, "g");
    assert.equal((await showRun(state, "tasks", app)).view.total, 1);
    await assert.rejects(showRun(state, "task", { ...task, task: "2" }), PageError);
    catalog.close();
  }));

Deno.test("not yet: such a page is asked for again by the browser, and a bad database's is explained", async () => {
  const errors = new Map<string, () => Error>([
    ["/early", () => new NotYet(0.5)],
    ["/bad", () => new DatabaseError("bad.db is damaged; copy it again.")],
    ["/api/bad", () => new DatabaseError("bad.db is damaged; copy it again.")],
  ]);
  const states: State[] = [];
  const app = new App<State>().use((ctx) => {
    ctx.state.catalog = new Catalog([]);
    states.push(ctx.state);
    return ctx.next();
  }).use(handler).setProject({
    routes: [...errors].map(([path, error]) => ({
      path: path.slice(1),
      mod: { handler: { GET: () => Promise.reject(error()) } },
    })),
    boot: () => "",
  }).fsRoutes();
  const ask = async (path: string) => {
    const response = await app.handler()(new Request(`http://localhost${path}`));
    return { status: response.status, text: await response.text(), state: states.at(-1)! };
  };
  const early = await ask("/early");
  assert.deepStrictEqual([early.status, early.state.reload], [202, 1]);
  assert.match(early.text, /<h1>Not read yet<\/h1>.*50 % of it so far/);
  const bad = await ask("/bad");
  assert.equal(bad.status, 503);
  assert.match(bad.text, /bad\.db is damaged; copy it again\..*href="\/bad">Try again/);
  const api = await ask("/api/bad");
  assert.deepStrictEqual([api.status, api.text], [503, "bad.db is damaged; copy it again.\n"]);
});
