// The timeline in a browser: what it draws, and what pointers, keys and addresses do.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { RULER_PX } from "../../picture/timeline/frame.ts";
import { TimelineRows } from "../../picture/timeline/rows.ts";
import type { TaskOnLanes } from "../../model/timeline/try.ts";
import { lanesOf } from "../../model/timeline/lanes.ts";
import type { Run } from "../../model/run/run.ts";
import { runsOf } from "../model/synthetic.ts";
import { eventually } from "../support/eventually.ts";
import { findChromium, launch, watchedPage } from "../support/chromium.ts";
import { climate, CLIMATE_RUN } from "../support/fixtures.ts";
import { GrowingRun } from "../support/growing_run.ts";
import { startViewer } from "../support/server.ts";

const chromium = findChromium();
const inBrowser = { sanitizeOps: false, sanitizeResources: false, ignore: chromium === null };

/** Where a task's bar is on the page, while all of the run is seen. */
async function placeOf(page: Page, url: string, run: Run, task: number): Promise<[number, number]> {
  const response = await fetch(`${url}api/timeline/task?run=${run.runId}&task=${task}`);
  const { found } = await response.json() as { found: TaskOnLanes };
  const { lane, began, ended } = found;
  const box = (await page.locator(".timeline-canvas").boundingBox())!;
  const { hosts } = await lanesOf(run, false);
  const rows = new TimelineRows(hosts, TimelineRows.laneIn(hosts, box.height - RULER_PX));
  const share = ((began + ended) / 2 - run.began) / (run.end - run.began);
  return [box.x + share * box.width, box.y + RULER_PX + rows.laneTop(lane) + rows.lane / 2];
}

/** A place on the page where the canvas shows nothing: in a corner of the ruler. */
async function emptyPlace(page: Page): Promise<[number, number]> {
  const { x, y } = (await page.locator(".timeline-canvas").boundingBox())!;
  return [x + 1, y + 1];
}

/** The colour of the canvas at a point of the page. */
function colourAt(page: Page, [x, y]: [number, number]): Promise<string> {
  return page.evaluate(([x, y]) => {
    const canvas = document.querySelector<HTMLCanvasElement>(".timeline-canvas")!;
    const { left, top, width } = canvas.getBoundingClientRect();
    const sharp = canvas.width / width;
    const data = canvas.getContext("2d")!.getImageData((x - left) * sharp, (y - top) * sharp, 1, 1);
    return [...data.data].join(" ");
  }, [x, y] as const);
}

async function climateRun(path: string): Promise<Run> {
  return (await runsOf(path)).find(({ runId }) => runId === CLIMATE_RUN)!;
}

Deno.test({
  name: "timeline: every try has a bar, which tells and opens its task",
  ...inBrowser,
  async fn(t) {
    const file = await climate();
    const viewer = await startViewer([file.path]);
    const browser = await launch(chromium ?? "");
    try {
      const run = await climateRun(file.path);
      const watched = await watchedPage(browser, viewer.url);
      const { page } = watched;
      const address = `${viewer.url}workflow/${CLIMATE_RUN}/timeline`;
      // The task that ran longest is easy to hit.
      const [task] = Array.from({ length: run.tryTask.length }, (_, attempt) => attempt)
        .filter((attempt) => !run.isInternal(attempt))
        .map((attempt): [number, number] => [
          run.taskId.data[run.tryTask.data[attempt]],
          run.tryEnded.data[attempt] - run.tryRunning.data[attempt] || 0,
        ])
        .sort((a, b) => b[1] - a[1])[0];
      /** Waits for the task's bar. */
      const drawn = async () => {
        await eventually(
          async () =>
            await colourAt(page, await placeOf(page, viewer.url, run, task)) !==
              await colourAt(page, await emptyPlace(page)),
          "no bar",
        );
      };

      await t.step("it is drawn, in colours of apps", async () => {
        await page.goto(address);
        await drawn();
      });

      await t.step("pointing at a bar tells of its task", async () => {
        await page.mouse.move(...await placeOf(page, viewer.url, run, task));
        const tip = page.locator(".timeline .picture-tip");
        await eventually(
          async () => await tip.count() > 0 && (await tip.innerText()).includes(`:${task}\n`),
          "no tip tells of the task",
        );
        assert.ok(/htex|threads/.test(await tip.innerText()), await tip.innerText());
      });

      await t.step("a click opens the task", async () => {
        await page.mouse.click(...await placeOf(page, viewer.url, run, task));
        await page.waitForURL(new RegExp(`/task/${task}$`));
        await page.goBack();
        await drawn();
      });

      await t.step("a task's page leads to its bar", async () => {
        await page.goto(`${viewer.url}workflow/${CLIMATE_RUN}/task/${task}`);
        await page.getByRole("link", { name: "Show in timeline" }).click();
        await page.waitForURL(/timeline\?from=[\d.]+&to=[\d.]+$/);
        await page.goto(address);
        await drawn();
      });

      await t.step("the wheel zooms, and the address says so and restores it", async () => {
        await page.mouse.move(...await placeOf(page, viewer.url, run, task));
        for (let n = 0; n < 4; n++) await page.mouse.wheel(0, -200);
        await page.waitForURL(/timeline\?from=[\d.]+&to=[\d.]+$/);
        const seen = page.url();
        await page.reload();
        await page.locator(".timeline-canvas").focus();
        // A key that moves where nothing can move leaves the address as it was read.
        await page.keyboard.press("ArrowUp");
        await page.waitForTimeout(500);
        assert.deepStrictEqual(page.url(), seen);
        await page.keyboard.press("ArrowRight");
        await page.waitForURL((url) => url.href !== seen && url.searchParams.has("from"));
        await page.keyboard.press("f");
        await page.waitForURL(address);
      });

      await t.step("colours by state are in the address", async () => {
        const before = await colourAt(page, await placeOf(page, viewer.url, run, task));
        await page.getByRole("link", { name: "By state" }).click();
        await page.waitForURL(/timeline\?colour=states$/);
        await eventually(
          async () => await colourAt(page, await placeOf(page, viewer.url, run, task)) !== before,
          "the colour stays",
        );
        await page.reload();
        await page.locator('.timeline .tabs a[aria-current]:has-text("By state")').waitFor();
        assert.ok(
          await page.getByRole("button", { name: /^done/ }).count() > 0,
          "no legend of states",
        );
      });

      await t.step("a task is found by its id", async () => {
        await page.keyboard.press("/");
        await page.keyboard.type(String(task));
        await page.keyboard.press("Enter");
        await page.waitForURL(/from=/);
        const output = page.locator(".timeline output");
        assert.deepStrictEqual(await output.innerText(), "");
        await page.getByRole("searchbox").fill("999999");
        await page.keyboard.press("Enter");
        await eventually(
          async () => (await output.innerText()) === "Task 999999 did not run on a worker.",
          "it does not say that there is none",
        );
      });

      await t.step("the table has the same hosts", async () => {
        const text = await page.locator("#hosts").innerText();
        for (const { host, executor, tries } of (await lanesOf(run, false)).hosts) {
          assert.ok(text.includes(`${host}\t${executor}\t${tries}\t`), text);
        }
      });
      assert.deepStrictEqual(watched.complaints(), []);
    } finally {
      await browser.close();
      await viewer.stop();
      await file.remove();
    }
  },
});

Deno.test({
  name: "timeline: bars come while a run goes on, without a reload",
  ...inBrowser,
  async fn() {
    const run = await GrowingRun.begin();
    const viewer = await startViewer([run.path]);
    const browser = await launch(chromium ?? "");
    try {
      run.add("fetch");
      await run.commit();
      const watched = await watchedPage(browser, viewer.url);
      const { page } = watched;
      await page.goto(`${viewer.url}workflow/${run.runId}/timeline`);
      await eventually(
        async () => (await page.locator("#main").innerText()).includes("No start of a task"),
        "not empty",
      );
      run.now(0, "launched");
      run.now(0, "running");
      await run.commit();
      await page.locator(".timeline-canvas").waitFor();
      const counts = async (text: string) =>
        (await page.locator("#hosts").innerText()).includes(text);
      await eventually(() => counts("node1"), "no host");
      for (let n = 0; n < 3; n++) {
        const id = run.add("model");
        run.now(id, "launched");
        run.now(id, "running");
      }
      await run.commit();
      const legend = page.locator(".timeline .picture-legend");
      await eventually(
        async () => /model\s*3/.test(await legend.innerText()),
        "the legend has no news",
      );
      await eventually(
        async () => {
          const [row] = await page.locator("#hosts tbody tr").allInnerTexts();
          return row.split("\t")[2] === "4" && row.split("\t")[4] === "4";
        },
        "four tries at once are not told",
      );
      assert.deepStrictEqual(watched.complaints(), []);
      await watched.close();
    } finally {
      await browser.close();
      await viewer.stop();
      await run.end();
    }
  },
});
