// The dashboard's pages as a report has them.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { reportCode } from "../../installation/report.ts";
import { reportApp } from "../../export/app/report_app.ts";
import { openDatabase } from "../../store/open.ts";
import { climate } from "../support/fixtures.ts";

const LEFT = "The samples of single tasks are not in this file.";

Deno.test({
  name: "report app: pages link to fragments, know of no hub, and say what was left out",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const fixture = await climate();
    const samples = new DatabaseSync(fixture.path);
    samples.exec("DELETE FROM resource");
    samples.close();
    const database = await openDatabase(fixture.path);
    try {
      const [{ runId, name }] = await database.workflows();
      const { handler, catalog } = reportApp(await reportCode(), {
        format: "parsloscope-report",
        version: 1,
        generator: "Parsloscope",
        made: "2026-01-01T00:00:00Z",
        title: "For the paper",
        run: { id: runId, name: name ?? "" },
        taken: 0,
        redacted: false,
        data: { left: [{ what: "resource", text: LEFT }] },
      }, database);
      await catalog.run(runId);
      const get = (path: string) => handler(new Request(new URL(path, "file:///")));
      const page = async (path: string) => await (await get(path)).text();

      assert.deepStrictEqual((await get("/")).headers.get("location"), `/workflow/${runId}/`);
      const task = await page(`/workflow/${runId}/task/0`);
      assert.ok(task.includes("<title>Task 0 · climate-udp · For the paper</title>"), "no title");
      assert.deepStrictEqual(task.match(/<(?:a|form)\b[^>]*(?:href|action)="\/[^>]*>/g), null);
      assert.ok(
        task.includes(`href="#/workflow/${runId}/dag_group_by_apps"`),
        "no link to the DAG",
      );
      assert.ok(/<body[^>]* data-report/.test(task) && !/<body[^>]* data-hub/.test(task), "a hub");
      assert.ok(!/<link|src=/.test(task), "something is loaded");
      const [, usage] = task.split('id="usage"');
      assert.ok(
        usage.slice(0, usage.indexOf("</section>")).includes(LEFT),
        "no word of the samples",
      );
      // Pages of a dashboard in the same process link as ever.
      assert.deepStrictEqual(renderToString(h("a", { href: "/hub" })), '<a href="/hub"></a>');
      const foot = /<footer[^]*<\/footer>/.exec(await page(`/workflow/${runId}/`))?.[0] ?? "";
      assert.ok(foot.includes(LEFT), `a foot that says ${foot}`);
    } finally {
      database.close();
      await fixture.remove();
    }
  },
});
