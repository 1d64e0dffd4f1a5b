// The DAG page of a run that goes on, by fingers and by keys.

import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import { still } from "../support/dag_probe.ts";
import {
  cellAt,
  EACH,
  far,
  inBrowser,
  nameAt,
  onPage,
  type Point,
  RUNNING,
  watching,
} from "../support/dag_watch.ts";

Deno.test({
  name: "dag by hand: fingers drag, pinch and tap",
  ...inBrowser,
  async fn(t) {
    await watching({ width: 400, hasTouch: true }, async (page, run) => {
      const fingers = await page.context().newCDPSession(page);
      const touch = (type: "touchStart" | "touchMove" | "touchEnd", points: Point[]) =>
        fingers.send("Input.dispatchTouchEvent", {
          type,
          touchPoints: points.map(([x, y], id) => ({ x, y, id })),
        });

      await t.step("a drag pans by as much, and the page stays", async () => {
        const before = await nameAt(page, "fetch");
        const [x, y] = await onPage(page, before);
        await touch("touchStart", [[x, y]]);
        for (let n = 1; n <= 10; n++) await touch("touchMove", [[x + 2 * n, y + 5 * n]]);
        await touch("touchEnd", []);
        await still(page);
        const after = await nameAt(page, "fetch");
        // The first pixels tell a drag from a tap.
        assert.ok(far(after, [before[0] + 20, before[1] + 50]) <= 8, `${before} went to ${after}`);
        assert.deepStrictEqual(await page.evaluate(() => scrollY), 0);
      });

      await t.step("two fingers zoom", async () => {
        const apart = async () => far(await nameAt(page, "fetch"), await nameAt(page, "model"));
        const before = await apart();
        const [x, y] = await onPage(page, await nameAt(page, "model"));
        const at = (by: number): Point[] => [[x - 50 - by, y], [x + 50 + by, y]];
        await touch("touchStart", at(0));
        for (let n = 1; n <= 10; n++) await touch("touchMove", at(-2 * n));
        await touch("touchEnd", []);
        await still(page);
        const share = await apart() / before;
        assert.ok(share > 0.5 && share < 0.7, `zoomed by ${share} where the fingers did by 0.6`);
        await page.getByRole("button", { name: "Fit" }).tap();
        await still(page);
      });

      await t.step("a tap tells of a task, a second one opens it", async () => {
        const [x, y] = await onPage(page, await cellAt(page, "fetch", EACH, 3));
        await page.touchscreen.tap(x, y);
        const tip = page.locator(".picture-tip");
        await eventually(
          async () => await tip.count() > 0 && /^fetch:3\s/.test(await tip.innerText()),
          "no tip tells of the task",
        );
        assert.ok(!page.url().includes("/task/"), "the first tap left the page");
        await page.touchscreen.tap(x, y);
        await page.waitForURL(new RegExp(`${run.runId}/task/3$`));
      });
    });
  },
});

Deno.test({
  name: "dag by hand: keys walk the graph and its list, also while news come",
  ...inBrowser,
  async fn(t) {
    await watching({}, async (page, run) => {
      const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
      const said = page.locator(".dag [aria-live]");

      await t.step("Tab comes to the graph, arrows go from box to box", async () => {
        const canvas = page.locator("canvas.picture-canvas");
        await page.locator(".picture-search input").focus();
        for (let n = 0; n < 20; n++) {
          await page.keyboard.press("Tab");
          if (await canvas.evaluate((element) => element === document.activeElement)) break;
        }
        await page.keyboard.press("ArrowRight");
        await eventually(async () => /^fetch, 160/.test(await said.innerText()), "no first box");
        await page.keyboard.press("ArrowRight");
        await eventually(async () => /^model, 160/.test(await said.innerText()), "no second box");
        await page.keyboard.press("ArrowLeft");
        await eventually(async () => /^fetch, 160/.test(await said.innerText()), "no way back");
      });

      await t.step("keys that come within one frame each count", async () => {
        await page.keyboard.press("ArrowRight");
        await eventually(async () => /^model, 160/.test(await said.innerText()), "no second box");
        await still(page);
        await page.locator("canvas.picture-canvas").evaluate(async (canvas) => {
          for (const key of ["Escape", "ArrowRight"]) {
            canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            for (let n = 0; n < 10; n++) await undefined;
          }
        });
        await eventually(async () => /^fetch, 160/.test(await said.innerText()), "a key was lost");
      });

      await t.step("Tab comes to the list, arrows walk it", async () => {
        const summary = page.locator(".dag-list summary");
        for (let n = 0; n < 20; n++) {
          await page.keyboard.press("Tab");
          if (await summary.evaluate((element) => element === document.activeElement)) break;
        }
        await page.keyboard.press("Enter");
        await page.keyboard.press("ArrowDown");
        await eventually(async () => await focused() === "fetch", "the first is not focused");
        await page.keyboard.press("ArrowDown");
        await eventually(async () => await focused() === "model", "the second is not focused");
        await eventually(async () => /^model, 160/.test(await said.innerText()), "it is not told");
      });

      await t.step("news change the list under the focus, which stays", async () => {
        for (let n = 0; n < RUNNING; n++) run.now(n, "exec_done");
        for (let n = 0; n < 10; n++) run.add("merge", [EACH + n]);
        await run.commit();
        const list = page.locator(".dag-list");
        await eventually(
          async () =>
            /\bmerge\b/.test(await list.innerText()) && /40 done/.test(await list.innerText()),
          "the list has no news",
        );
        assert.deepStrictEqual(await focused(), "model");
        await page.keyboard.press("ArrowDown");
        await eventually(async () => await focused() === "merge", "the new one is not focused");
        await page.keyboard.press("ArrowUp");
        await eventually(async () => await focused() === "model", "no way back");
        await page.keyboard.press("Enter");
        await page.waitForURL(/\/app\/model$/);
      });
    });
  },
});
