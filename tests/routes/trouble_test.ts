// What is wrong is said in a sentence, with a way on; and what is not is shown nevertheless.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type Patch, patch } from "../../live/broadcast/patch.ts";
import type { WorkflowsView } from "../../model/views/workflows.ts";
import { withDirectory } from "../store/helpers.ts";
import { eventually } from "../support/eventually.ts";
import { climate, CLIMATE_RUN } from "../support/fixtures.ts";
import { decode } from "../support/html.ts";
import { namedRuns } from "../support/named_runs.ts";
import { runCli, startViewer } from "../support/server.ts";

/** The text of a page's main part, as it is read. */
function textOf(html: string): string {
  const main = /<main[^>]*>([^]*?)<\/main>/.exec(html)?.[1] ?? html;
  return decode(main.replaceAll(/<[^>]*>/g, " ")).replaceAll(/\s+/g, " ").trim();
}

/** Where a page's main part leads. */
function leads(html: string): string[] {
  const main = /<main[^>]*>([^]*?)<\/main>/.exec(html)?.[1] ?? "";
  return [...main.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => decode(href));
}

Deno.test({
  name: "trouble: what is not there is said in a sentence, and links lead on",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const database = await climate();
    const viewer = await startViewer([database.path]);
    const run = `/workflow/${CLIMATE_RUN}`;
    const cases: [path: string, status: number, sentence: RegExp, lead: string][] = [
      ["/nothing", 404, /There is no page at \/nothing\. /, "/"],
      ["/workflow/", 404, /There is no page at \/workflow\/\. /, "/"],
      [`${run}/nothing`, 404, /There is no page at .*nothing\. /, `${run}/task/`],
      ["/workflow/none/nothing", 404, /There is no page at /, "/"],
      ["/workflow/none/", 404, /None of the open databases has the workflow none\. Look/, "/"],
      ["/workflow/~/", 404, /has the workflow without an id\. /, "/"],
      ["/workflow/a%2Fb/task/1", 404, /has the workflow a\/b\. /, "/"],
      ["/workflow/none/tasks.csv", 404, /has the workflow none\. /, "/"],
      ["/workflow/none/report.html", 404, /has the workflow none\. /, "/"],
      [`${run}/app/none`, 404, /No task of this workflow is of the app none\. /, `${run}/#apps`],
      [`${run}/app/~`, 404, /of the app without a name\. /, `${run}/task/`],
      [`${run}/task/99999`, 404, /This workflow has no task 99999\. /, `${run}/task/?q=99999`],
      [`${run}/task/-1`, 404, /This workflow has no task -1\. /, `${run}/task/`],
      [`${run}/task/bf.err`, 404, /bf\.err is no task's id: /, `${run}/task/?q=bf.err`],
      [`${run}/task/${"9".repeat(40)}`, 404, /This workflow has no task 9+\. /, `${run}/task/`],
      [`${run}/report.html?theme=pink`, 400, /theme is auto, light, dark, not pink\. /, `${run}/`],
      ["/api/live?view=birds", 404, /There are no live updates of birds\./, "/"],
      ["/api/nothing", 404, /There is no page at \/api\/nothing\. /, "/"],
    ];
    try {
      for (const [path, status, sentence, lead] of cases) {
        await t.step(path, async () => {
          const response = await fetch(new URL(path, viewer.url));
          const html = await response.text();
          assert.equal(response.status, status);
          assert.match(textOf(html), sentence);
          assert.ok(leads(html).includes(lead), `${leads(html)}`);
          assert.ok(leads(html).includes("/"), "no way to all workflows");
          for (const href of leads(html)) {
            const next = await fetch(new URL(href, viewer.url));
            await next.body?.cancel();
            assert.equal(next.status, 200, `${href} leads nowhere`);
          }
          assert.ok(!/not found \/|\n\s+at |\.tsx?:\d/i.test(html), "no default text, no stack");
        });
      }
      await t.step("a method that no page has", async () => {
        const response = await fetch(new URL(`${run}/`, viewer.url), { method: "DELETE" });
        assert.equal(response.status, 405);
        assert.match(textOf(await response.text()), /This page can only be looked at/);
      });
      await t.step("a state that no task is in", async () => {
        const html = await (await fetch(new URL(`${run}/task/?state=xyz`, viewer.url))).text();
        assert.match(textOf(html), /No task is in the state xyz\. Show all tasks/);
        assert.match(html, /<option value="xyz" selected[^>]*>xyz \(0\)<\/option>/);
      });
      assert.ok(!/^\s+at /m.test(viewer.output()), viewer.output());
    } finally {
      await viewer.stop();
      await database.remove();
    }
  },
});

/** Follows the list of workflows; gives what is shown now. */
async function follow(url: string, signal: AbortSignal): Promise<() => WorkflowsView> {
  const response = await fetch(url, { signal });
  const events = response.body!.pipeThrough(new TextDecoderStream());
  let view: unknown = null;
  (async () => {
    let rest = "";
    for await (const piece of events) {
      const whole = (rest + piece).split("\n\n");
      rest = whole.pop() ?? "";
      for (const event of whole.filter((e) => e.startsWith("data: "))) {
        const message = JSON.parse(event.slice(6)) as { view?: unknown; patch?: Patch };
        view = message.view ?? (message.patch ? patch(view, message.patch) : view);
      }
    }
  })().catch(() => {
    // The test ended the connection.
  });
  await eventually(() => Promise.resolve(view !== null), "no view came");
  return () => view as WorkflowsView;
}

Deno.test({
  name:
    "trouble: one bad database among others is named at the start, on pages and while they live",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withDirectory(async (folder) => {
      const [good, bad, later] = ["good", "bad", "later"].map((name) => join(folder, `${name}.db`));
      await namedRuns(good, [{ id: "run of good" }]);
      await Deno.writeTextFile(bad, "no database ".repeat(99));
      const viewer = await startViewer([bad, good, later]);
      const ending = new AbortController();
      try {
        const said = viewer.output();
        assert.match(said, /^parsloscope: .*bad\.db is not an SQLite file; give the/m);
        assert.match(said, /^parsloscope: There is no file .*later\.db; give the/m);
        const get = (path: string) => fetch(new URL(path, viewer.url));
        const list = await (await get("/")).text();
        assert.match(
          textOf(list),
          /bad\.db is not an SQLite file; .* There is no file .*later\.db/,
        );
        assert.match(
          textOf(list),
          /2 of 3 databases cannot be read as they should; what is missing appears/,
        );
        assert.ok(list.includes('href="/workflow/run%20of%20good/"'));
        const csv = await get("/workflows.csv");
        assert.equal(csv.status, 200);
        assert.match(csv.headers.get("x-missing") ?? "", /bad\.db is not an SQLite file;/);
        assert.match(await csv.text(), /\r\nrun of good,/);
        const page = await get("/workflow/run%20of%20good/");
        assert.equal(page.status, 200);
        const missing = await get("/workflow/run%20of%20bad/");
        assert.equal(missing.status, 404);
        assert.match(
          textOf(await missing.text()),
          /It may be in one that cannot: .*bad\.db is not/,
        );

        const shown = await follow(`${viewer.url}api/live?view=workflows`, ending.signal);
        assert.equal(shown().problems.length, 2);
        await namedRuns(later, [{ id: "run of later" }]);
        await eventually(
          () => Promise.resolve(shown().known === 2 && shown().problems.length === 1),
          "what came later is not shown",
        );
        await Deno.remove(bad);
        await namedRuns(bad, [{ id: "run of bad" }]);
        await eventually(
          () => Promise.resolve(shown().known === 3 && shown().problems.length === 0),
          "what was mended is not shown",
        );
        await Deno.remove(good);
        await eventually(
          () => Promise.resolve(shown().known === 2 && /good\.db/.test(shown().problems[0] ?? "")),
          "what is gone is not told",
        );
        const kept = await get("/workflow/run%20of%20good/task/");
        assert.equal(kept.status, 200, "what was read of it stays");
        const text = await kept.text();
        const told = decode(text.replaceAll(/<[^>]*>/g, " "));
        assert.match(told, /good\.db is not there any more; it .* What is shown is what was read/);
        const lines = viewer.output().split("\n").filter((line) => /good\.db is not/.test(line));
        assert.equal(lines.length, 1, viewer.output());
      } finally {
        ending.abort();
        await viewer.stop();
      }
    }),
});

Deno.test({
  name: "trouble: a run that cannot be read any more is answered with why, on pages and questions",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withDirectory(async (folder) => {
      const paths = ["a", "b"].map((name) => join(folder, `${name}.db`));
      await namedRuns(paths[0], [{ id: "run a" }]);
      await namedRuns(paths[1], [{ id: "run b", apps: Array(3000).fill("f") }]);
      const viewer = await startViewer(paths);
      try {
        const whole = await Deno.readFile(paths[1]);
        // Its list of runs can be read, and its tasks cannot.
        const file = await Deno.open(paths[1], { write: true });
        await file.seek(Math.floor(whole.length / 2), Deno.SeekMode.Start);
        await file.write(new Uint8Array(whole.length / 4).fill(0x5a));
        file.close();
        const list = await (await fetch(viewer.url)).text();
        assert.ok(list.includes('href="/workflow/run%20a/"') && list.includes("run%20b"));
        const page = await fetch(new URL("/workflow/run%20b/", viewer.url));
        const html = await page.text();
        assert.ok([200, 503].includes(page.status), `${page.status}`);
        assert.match(textOf(html) + decode(html), /b\.db is damaged/);
        assert.equal((await fetch(new URL("/workflow/run%20a/", viewer.url))).status, 200);
        const output = viewer.output();
        assert.equal(output.match(/b\.db is damaged/g)?.length, 1, output);
        assert.ok(!/^\s+at /m.test(output), output);
      } finally {
        await viewer.stop();
      }
    }),
});

Deno.test({
  name: "trouble: a copy of a database has pages of its own",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withDirectory(async (folder) => {
      const paths = ["a", "b"].map((name) => join(folder, `${name}.db`));
      await namedRuns(paths[0], [{ id: "same", apps: ["of a"] }]);
      await namedRuns(paths[1], [{ id: "same", apps: ["of b", "more"] }]);
      const viewer = await startViewer(paths);
      try {
        const list = await (await fetch(viewer.url)).text();
        assert.ok(
          list.includes('href="/workflow/same/"') && list.includes('href="/workflow/same~2/"'),
        );
        for (const [key, app] of [["same", "of a"], ["same~2", "of b"]]) {
          const at = new URL(`/workflow/${key}/`, viewer.url);
          const html = await (await fetch(at)).text();
          assert.match(html, /<dt>Run id<\/dt><dd>same<\/dd>/);
          const href = /href="([^"]*\/app\/of%20[ab])"/.exec(html)![1];
          assert.equal(href, `/workflow/${key}/app/${encodeURIComponent(app)}`);
          assert.equal((await fetch(new URL(href, viewer.url))).status, 200);
          const task = await fetch(new URL(`/api/dag/task?run=${key}&task=0`, viewer.url));
          assert.equal((await task.json()).app, app);
          const report = await (await fetch(new URL("report.html", at))).text();
          assert.match(report, /"run":\{"id":"same"/);
        }
        const csv = await (await fetch(new URL("/workflows.csv", viewer.url))).text();
        assert.equal(csv.match(/^same,/gm)?.length, 2, "the ids are the ids");
      } finally {
        await viewer.stop();
      }
    }),
});

Deno.test("trouble: where no database can be opened, the command says why of each and ends", () =>
  withDirectory(async (folder) => {
    const bad = join(folder, "bad.db");
    await Deno.writeTextFile(bad, "no database ".repeat(99));
    const { code, stderr } = await runCli(["visualize", bad, join(folder, "none.db"), "-p", "0"]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^parsloscope: No database can be opened:\n {2}.*bad\.db is not an SQLite/,
    );
    assert.match(stderr, /\n {2}There is no file .*none\.db/);
    assert.ok(!/^\s+at /m.test(stderr), stderr);
  }));
