// The DAG in a real browser: opening, zooming, hovering, searching, the critical path, files.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { eventually } from "../support/eventually.ts";
import {
  findChromium,
  frames,
  launch,
  type WatchedPage,
  watchedPage,
} from "../support/chromium.ts";
import { climate, CLIMATE_RUN, type Fixture, large, LARGE_RUN } from "../support/fixtures.ts";
import { dagNotes, noteDag, still } from "../support/dag_probe.ts";
import { startViewer } from "../support/server.ts";

const chromium = findChromium();
const ignore = chromium === null;

async function onDag(
  make: () => Promise<Fixture>,
  run: string,
  options: { width?: number; height?: number; colorScheme?: "light" | "dark" },
  act: (page: Page, watched: WatchedPage) => Promise<void>,
): Promise<void> {
  const database = await make();
  const viewer = await startViewer([database.path]);
  const browser = await launch(chromium ?? "");
  try {
    const watched = await watchedPage(browser, viewer.url, options);
    const { page } = watched;
    await noteDag(page);
    await page.goto(`${viewer.url}workflow/${run}/dag_group_by_states`);
    await drawn(page);
    await act(page, watched);
    assert.deepStrictEqual(watched.complaints(), []);
    await watched.close();
  } finally {
    await browser.close();
    await viewer.stop();
    await database.remove();
  }
}

/** How many colours the canvas shows. */
function colours(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas.picture-canvas")!;
    const { width, height } = canvas;
    if (width === 0) return 0;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

/** What is on the canvas, as a number that changes with it. */
function picture(page: Page): Promise<string> {
  return page.evaluate(() =>
    document.querySelector<HTMLCanvasElement>("canvas.picture-canvas")!.toDataURL()
  );
}

async function drawn(page: Page): Promise<void> {
  await page.locator(".picture-waiting").waitFor({ state: "detached" });
  await eventually(async () => await colours(page) > 3, "nothing is drawn");
}

/** Waits until the picture is another than `before`, and then until it stays. */
async function changed(page: Page, before: string, what: string): Promise<string> {
  await eventually(async () => await picture(page) !== before, `${what} changes nothing`);
  await still(page);
  return await picture(page);
}

/** Moves the mouse over the canvas until the tip satisfies `wanted`; tells where that was. */
async function find(page: Page, wanted: (tip: string) => boolean): Promise<[number, number]> {
  const box = (await page.locator("canvas.picture-canvas").boundingBox())!;
  const tip = page.locator(".picture-tip");
  for (let y = 30; y < box.height; y += 24) {
    for (let x = 20; x < box.width; x += 30) {
      await page.mouse.move(box.x + x, box.y + y);
      await frames(page);
      let text = "";
      const told = async () => {
        text = (await tip.allInnerTexts()).join();
        // A task that is asked for has no number yet.
        return !/…\s/.test(text);
      };
      await eventually(told, "a task is asked for, and not told");
      if (wanted(text)) return [box.x + x, box.y + y];
    }
  }
  throw new Error("nothing of the kind is under the pointer anywhere");
}

async function saved(page: Page, button: string): Promise<Uint8Array> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  const path = await download.path();
  return await Deno.readFile(path);
}

const steps = { sanitizeOps: false, sanitizeResources: false, ignore };

Deno.test({
  name: "dag: a run of 10,000 tasks",
  ...steps,
  async fn(t) {
    await onDag(large, LARGE_RUN, {}, async (page) => {
      const tip = page.locator(".picture-tip");
      let now = await picture(page);

      await t.step("hovering a cell tells the task and lights what it depends on", async () => {
        await find(page, (text) => /^\w+:\d+/.test(text));
        await eventually(
          async () => /\d before · [\d,]+ after/.test(await tip.innerText()),
          "the tip does not count ancestors and descendants",
        );
        now = await changed(page, now, "hovering");
      });

      await t.step("the wheel zooms about the pointer, f fits again", async () => {
        const before = now;
        for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -300);
        now = await changed(page, now, "the wheel");
        await page.locator("canvas.picture-canvas").focus();
        await page.keyboard.press("f");
        now = await changed(page, now, "f");
        assert.ok(before !== "", "a picture");
      });

      await t.step("the buttons zoom, and zoom back", async () => {
        await page.getByRole("button", { name: "Zoom in" }).click();
        const nearer = await changed(page, now, "zooming in");
        await page.getByRole("button", { name: "Zoom out" }).click();
        now = await changed(page, nearer, "zooming out");
        await page.locator("canvas.picture-canvas").focus();
      });

      await t.step("a group opens by the keyboard, and closes", async () => {
        await page.keyboard.press("Escape");
        await page.keyboard.press("ArrowRight");
        await eventually(
          async () => /tasks/.test(await page.locator(".dag [aria-live]").innerText()),
          "the selected box is not told",
        );
        await page.locator(".dag-list summary").click();
        const closed = await page.locator(".dag-list .dag-node").count();
        await page.locator("canvas.picture-canvas").focus();
        await page.keyboard.press("Enter");
        await eventually(
          async () => await page.locator(".dag-list .dag-node").count() > closed,
          "the group does not open",
        );
        now = await changed(page, now, "opening");
        await page.locator("canvas.picture-canvas").focus();
        await page.keyboard.press("Enter");
        await eventually(
          async () => await page.locator(".dag-list .dag-node").count() === closed,
          "the group does not close",
        );
        await page.locator(".dag-list summary").click();
      });

      await t.step("a search tells how many and jumps to one", async () => {
        now = await picture(page);
        await page.locator("h1").click();
        await page.keyboard.press("/");
        await page.keyboard.type("1234");
        await eventually(
          async () => /\d found/.test(await page.locator(".picture-search output").innerText()),
          "nothing is found",
        );
        await page.keyboard.press("Enter");
        now = await changed(page, now, "the search");
        await page.locator(".picture-search input").fill("");
        await page.getByRole("button", { name: "Fit" }).click();
      });

      await t.step("the critical path is lit and listed", async () => {
        const before = await picture(page);
        await page.getByRole("button", { name: "Critical path" }).click();
        await page.locator(".dag-path li").first().waitFor();
        assert.ok(/running/.test(await page.locator(".dag-path").innerText()), "no running time");
        now = await changed(page, before, "the critical path");
        await page.getByRole("button", { name: "Critical path" }).click();
        await page.locator(".dag-path").waitFor({ state: "detached" });
      });

      await t.step("colours follow the address, and the address them", async () => {
        now = await picture(page);
        await page.getByRole("link", { name: "By duration" }).click();
        await page.waitForURL(/\?colour=duration$/);
        now = await changed(page, now, "another colouring");
        await page.locator(".picture-legend button").first().click();
        now = await changed(page, now, "the legend");
      });

      await t.step("SVG and PNG are saved", async () => {
        const svg = new TextDecoder().decode(await saved(page, "Save SVG"));
        const problem = await page.evaluate((text) => {
          const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
          return parsed.querySelector("parsererror")?.textContent ?? null;
        }, svg);
        assert.deepStrictEqual(problem, null);
        assert.ok(svg.includes(">merge<"), "the SVG lacks a group's name");
        assert.ok((svg.match(/<image /g) ?? []).length >= 5, "the SVG lacks the tasks");
        const png = await saved(page, "Save PNG");
        assert.deepStrictEqual([...png.slice(1, 4)], [0x50, 0x4e, 0x47]);
      });
    });
  },
});

Deno.test({
  name: "dag: a run of few tasks shows each, and a click opens it",
  ...steps,
  async fn() {
    await onDag(climate, CLIMATE_RUN, { colorScheme: "dark" }, async (page) => {
      const [x, y] = await find(page, (text) => /^\w+:\d+\n/.test(text));
      const [, task] = /:(\d+)\n/.exec(await page.locator(".picture-tip").innerText())!;
      await page.mouse.click(x, y);
      await page.waitForURL(new RegExp(`/task/${task}$`));
    });
  },
});

Deno.test({
  name: "dag: fits a telephone",
  ...steps,
  async fn() {
    await onDag(large, LARGE_RUN, { width: 375, height: 740 }, async (page) => {
      await page.getByRole("button", { name: "Critical path" }).click();
      await page.locator(".dag-path li").first().waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 375, `the page is ${width} px wide`);
    });
  },
});

Deno.test({
  name: "dag: seen whole on a telephone, tasks that failed and many others have names, which stay",
  ...steps,
  async fn() {
    await onDag(climate, CLIMATE_RUN, { width: 400, height: 900 }, async (page) => {
      await still(page);
      const names = async () =>
        (await dagNotes(page)).texts.filter(({ text }) => /:\d+$/.test(text));
      const before = await names();
      assert.ok(before.length >= 25, `${before.length} of 76 boxes have names`);
      assert.ok(before.some(({ text }) => text.startsWith("always_fails:")), "no failed one has");
      const { draws } = await dagNotes(page);
      await page.locator("canvas.picture-canvas").focus();
      await page.keyboard.press("Shift+ArrowRight");
      await eventually(async () => (await dagNotes(page)).draws > draws, "nothing is drawn again");
      const after = await names();
      const dx = after[0].x - before.find(({ text }) => text === after[0].text)!.x;
      assert.ok(Math.abs(dx) > 10, `it was moved by ${dx}`);
      const kept = before.filter(({ text, x }) =>
        after.some((now) => now.text === text && Math.abs(now.x - x - dx) < 0.01)
      );
      assert.ok(
        kept.length === after.length,
        "other boxes have names, or they have them elsewhere",
      );
    });
  },
});
