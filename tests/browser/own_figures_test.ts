// What workers told of themselves, as somebody sees it: on narrow and wide screens, and while it comes.

import { deepStrictEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { openWriter } from "../../store/open_writer.ts";
import { findChromium, launch, watchedPage } from "../support/chromium.ts";
import { eventually } from "../support/eventually.ts";
import * as own from "../support/own_messages.ts";
import { HOSTS, writeOwnRun } from "../support/own_run.ts";
import { startViewer } from "../support/server.ts";

const chromium = findChromium();
const RUN = `workflow/${own.RUN}/`;

Deno.test({
  name: "browser: exact figures, tracebacks, workers and hosts, on narrow and wide screens",
  ignore: chromium === null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const directory = await Deno.makeTempDir({ prefix: "parsloscope-own-" });
    const path = join(directory, "monitoring.db");
    await writeOwnRun(path);
    const viewer = await startViewer([path]);
    const browser = await launch(chromium!);
    try {
      for (const [width, colorScheme] of [[1280, "light"], [400, "dark"]] as const) {
        const watched = await watchedPage(browser, viewer.url, { width, colorScheme });
        const { page } = watched;
        const goto = async (where: string) => {
          await page.goto(`${viewer.url}${RUN}${where}`, { waitUntil: "load" });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          ok(wide <= width, `${where} is ${wide} pixels wide`);
        };
        await goto("task/13");
        match(await page.locator("#tracebacks pre").innerText(), /^Traceback[\s\S]+crunch failed/);
        match(await page.locator("#tracebacks").innerText(), /1,234 characters left out/);
        const used = page.locator("#used tr", { hasText: "Peak memory" });
        const cells = await used.locator("td").allInnerTexts();
        deepStrictEqual(cells.map((text) => text.replaceAll(/\s+/g, " ")), [
          ...["Peak memory", "96 MiB exact", "76.8 MiB", "512 MiB", "19 %"],
        ]);
        match(await page.locator("#tries tbody").innerText(), /worker 2 of manager pool-c2/);
        await goto("task/8");
        match(await page.locator("#used").innerText(), /Its worker was killed/);
        equal(await page.locator("#used .exact").count(), 0);
        await goto("resource_usage");
        equal(await page.locator("#nodes tbody tr").count(), HOSTS.length);
        await page.locator("#nodes figure, #nodes [role=img]").first().waitFor();
        await goto("timeline");
        const lines = await page.locator("section tbody tr").allInnerTexts();
        ok(lines.some((line) => line.includes(HOSTS[0])), lines.join());
        await goto("task/?q=worker%3A4012");
        ok(await page.locator("tbody tr").count() > 0);
        ok(await page.locator("tbody .exact").count() > 0);
        deepStrictEqual(watched.complaints(), []);
        await watched.close();
      }
    } finally {
      await browser.close();
      await viewer.stop();
      await Deno.remove(directory, { recursive: true });
    }
  },
});

Deno.test({
  name: "browser: what a try used comes to its open page when it ends",
  ignore: chromium === null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const directory = await Deno.makeTempDir({ prefix: "parsloscope-own-" });
    const path = join(directory, "monitoring.db");
    const writer = await openWriter(path);
    const write = (...told: own.Told[]) => writer.write(told.flatMap(own.changes));
    await write(own.workflow(), own.task("launched", 0), own.began(1));
    const viewer = await startViewer([path]);
    const browser = await launch(chromium!);
    const watched = await watchedPage(browser, viewer.url);
    try {
      const { page } = watched;
      await page.goto(`${viewer.url}${RUN}task/0`, { waitUntil: "load" });
      match(await page.locator("#tries tbody").innerText(), /worker 0 of manager pool-c1/);
      equal(await page.locator("#tries .exact").count(), 0, "it still runs");
      const traceback = { text: "ValueError: too late", cut: 0 };
      await write(own.ended(3, {}, { ended: "raised", traceback }));
      await eventually(
        async () => await page.locator("#tries .exact").count() === 2,
        "the totals do not come",
      );
      match(await page.locator("#tracebacks pre").innerText(), /too late/);
      deepStrictEqual(watched.complaints(), []);
    } finally {
      await watched.close();
      await browser.close();
      await viewer.stop();
      await writer.close();
      await Deno.remove(directory, { recursive: true });
    }
  },
});
