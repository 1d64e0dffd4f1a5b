// The DAG page of a run that goes on: what changes with news, and what stays.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { eventually } from "../support/eventually.ts";
import { dagNotes, gridUnder, still } from "../support/dag_probe.ts";
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

/** The state whose colour in the legend is that of a point on the canvas. */
function stateAt(page: Page, point: Point): Promise<string | null> {
  return page.evaluate(([x, y]) => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas.picture-canvas")!;
    const ratio = canvas.width / canvas.clientWidth;
    const [r, g, b] = canvas.getContext("2d")!.getImageData(x * ratio, y * ratio, 1, 1).data;
    const colour = `rgb(${r}, ${g}, ${b})`;
    const shown = [...document.querySelectorAll<HTMLElement>(".picture-legend button")].find((
      item,
    ) => getComputedStyle(item.querySelector(".swatch > *")!).fill === colour);
    return shown?.innerText.replace(/[\s\d,]+$/, "") ?? null;
  }, point);
}

/** How many tasks the legend counts in a state. */
async function counted(page: Page, state: string): Promise<number> {
  const item = page.locator(".picture-legend button", { hasText: state });
  if (await item.count() === 0) return 0;
  return Number((await item.innerText()).replace(/\D/g, ""));
}

async function layouts(page: Page): Promise<number> {
  return (await dagNotes(page)).layouts.length;
}

for (const width of [1280, 400]) {
  Deno.test({
    name: `dag live: a run that grows, ${width} px wide`,
    ...inBrowser,
    async fn(t) {
      await watching({ width }, async (page, run) => {
        const tip = page.locator(".picture-tip");
        const laid = await layouts(page);
        assert.ok(laid > 0, "no layout was seen");

        await t.step("states change where the tasks are, without a new layout", async () => {
          const [first, other] = [
            await cellAt(page, "fetch", EACH, 7),
            await cellAt(page, "fetch", EACH, RUNNING + 7),
          ];
          const before = await nameAt(page, "fetch");
          await eventually(
            async () =>
              await stateAt(page, first) === "running" && await stateAt(page, other) === "pending",
            "the tasks have no colours",
          );
          for (let n = 0; n < 10; n++) {
            run.now(n, "exec_done");
            await run.commit();
          }
          await eventually(
            async () => await stateAt(page, first) === "done" && await counted(page, "done") === 10,
            "the tasks that ended do not change colour",
          );
          assert.deepStrictEqual(await stateAt(page, other), "pending");
          assert.deepStrictEqual(await nameAt(page, "fetch"), before);
          assert.deepStrictEqual(await layouts(page), laid);
        });

        await t.step("a tip follows its task", async () => {
          const at = await onPage(page, await cellAt(page, "fetch", EACH, 30));
          await page.mouse.move(...at);
          await eventually(
            async () => /^fetch:30\s+running/.test(await tip.innerText()),
            "no tip says that the task is running",
          );
          run.now(30, "exec_done");
          await run.commit();
          await eventually(
            async () => /^fetch:30\s+done/.test(await tip.innerText()),
            "the tip does not say that the task is done",
          );
        });

        await t.step("why a task waits: its unfinished ancestors are named", async () => {
          const at = await onPage(page, await cellAt(page, "model", EACH, 35));
          await page.mouse.move(...at);
          await eventually(
            async () => /^model:195\s[^]*waiting for[^]*fetch:35\b/.test(await tip.innerText()),
            "the tip does not name fetch:35",
          );
          assert.ok(!/fetch:(?!35)/.test(await tip.innerText()), await tip.innerText());
          const done = await onPage(page, await cellAt(page, "model", EACH, 3));
          await page.mouse.move(...done);
          await eventually(
            async () => /^model:163\s[^]* before/.test(await tip.innerText()),
            "no tip",
          );
          assert.ok(!/waiting for/.test(await tip.innerText()), await tip.innerText());
        });

        await t.step("groups grow without a new layout", async () => {
          const before = await nameAt(page, "model");
          for (let n = 0; n < 40; n++) run.add("fetch");
          await run.commit();
          await eventually(
            async () => (await dagNotes(page)).texts.some(({ text }) => /^200\b/.test(text)),
            "the group does not count its new tasks",
          );
          await eventually(async () => {
            const at = await onPage(page, await cellAt(page, "fetch", EACH + 40, EACH + 39));
            await page.mouse.move(...at);
            return await tip.count() > 0 && /^fetch:359\b/.test(await tip.innerText());
          }, "the newest task has no cell");
          assert.deepStrictEqual(await nameAt(page, "model"), before);
          assert.deepStrictEqual(await layouts(page), laid);
        });

        await t.step("an opened group stays open while its tasks go on", async () => {
          const closed = await nameAt(page, "model");
          await page.locator(".dag-list summary").click();
          const model = page.locator(".dag-list > ul > li", { hasText: /^model/ });
          await model.getByRole("button", { name: "Open" }).click();
          const inside = page.locator(".dag-list li li");
          await eventually(
            async () => await inside.count() === EACH && (await dagNotes(page)).grids.length < 2,
            "the group does not open",
          );
          run.now(EACH, "launched");
          run.now(EACH, "running");
          await run.commit();
          await eventually(
            async () => /^model:160\s+running/.test(await inside.first().innerText()),
            "the inside does not go on",
          );
          assert.deepStrictEqual(await inside.count(), EACH);
          await model.getByRole("button", { name: "Close" }).click();
          await page.locator(".dag-list summary").click();
          await eventually(async () => {
            await page.getByRole("button", { name: "Fit" }).click();
            await still(page);
            const { texts } = await dagNotes(page);
            return texts.some(({ text, x, y }) => text === "model" && far([x, y], closed) < 1);
          }, "the closed group does not come back to its place");
        });

        await t.step("a new group comes beside those that are there", async () => {
          const [fetch, model] = [await nameAt(page, "fetch"), await nameAt(page, "model")];
          const before = await layouts(page);
          for (let n = 0; n < 20; n++) run.add("merge", [EACH + n, EACH + n + 1]);
          await run.commit();
          await eventually(
            async () => gridUnder(await dagNotes(page), "merge") !== undefined,
            "the new group is not drawn",
          );
          await still(page);
          assert.ok(await layouts(page) > before, "there was no layout for the new group");
          const places = [
            await nameAt(page, "fetch"),
            await nameAt(page, "model"),
            await nameAt(page, "merge"),
          ];
          const along = width < 600 ? 1 : 0;
          const order = places.map((place) => place[along]);
          assert.deepStrictEqual(order, order.toSorted((a, b) => a - b), "the order");
          const apart = far(fetch, model);
          assert.ok(far(places[0], fetch) < apart, `fetch went from ${fetch} to ${places[0]}`);
          assert.ok(far(places[1], model) < apart, `model went from ${model} to ${places[1]}`);
        });

        await t.step("whoever looks somewhere goes on looking there", async () => {
          const [x, y] = await onPage(page, await nameAt(page, "model"));
          await page.mouse.move(x, y);
          await page.mouse.wheel(0, -100);
          await still(page);
          const [model, merge] = [await nameAt(page, "model"), await nameAt(page, "merge")];
          run.add("report", [2 * EACH + 40]);
          await run.commit();
          await eventually(
            async () => /4 groups/.test(await page.locator(".dag-list summary").innerText()),
            "the new group is not there",
          );
          await still(page);
          assert.ok(far(await nameAt(page, "model"), model) < 40, "model jumped");
          assert.ok(far(await nameAt(page, "merge"), merge) < 40, "merge jumped");
        });

        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `the page is ${wide} px wide`);
      });
    },
  });
}
