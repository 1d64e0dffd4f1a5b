// Names and texts that nobody could read: short on pages, whole in downloads.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { NAMES, shortText, shortTexts, wholeName } from "../../model/figures/short_texts.ts";
import { climate, CLIMATE_RUN } from "../support/fixtures.ts";
import { decode } from "../support/html.ts";
import { pages } from "../support/pages.ts";

const LONG = "x".repeat(200_000);

Deno.test({
  name: "long texts: pages show their beginning and link on, downloads have them whole",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const file = await climate();
    const database = new DatabaseSync(file.path);
    database.exec(`
      UPDATE workflow SET workflow_name = 'name${LONG}', user = 'user${LONG}', host = 'h${LONG}';
      UPDATE task SET task_func_name = 'app${LONG}' || (task_id % 3), task_inputs = 'i${LONG}',
        task_outputs = 'o${LONG}', task_stdout = 's${LONG}';
      UPDATE try SET hostname = 'node${LONG}', task_executor = 'exec${LONG}',
        task_fail_history = 'E: ' || '${LONG}' || task_id WHERE task_fail_history IS NOT NULL;
      UPDATE block SET status = 's${LONG}', job_id = 'j${LONG}', block_id = 'b${LONG}';
      UPDATE node SET hostname = 'node${LONG}', uid = 'm${LONG}';
      UPDATE status SET task_status_name = 'odd${LONG}' WHERE rowid % 50 = 0;
    `);
    database.close();
    const catalog = await openCatalog([file.path], {});
    const ask = await pages();
    const run = `workflow/${CLIMATE_RUN}`;
    try {
      const shown = [
        "",
        `${run}/`,
        `${run}/task/`,
        `${run}/task/1`,
        `${run}/dag_group_by_apps`,
        `${run}/timeline`,
        `${run}/resource_usage`,
        `api/dag/task?run=${CLIMATE_RUN}&task=1`,
        `api/timeline/task?run=${CLIMATE_RUN}&task=1`,
      ];
      for (const path of shown) {
        const { status, text } = await ask(catalog, path);
        assert.ok(status === 200 || status === 404 && path.startsWith("api"), path);
        assert.ok(text.length < 2_000_000, `${path}: ${text.length} characters`);
      }
      const { text: summary } = await ask(catalog, `${run}/`);
      const links = [...summary.matchAll(/href="\/(workflow\/[^"]*\/app\/[^"]*)"/g)]
        .map(([, href]) => decode(href));
      assert.ok(new Set(links).size >= 3, "apps that differ only at their ends are one");
      const { status, text } = await ask(catalog, links[0]);
      assert.equal(status, 200, "the app's link leads nowhere");
      assert.match(text, /app\/x|appxxx/);
      const { text: csv } = await ask(catalog, `${run}/tasks.csv`);
      assert.ok(csv.includes(`app${LONG}1`), "the download has cut the name of an app");
      const some = await ask(
        catalog,
        `${run}/tasks.csv?app=${encodeURIComponent(shortText(`app${LONG}1`))}`,
      );
      assert.ok(some.text.includes(`app${LONG}1`) && !some.text.includes(`app${LONG}2`));
    } finally {
      catalog.close();
      await file.remove();
    }
  },
});

Deno.test("long texts: what is short enough stays the very same object, and pairs are not split", () => {
  const view = { a: ["b", { c: 1, d: null }], e: new Uint8Array(4) };
  assert.equal(shortTexts(view), view);
  const long = "é".repeat(NAMES.longest + 1);
  const cut = shortTexts({ view, long, [long]: [long, 2] });
  assert.equal(cut.view, view);
  assert.equal(cut.long, shortText(long));
  assert.ok(cut.long.length < NAMES.left + 60);
  assert.deepStrictEqual(Object.keys(cut), ["view", "long", cut.long]);
  const pair = `${"x".repeat(NAMES.left - 1)}😀${long}`;
  assert.ok(shortText(pair).isWellFormed());
  assert.equal(wholeName(["a", null, long], shortText(long)), long);
  assert.equal(wholeName(["a"], "b…"), "b…");
});
