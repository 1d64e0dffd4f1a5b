// Every page, in a real browser.

import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { eventually } from "../support/eventually.ts";
import {
  findChromium,
  frames,
  launch,
  type WatchedPage,
  watchedPage,
} from "../support/chromium.ts";
import { climate, figures, type Fixture, large } from "../support/fixtures.ts";
import { startViewer, type Viewer } from "../support/server.ts";

/** What the tests look for on a page; the only place that knows the markup. */
const SELECTORS = {
  heading: "h1",
  content: "main",
  chart: "main svg",
  legendButton: "button[aria-pressed]",
  dag: "canvas.picture-canvas",
  // A node of the DAG, in the list that goes with the canvas.
  dagNode: ".dag-list .dag-node",
};

const chromium = findChromium();
const ignore = chromium === null;

interface Scene {
  browser: Browser;
  viewer: Viewer;
  database: Fixture;
  watched: WatchedPage;
}

async function scene(
  make: () => Promise<Fixture>,
  act: (scene: Scene) => Promise<void>,
): Promise<void> {
  const database = await make();
  try {
    const viewer = await startViewer([database.path]);
    try {
      const browser = await launch(chromium ?? "");
      try {
        const watched = await watchedPage(browser, viewer.url);
        await act({ browser, viewer, database, watched });
        await watched.close();
      } finally {
        await browser.close();
      }
    } finally {
      await viewer.stop();
    }
  } finally {
    await database.remove();
  }
}

/** Opens a page and says what is wrong with it. */
async function visit(watched: WatchedPage, url: string): Promise<string[]> {
  const { page } = watched;
  watched.reset();
  // "load", not "networkidle": a live page keeps its event stream open.
  const response = await page.goto(url, { waitUntil: "load" });
  const problems: string[] = [];
  if (response?.status() !== 200) problems.push(`status ${response?.status()}`);
  if (await page.locator(SELECTORS.heading).count() !== 1) problems.push("not exactly one h1");
  else if ((await page.locator(SELECTORS.heading).innerText()).trim() === "") {
    problems.push("an empty h1");
  }
  const content = page.locator(SELECTORS.content);
  if (await content.count() === 0) problems.push("no content");
  else if ((await content.first().innerText()).trim().length < 20) problems.push("little content");
  if ((await page.title()).trim() === "") problems.push("no title");
  // Which islands are in view is known with the next frame, and each has its turn then.
  await frames(page);
  problems.push(...watched.complaints());
  return problems;
}

function pagesOf(run: string, app: string, tasks: number[]): string[] {
  const base = `workflow/${run}/`;
  return [
    base,
    `${base}task/`,
    `${base}app/${encodeURIComponent(app)}`,
    ...tasks.map((task) => `${base}task/${task}`),
    `${base}dag_group_by_apps`,
    `${base}dag_group_by_states`,
    `${base}timeline`,
    `${base}resource_usage`,
  ];
}

// The pages with plots, the pages with a DAG.
const CHARTS = /^workflow\/[^/]+\/(resource_usage)?$/;
const DAGS = /dag_group_by_/;
/** Runs without samples and managers have no resource plot to show. */
const HAS_RESOURCES = (peak: number | null) => peak !== null;

Deno.test({
  name: "browser: every page of every workflow of climate.db",
  ignore,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const runs = (await figures())["climate.db"];
    await scene(climate, async ({ viewer, watched }) => {
      await t.step("the list of workflows", async () => {
        assert.deepStrictEqual(await visit(watched, viewer.url), []);
        const text = await watched.page.locator(SELECTORS.content).first().innerText();
        for (const run of Object.values(runs)) {
          assert.ok(text.includes(run.name), `the list lacks ${run.name}`);
        }
      });
      for (const [id, run] of Object.entries(runs)) {
        await t.step(run.name, async () => {
          const wrong: string[] = [];
          for (const app of Object.keys(run.apps)) {
            const path = `workflow/${id}/app/${encodeURIComponent(app)}`;
            const response = await fetch(`${viewer.url}${path}`);
            await response.body?.cancel();
            if (response.status !== 200) wrong.push(`/${path}: status ${response.status}`);
          }
          for (const path of pagesOf(id, Object.keys(run.apps)[0], [0, run.tasks - 1])) {
            for (const problem of await visit(watched, `${viewer.url}${path}`)) {
              wrong.push(`/${path}: ${problem}`);
            }
            const drawn = CHARTS.test(path) &&
              (HAS_RESOURCES(run.peak_memory) || !path.endsWith("resource_usage"));
            const selector = DAGS.test(path) ? SELECTORS.dagNode : drawn ? SELECTORS.chart : null;
            if (selector === null) continue;
            await watched.page.locator(selector).first().waitFor({ state: "attached" });
          }
          assert.deepStrictEqual(wrong, []);
        });
      }
    });
  },
});

Deno.test({
  name: "browser: a legend button of a chart is a switch",
  ignore,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const [id] = Object.keys((await figures())["climate.db"]);
    await scene(climate, async ({ viewer, watched }) => {
      assert.deepStrictEqual(await visit(watched, `${viewer.url}workflow/${id}/`), []);
      const button = watched.page.locator(SELECTORS.legendButton).first();
      await button.waitFor();
      const before = await button.getAttribute("aria-pressed");
      await button.click();
      await eventually(
        async () => await button.getAttribute("aria-pressed") !== before,
        "the legend button does not toggle aria-pressed",
      );
      await button.click();
      await eventually(
        async () => await button.getAttribute("aria-pressed") === before,
        "the legend button does not toggle back",
      );
      assert.deepStrictEqual(watched.complaints(), []);
    });
  },
});

Deno.test({
  name: "browser: the DAG appears with its nodes",
  ignore,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const [id] = Object.keys((await figures())["climate.db"]);
    await scene(climate, async ({ viewer, watched }) => {
      for (const kind of ["apps", "states"]) {
        const url = `${viewer.url}workflow/${id}/dag_group_by_${kind}`;
        assert.deepStrictEqual(await visit(watched, url), []);
        await watched.page.locator(SELECTORS.dag).first().waitFor({
          state: "attached",
        });
        await eventually(
          async () => await watched.page.locator(SELECTORS.dagNode).count() > 0,
          `no nodes in the DAG grouped by ${kind}`,
        );
      }
      assert.deepStrictEqual(watched.complaints(), []);
    });
  },
});

Deno.test({
  name: "browser: nothing is wider than a telephone",
  ignore,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const [id, run] = Object.entries((await figures())["climate.db"])[0];
    await scene(climate, async ({ browser, viewer }) => {
      const watched = await watchedPage(browser, viewer.url, {
        width: 375,
        height: 740,
        colorScheme: "dark",
      });
      const wrong: string[] = [];
      for (const path of ["", ...pagesOf(id, Object.keys(run.apps)[0], [0])]) {
        for (const problem of await visit(watched, `${viewer.url}${path}`)) {
          wrong.push(`/${path}: ${problem}`);
        }
        const width = await watched.page.evaluate(() => document.documentElement.scrollWidth);
        if (width > 376) wrong.push(`/${path}: ${width} px wide`);
      }
      assert.deepStrictEqual(wrong, []);
      await watched.close();
    });
  },
});

Deno.test({
  name: "browser: every page of every workflow of large.db",
  ignore,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const runs = (await figures())["large.db"];
    await scene(large, async ({ viewer, watched }) => {
      const wrong: string[] = [];
      for (const [id, run] of Object.entries(runs)) {
        for (const path of ["", ...pagesOf(id, Object.keys(run.apps)[0], [0, run.tasks - 1])]) {
          for (const problem of await visit(watched, `${viewer.url}${path}`)) {
            wrong.push(`/${path}: ${problem}`);
          }
        }
      }
      assert.deepStrictEqual(wrong, []);
    });
  },
});
