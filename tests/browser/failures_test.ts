// The failures on the summary of a run that goes on: what one reads stays open and where it is.

import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { findChromium, launch, watchedPage } from "../support/chromium.ts";
import { eventually } from "../support/eventually.ts";
import { GrowingRun } from "../support/growing_run.ts";
import { startViewer } from "../support/server.ts";

const chromium = findChromium();

Deno.test({
  name: "browser: failures of a run that goes on do not close, nor move, under who reads them",
  ignore: chromium === null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const run = await GrowingRun.begin();
    const fail = (text: string) => run.now(run.add("step"), "failed", text);
    for (const text of ["E('first')", "E('first')", "E('second')"]) fail(text);
    await run.commit();
    const viewer = await startViewer([run.path]);
    const browser = await launch(chromium!);
    const watched = await watchedPage(browser, viewer.url);
    try {
      const { page } = watched;
      await page.goto(`${viewer.url}workflow/${run.runId}/`, { waitUntil: "load" });
      const listed = () => page.locator(".failure > summary").allInnerTexts();
      const open = () => page.locator(".failure[open] > summary").allInnerTexts();
      deepStrictEqual(await listed(), ["E: first", "E: second"]);
      deepStrictEqual(await open(), ["E: first", "E: second"], "few causes are open at first");
      for (const text of ["third", "fourth", "fourth", "fourth", "fifth", "sixth", "seventh"]) {
        fail(`E('${text}')`);
      }
      await run.commit();
      await eventually(async () => (await listed()).length === 7, "the new causes do not come");
      deepStrictEqual((await listed()).slice(0, 3), ["E: first", "E: second", "E: fourth"]);
      deepStrictEqual(await open(), ["E: first", "E: second"]);
      ok((await page.locator("#failures .more > summary").innerText()).includes("more cause"));
      // Nobody reads any more: the most frequent goes first.
      for (const name of ["first", "second"]) await page.getByText(`E: ${name}`).click();
      fail("E('eighth')");
      await run.commit();
      await eventually(
        // News of time alone puts them in order, too: the eighth may come after that.
        async () => (await listed())[0] === "E: fourth" && (await listed()).length === 8,
        "the order stays as it was, though nothing is open",
      );
      const numbers = await page.locator(".failures tbody tr td:nth-child(2)").allTextContents();
      equal(numbers.reduce((sum, text) => sum + Number(text), 0), 11);
      await page.locator(".failures tbody tr td:nth-child(2) a").first().click();
      await page.waitForURL(/\/task\/\?cause=E%3A\+fourth&state=failed/);
      equal(await page.locator("tbody tr").count(), 3);
      await page.getByLabel("Tasks of all causes").click();
      await page.waitForURL(/\/task\/\?state=failed$/);
      equal(await page.locator("tbody tr").count(), 11);
      deepStrictEqual(watched.complaints(), []);
    } finally {
      await watched.close();
      await browser.close();
      await viewer.stop();
      await run.end();
    }
  },
});
