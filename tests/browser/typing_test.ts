// What is typed and chosen on a page whose run goes on.

import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import { findChromium, launch, watchedPage } from "../support/chromium.ts";
import { GrowingRun } from "../support/growing_run.ts";
import { startViewer } from "../support/server.ts";

const chromium = findChromium();

Deno.test({
  name: "browser: news leave what is being typed and chosen as it is",
  ignore: chromium === null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const run = await GrowingRun.begin();
    run.add("first");
    run.now(run.add("second"), "failed");
    await run.commit();
    const viewer = await startViewer([run.path]);
    const browser = await launch(chromium ?? "");
    try {
      const { page } = await watchedPage(browser, viewer.url);
      await page.goto(`${viewer.url}workflow/${run.runId}/task/`, { waitUntil: "load" });
      const search = page.locator("input[name=q]");
      const state = page.locator("select[name=state]");
      await search.pressSequentially("sec");
      await state.selectOption("failed");
      run.add("third");
      await run.commit();
      await eventually(
        async () => await page.locator("main tbody tr").count() === 3,
        "no news came",
      );
      assert.deepStrictEqual(await search.inputValue(), "sec");
      assert.deepStrictEqual(await state.inputValue(), "failed");
      await page.locator("form.filters button").click();
      await page.waitForURL(/q=sec/);
      assert.deepStrictEqual(await page.locator("main tbody tr").count(), 1);
      assert.deepStrictEqual(await search.inputValue(), "sec");
      assert.deepStrictEqual(await state.inputValue(), "failed");
    } finally {
      await browser.close();
      await viewer.stop();
      await run.end();
    }
  },
});
