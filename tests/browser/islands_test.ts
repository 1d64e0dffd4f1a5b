// When islands are hydrated, and when charts are drawn, in a real browser.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { App, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import type { Turns } from "../fresh/fixture/islands/Turn.tsx";
import { eventually } from "../support/eventually.ts";
import { findChromium, launch, type WatchedPage, watchedPage } from "../support/chromium.ts";
import { climate, figures } from "../support/fixtures.ts";
import { startViewer } from "../support/server.ts";

const chromium = findChromium();

function browserTest(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: `browser: islands: ${name}`,
    ignore: chromium === null,
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });
}

/** The fixture's page with islands that note their turns. */
async function turnsPage(
  act: (watched: WatchedPage) => Promise<void>,
  prepare?: () => void,
): Promise<void> {
  const app = new App<{ trail: string[] }>().use(staticFiles()).fsRoutes();
  const root = new URL("../fresh/fixture/", import.meta.url);
  (await new Builder({ root: root.href }).build({ snapshot: "memory" }))(app);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.handler());
  const origin = `http://127.0.0.1:${server.addr.port}/`;
  const browser = await launch(chromium ?? "");
  try {
    const watched = await watchedPage(browser, origin);
    await watched.page.addInitScript(() => {
      (globalThis as unknown as Turns).turns = [];
    });
    if (prepare) await watched.page.addInitScript(prepare);
    await watched.page.goto(`${origin}turns`, { waitUntil: "load" });
    await act(watched);
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

function turnsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as Turns).turns);
}

/** What is in view never becomes known: no island's turn comes. */
function noTurns(): void {
  IntersectionObserver.prototype.observe = () => {};
}

browserTest(
  "each has a task of its own, those in view first, whatever fails",
  () =>
    turnsPage(async ({ page, pageErrors }) => {
      await eventually(async () => (await turnsOf(page)).includes("below"), "not all had a turn");
      const order = ["broken", "first", "second", "below"];
      assert.deepStrictEqual(await turnsOf(page), order.flatMap((name) => [name, `after ${name}`]));
      await eventually(() => Promise.resolve(pageErrors.length > 0), "no failure is told");
      assert.deepStrictEqual(pageErrors, ["broken fails"]);
      await page.locator("#second").click();
      await eventually(
        async () => await page.locator("#second").innerText() === "1",
        "a click does nothing",
      );
    }),
);

browserTest(
  "a click before its turn is not lost, and wakes no other",
  () =>
    turnsPage(async ({ page }) => {
      await page.locator("#first").click();
      await eventually(
        async () => await page.locator("#first").innerText() === "1",
        "the click was lost",
      );
      assert.deepStrictEqual(await turnsOf(page), ["first", "after first"]);
    }, noTurns),
);

browserTest("a key before its turn is not lost", () =>
  turnsPage(async ({ page }) => {
    await page.locator("#second").focus();
    assert.deepStrictEqual(await turnsOf(page), []);
    await page.keyboard.press("Enter");
    await eventually(
      async () => await page.locator("#second").innerText() === "1",
      "the key was lost",
    );
  }, noTurns));

browserTest("charts are drawn each in a task of its own", async () => {
  const [run] = Object.keys((await figures())["climate.db"]);
  const database = await climate();
  const viewer = await startViewer([database.path]);
  const browser = await launch(chromium ?? "");
  try {
    const watched = await watchedPage(browser, viewer.url);
    const { page } = watched;
    await page.addInitScript(() => {
      const drawn: number[] = [];
      (globalThis as unknown as { drawn: number[] }).drawn = drawn;
      // Called at the end of each task in which the page changed.
      new MutationObserver((records) => {
        const charts = records.filter(({ target, addedNodes }) =>
          target instanceof Element && target.matches(".chart-canvas") && addedNodes.length > 0
        );
        if (charts.length > 0) drawn.push(charts.length);
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(`${viewer.url}workflow/${run}/resource_usage`, { waitUntil: "load" });
    // A run that is still being read has fewer charts at first, and draws them anew with its news.
    const charts = page.locator("figure.chart");
    await eventually(
      async () =>
        await page.locator(".loading-line").count() === 0 && await charts.count() > 1 &&
        await charts.filter({ has: page.locator("svg") }).count() === await charts.count(),
      "not all charts are drawn",
    );
    const drawn = await page.evaluate(() => (globalThis as unknown as { drawn: number[] }).drawn);
    assert.ok(drawn.length >= await charts.count(), `drawn in ${drawn.length} tasks`);
    assert.deepStrictEqual([...new Set(drawn)], [1], "charts per task");
    assert.deepStrictEqual(watched.complaints(), []);
  } finally {
    await browser.close();
    await viewer.stop();
    await database.remove();
  }
});
