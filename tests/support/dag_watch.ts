// A growing run watched on the DAG page: what is where on the canvas.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { eventually } from "./eventually.ts";
import { findChromium, launch, type PageOptions, watchedPage } from "./chromium.ts";
import { cellMiddle, dagNotes, gridUnder, noteDag } from "./dag_probe.ts";
import { GrowingRun } from "./growing_run.ts";
import { startViewer } from "./server.ts";

const chromium = findChromium();
/** How tests of it are run: by a browser, or not at all. */
export const inBrowser = {
  sanitizeOps: false,
  sanitizeResources: false,
  ignore: chromium === null,
};

/** So many tasks of each of two apps; each `model` depends on the `fetch` of its place. */
export const EACH = 160;
/** The first this many of the first app are running. */
export const RUNNING = 40;

export type Point = [x: number, y: number];

/** A run whose first tasks are running, all others waiting. */
async function growing(): Promise<GrowingRun> {
  const run = await GrowingRun.begin();
  for (let n = 0; n < EACH; n++) run.add("fetch");
  for (let n = 0; n < EACH; n++) run.add("model", [n]);
  for (let n = 0; n < RUNNING; n++) {
    run.now(n, "launched");
    run.now(n, "running");
  }
  await run.commit();
  return run;
}

/** Has a run watched in its colours by state; there are no complaints in the end. */
export async function watching(
  options: PageOptions,
  act: (page: Page, run: GrowingRun) => Promise<void>,
): Promise<void> {
  const run = await growing();
  const viewer = await startViewer([run.path]);
  const browser = await launch(chromium ?? "");
  try {
    const watched = await watchedPage(browser, viewer.url, options);
    await noteDag(watched.page);
    await watched.page.goto(`${viewer.url}workflow/${run.runId}/dag_group_by_states`);
    await eventually(
      async () => gridUnder(await dagNotes(watched.page), "model") !== undefined,
      "the groups are not drawn",
    );
    await act(watched.page, run);
    assert.deepStrictEqual(watched.complaints(), []);
    await watched.close();
  } finally {
    await browser.close();
    await viewer.stop();
    await run.end();
  }
}

/** Where a group's name is on the canvas. */
export async function nameAt(page: Page, name: string): Promise<Point> {
  const { texts } = await dagNotes(page);
  const found = texts.find(({ text }) => text === name);
  assert.ok(found, `no group is named ${name}: ${texts.map(({ text }) => text).join(", ")}`);
  return [found.x, found.y];
}

/** Where a task's cell is on the canvas, by its place among the `count` tasks of a group. */
export async function cellAt(
  page: Page,
  name: string,
  count: number,
  index: number,
): Promise<Point> {
  const grid = gridUnder(await dagNotes(page), name);
  assert.ok(grid, `${name} shows no tasks`);
  return cellMiddle(grid, count, index);
}

/** The same point on the page. */
export async function onPage(page: Page, [x, y]: Point): Promise<Point> {
  const box = (await page.locator("canvas.picture-canvas").boundingBox())!;
  return [box.x + x, box.y + y];
}

/** How far apart two points are. */
export function far([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}
