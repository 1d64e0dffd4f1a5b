// Runs and apps of odd names in a browser: links, keys, the DAG's list, live updates, and a report.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { eventually } from "../support/eventually.ts";
import { findChromium, launch, watchedPage } from "../support/chromium.ts";
import { namedRuns } from "../support/named_runs.ts";
import { openReport, writeReport } from "../support/report.ts";
import { startViewer } from "../support/server.ts";

const chromium = findChromium();
const RUNS = ["..", "a:b/c+d@e%2F?#&=", "100% done?", "~"];
const APPS = ["100% done?", "..", ".", "", "#tag+plus&amp", "a/b", "~..", "é漢字\n2", "%2e%2e"];

const heading = (page: Page) => page.locator("h1").first().textContent();

async function open(page: Page, name: string): Promise<void> {
  await eventually(async () => await heading(page) === name, `the page of "${name}" is not opened`);
}

/** Goes from the summary to each app's page and back. */
async function visitApps(page: Page, title: string): Promise<void> {
  for (const [task, app] of APPS.entries()) {
    const shown = app === "" ? "(no name)" : app;
    const links = page.locator("#apps td:first-child a");
    const texts = await links.allTextContents();
    await links.nth(texts.indexOf(shown)).click();
    await open(page, shown);
    await page.locator(`td a[href$="/task/${task}"]`).waitFor();
    assert.equal(await page.locator('.table-box[aria-label="Tasks"] tbody tr').count(), 1);
    await page.goBack();
    await open(page, title);
  }
}

Deno.test({
  name: "browser: runs and apps of odd names, on a server and in a report",
  ignore: chromium === null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
    const path = `${folder}/odd.db`;
    await namedRuns(path, RUNS.map((id, n) => ({ id, name: `run ${n}`, apps: APPS })));
    const viewer = await startViewer([path]);
    const browser = await launch(chromium ?? "");
    try {
      const watched = await watchedPage(browser, viewer.url);
      const { page } = watched;
      for (const [n, id] of RUNS.entries()) {
        await t.step(`run ${id}`, async () => {
          await page.goto(viewer.url);
          await page.getByRole("link", { name: `run ${n}`, exact: true }).click();
          await open(page, `run ${n}`);
          assert.ok((await page.locator("#about").innerText()).includes(id));
          if (n < 2) await visitApps(page, `run ${n}`);
          for (const [key, title] of [["t", "Tasks"], ["d", "DAG"], ["l", "Timeline"]]) {
            await page.locator("body").click({ position: { x: 1, y: 1 } });
            // Keys that are pressed before the page listens are lost.
            await eventually(async () => {
              if (await heading(page) === title) return true;
              await page.keyboard.press("g");
              await page.keyboard.press(key);
              return false;
            }, `the page of "${title}" is not opened`);
          }
          await page.goto(new URL(page.url().replace("/timeline", "/dag_group_by_apps")).href);
          await page.locator(".dag-list summary").click();
          await page.locator(".dag-list a.dag-node").nth(1).click();
          await open(page, "Task 1");
        });
      }
      assert.deepStrictEqual(watched.complaints(), []);
      await watched.close();
      await t.step("a report", async () => {
        const file = `${folder}/report.html`;
        await writeReport(path, file, { run: RUNS[0] });
        const report = await openReport(browser, file);
        await open(report.page, "run 0");
        await visitApps(report.page, "run 0");
        await report.page.getByRole("link", { name: "Timeline" }).click();
        await open(report.page, "Timeline");
        assert.deepStrictEqual([...report.complaints, ...report.requests], []);
        await report.close();
      });
    } finally {
      await browser.close();
      await viewer.stop();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
