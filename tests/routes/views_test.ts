import assert from "node:assert/strict";
import { parseTaskQuery, selectTasks, tasksCsv } from "../../model/tasks/table.ts";
import { addressKey, liveUrl, parseLiveUrl } from "../../live/views/address.ts";
import { broadcastOf, broadcasts } from "../../live/broadcast/broadcasts.ts";
import { taskCsvStream } from "../../routes/(_lib)/task_csv.ts";
import { ViewCache } from "../../live/views/view_cache.ts";
import { runView, showRun, viewCache } from "../../live/views/views.ts";
import type { State } from "../../state.ts";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { climateIn, largeIn, withDirectory } from "../store/helpers.ts";
import { LARGE_RUN } from "../support/fixtures.ts";

const NO_PARAMS = new URLSearchParams();

Deno.test("views: a page that is asked for while its run is read says how far that is", () =>
  withDirectory(async (directory) => {
    const catalog = await openCatalog([await largeIn(directory)]);
    const followed = await catalog.find(LARGE_RUN);
    const reading = followed!.refresh();
    const state: State = { catalog, hub: null };
    const at = { run: LARGE_RUN, params: NO_PARAMS };
    const view = await runView(catalog, followed!, "summary", at);
    assert.ok(followed!.loading);
    assert.ok(view.head.tasks < 10_000);
    assert.deepEqual([view.head.status, view.head.failed], ["failed", 0], "as Parsl counted");
    await reading;
    const shown = await showRun(state, "summary", at);
    assert.equal(shown.loading, null);
    assert.equal(shown.live, null, "a run that ended long ago cannot change");
    assert.equal(state.refresh, undefined);
    assert.equal(shown.view.head.tasks, 10_000);
    catalog.close();
  }));

Deno.test("views: a view is made once for a version of its run, whoever asks", () =>
  withDirectory(async (directory) => {
    const path = await climateIn(directory);
    // A file that was written just now is looked at twice.
    await Deno.utime(path, 1000, 1000);
    const catalog = await openCatalog([path]);
    const runId = (await catalog.workflows())[0].workflow.runId;
    const state: State = { catalog, hub: null };
    const at = { run: runId, params: new URLSearchParams("b=1&a=2") };
    const same = { run: runId, params: new URLSearchParams("a=2&b=1") };
    const [first] = await Promise.all([showRun(state, "tasks", at)]);
    const again = await showRun(state, "tasks", same);
    assert.equal(viewCache(catalog).made, 1);
    assert.equal(again.view.lines, first.view.lines);
    await showRun(state, "summary", at);
    assert.equal(viewCache(catalog).made, 2);
    catalog.close();
  }));

Deno.test("views: of too many views those unused for longest are forgotten", async () => {
  const cache = new ViewCache(2);
  const get = (address: string, version = "1") => cache.get(address, version, () => ({ address }));
  await get("a");
  await get("b");
  await get("a");
  await get("c");
  assert.equal(cache.made, 3);
  await get("a");
  assert.equal(cache.made, 3);
  await get("b");
  assert.equal(cache.made, 4);
  await get("b", "2");
  assert.equal(cache.made, 5);
});

Deno.test("views: a live address says what its page shows", () => {
  const at = { run: "r", app: "a b", params: new URLSearchParams("sort=app&page=2") };
  const parsed = parseLiveUrl(new URL(liveUrl("tasks", at), "http://localhost"));
  assert.equal(parsed.view, "tasks");
  assert.equal(addressKey(parsed.view, parsed.at), addressKey("tasks", at));
  assert.notEqual(
    addressKey("tasks", at),
    addressKey("tasks", { ...at, params: new URLSearchParams("sort=app") }),
  );
});

Deno.test("views: connections to one address share a broadcast until the last one leaves", () =>
  withDirectory(async (directory) => {
    const catalog = await openCatalog([await climateIn(directory)]);
    const runId = (await catalog.workflows())[0].workflow.runId;
    const at = () => ({ run: runId, params: new URLSearchParams() });
    const [one, two] = await Promise.all([
      broadcastOf(catalog, "summary", at()),
      broadcastOf(catalog, "summary", at()),
    ]);
    assert.equal(one, two);
    const readers = [one.subscribe().getReader(), two.subscribe().getReader()];
    const texts = await Promise.all(readers.map(async (reader) => (await reader.read()).value));
    assert.deepEqual(texts[0], texts[1]);
    assert.match(new TextDecoder().decode(texts[0]), /^data: {"view":/);
    assert.equal(viewCache(catalog).made, 1);
    const followed = await catalog.find(runId);
    assert.ok(followed?.busy);
    for (const reader of readers) await reader.cancel();
    await followed?.refresh();
    assert.equal(followed?.busy, false);
    assert.equal(broadcasts(catalog).size, 0);
    const none = (await broadcastOf(catalog, "summary", { run: "none", params: NO_PARAMS }))
      .subscribe().getReader();
    assert.match(new TextDecoder().decode((await none.read()).value), /^event: end/);
    catalog.close();
  }));

Deno.test("views: the CSV of all tasks comes in pieces, as they are taken", () =>
  withDirectory(async (directory) => {
    const catalog = await openCatalog([await largeIn(directory)]);
    const { run } = (await catalog.run(LARGE_RUN))!;
    const params = new URLSearchParams("sort=ran&order=desc");
    const reader = taskCsvStream(run, params).getReader();
    const decoder = new TextDecoder();
    let text = "";
    let pieces = 0;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      pieces++;
      assert.ok(value.byteLength < 200_000, `${value.byteLength} bytes at once`);
      text += decoder.decode(value);
    }
    assert.ok(pieces >= 10, `${pieces} pieces`);
    assert.equal(text, tasksCsv(run, selectTasks(run, parseTaskQuery(params))));
    assert.equal(text.trimEnd().split("\r\n").length, 10_001);
    const none = await new Response(taskCsvStream(run, new URLSearchParams("q=nothing"))).text();
    assert.equal(none.trimEnd().split("\r\n").length, 1);
    catalog.close();
  }));
