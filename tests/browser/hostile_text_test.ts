// Texts of tasks, runs and hosts are shown as text, whatever they hold, by dashboard and report.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { eventually } from "../support/eventually.ts";
import { findChromium, frames, launch, watchedPage } from "../support/chromium.ts";
import { climate, CLIMATE_RUN } from "../support/fixtures.ts";
import { BIDI, HOSTILE, makeHostile, TASKS } from "../support/hostile.ts";
import { pageLines } from "../support/page_lines.ts";
import { openReport, writeReport } from "../support/report.ts";
import { startViewer } from "../support/server.ts";

const chromium = findChromium();
const BASE = `/workflow/${CLIMATE_RUN}`;
const APP = `gen${HOSTILE}${BIDI}`;
const PAGES = [
  `${BASE}/`,
  `${BASE}/task/`,
  `${BASE}/app/${encodeURIComponent(APP)}`,
  ...Object.values(TASKS).map((task) => `${BASE}/task/${task}`),
  `${BASE}/dag_group_by_apps`,
  `${BASE}/timeline`,
  `${BASE}/resource_usage`,
];

/** What is wrong with the page at 1280 and at 400 pixels. */
async function faults(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  await eventually(
    async () => await pageLines(page) !== null,
    `${page.url()} is not drawn`,
  );
  for (const width of [1280, 400]) {
    await page.setViewportSize({ width, height: 900 });
    const look = () =>
      page.evaluate(([hostile, bidi]) => {
        const wrong: string[] = [];
        const root = document.documentElement;
        if ("hacked" in globalThis) {
          wrong.push(`a text was run: ${Reflect.get(globalThis, "hacked")}`);
        }
        if (root.scrollWidth > innerWidth) {
          const wide = [...document.querySelectorAll("body *")].filter((element) =>
            element.getBoundingClientRect().right > innerWidth &&
            !element.closest(".table-box, .tabs, .paper")
          );
          wrong.push(
            `${root.scrollWidth} px wide: ` +
              wide.slice(0, 6).map((element) => `${element.tagName}.${element.className}`),
          );
        }
        if (
          document.querySelector(
            "main script, main [onerror], main [onload], main b:not(.chart-tip b)",
          )
        ) {
          wrong.push("a text became an element");
        }
        if (!document.body.innerText.includes(hostile)) wrong.push("the text is not shown");
        // What is not isolated turns around what follows it.
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = texts.nextNode(); node; node = texts.nextNode()) {
          const parent = node.parentElement;
          if (!parent || !node.textContent?.includes(bidi)) continue;
          if (parent.closest("script, style, option, svg, .paper, textarea, noscript")) continue;
          let at: Element | null = parent;
          while (at && getComputedStyle(at).display === "inline") {
            if (/isolate|plaintext/.test(getComputedStyle(at).unicodeBidi)) break;
            at = at.parentElement;
          }
          const inline = at && getComputedStyle(at).display === "inline";
          const alone = at?.textContent?.trim() === node.textContent.trim();
          const flexed = at === parent && getComputedStyle(parent).display.includes("flex");
          const closed = inline || alone || flexed;
          if (!closed) {
            wrong.push(
              `not isolated: ${parent.tagName}.${parent.className} in ` +
                `${parent.parentElement?.tagName}.${parent.parentElement?.className}`,
            );
          }
        }
        return [...new Set(wrong)];
      }, [HOSTILE.slice(0, 40), BIDI] as const);
    // What is drawn for a width of its own is drawn anew, one thing after the other.
    let found = await look();
    for (let n = 0; n < 100 && found.length > 0; n++) {
      await frames(page);
      found = await look();
    }
    wrong.push(...found.map((fault) => `${width} px: ${fault}`));
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  const length = await page.evaluate(() =>
    document.querySelector("#failures")?.textContent?.length ?? 0
  );
  const task = Number(new URL(page.url().replace("#", "")).pathname.split("/task/")[1] || NaN);
  if ((task === TASKS.line || task === TASKS.traceback) && length < 20_000) {
    wrong.push(`only ${length} characters of a long failure`);
  }
  return wrong;
}

Deno.test({
  name: "browser: hostile texts are shown as text, by dashboard and report",
  ignore: chromium === null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const database = await climate();
    const browser = await launch(chromium ?? "");
    try {
      makeHostile(database);
      await t.step("dashboard", async () => {
        const viewer = await startViewer([database.path]);
        try {
          const watched = await watchedPage(browser, viewer.url);
          const wrong: string[] = [];
          watched.page.on("dialog", (dialog) => {
            wrong.push(`a dialog: ${dialog.message()}`);
            void dialog.dismiss();
          });
          for (const path of PAGES) {
            await watched.page.goto(viewer.url + path.slice(1), { waitUntil: "load" });
            wrong.push(...(await faults(watched.page)).map((fault) => `${path}: ${fault}`));
          }
          assert.deepStrictEqual([...wrong, ...watched.complaints()], []);
        } finally {
          await viewer.stop();
        }
      });
      await t.step("report", async () => {
        const file = `${database.folder}/report.html`;
        const text = await writeReport(database.path, file, { run: CLIMATE_RUN });
        const opened = text.match(/<script[\s>]/gi)?.length;
        assert.deepStrictEqual(
          text.match(/<\/script/gi)?.length,
          opened,
          "scripts that are not its own",
        );
        const report = await openReport(browser, file);
        const wrong: string[] = [];
        for (const path of PAGES) {
          await report.page.goto(`file://${file}#${path}`);
          await report.page.reload({ waitUntil: "load" });
          wrong.push(...(await faults(report.page)).map((fault) => `${path}: ${fault}`));
        }
        assert.deepStrictEqual([...wrong, ...report.complaints, ...report.requests], []);
      });
    } finally {
      await browser.close();
      await database.remove();
    }
  },
});
