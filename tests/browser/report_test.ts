// A report from disk, in a real browser with the network cut.

import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { eventually } from "../support/eventually.ts";
import { findChromium, launch } from "../support/chromium.ts";
import { climate, figures, type RunFigures } from "../support/fixtures.ts";
import { type OpenedReport, openReport, writeReport } from "../support/report.ts";

const chromium = findChromium();

interface Scene {
  browser: Browser;
  path: string;
  runId: string;
  run: RunFigures;
}

/** The report of climate's run with most tasks. */
async function scene(act: (scene: Scene) => Promise<void>): Promise<void> {
  const runs = Object.entries((await figures())["climate.db"]);
  const [runId, run] = runs.sort(([, a], [, b]) => b.tasks - a.tasks)[0];
  const database = await climate();
  try {
    const path = `${database.folder}/report.html`;
    await writeReport(database.path, path, { run: runId });
    const browser = await launch(chromium ?? "");
    try {
      await act({ browser, path, runId, run });
    } finally {
      await browser.close();
    }
  } finally {
    await database.remove();
  }
}

function browserTest(name: string, act: (scene: Scene) => Promise<void>): void {
  Deno.test({
    name: `browser: report: ${name}`,
    ignore: chromium === null,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => scene(act),
  });
}

/** Waits until the page with some heading is shown. */
async function shown({ page, complaints }: OpenedReport, heading: string): Promise<void> {
  const heads = page.locator("body > .run-head h1, main h1");
  await eventually(
    async () => (await heads.allInnerTexts()).join() === heading,
    `no page "${heading}", but ${await heads.allInnerTexts()}; ${complaints.join("; ")}`,
  );
}

/** Nothing was asked for, and nothing went wrong. */
function assertQuiet({ requests, complaints }: OpenedReport): void {
  assert.deepStrictEqual(requests, []);
  assert.deepStrictEqual(complaints, []);
}

browserTest("every page of the run is reached by clicks", async ({ browser, path, run }) => {
  const report = await openReport(browser, path);
  const { page } = report;
  const tab = (name: string) => page.locator(".tabs").first().getByText(name).click();
  await shown(report, run.name);
  assert.deepStrictEqual(await page.title(), run.name);
  assert.deepStrictEqual(
    await page.locator("main [data-figure=completed]").innerText(),
    String(run.states.exec_done),
  );
  await eventually(async () => await page.locator("main svg").count() >= 2, "no charts");

  // What leads to a dashboard's other pages has no place here.
  const top = page.locator(".top a:visible, .run-head a:visible");
  assert.deepStrictEqual(await top.allInnerTexts(), [
    ...["Parsloscope", run.name],
    ...["Summary", "Tasks", "DAG", "Timeline", "Resources"],
  ]);

  await tab("Tasks");
  await shown(report, "Tasks");
  assert.deepStrictEqual(await page.title(), `Tasks · ${run.name}`);
  await page.locator("main td a").first().click();
  await shown(report, "Task 0");
  const [app] = Object.keys(run.apps);
  await tab("Summary");
  await shown(report, run.name);
  await page.locator("#apps td a").getByText(app, { exact: true }).click();
  await shown(report, app);
  await tab("Resources");
  await shown(report, "Resource use");
  await eventually(async () => await page.locator("main svg").count() >= 2, "no charts");

  await tab("Timeline");
  await shown(report, "Timeline");
  await page.locator(".timeline-canvas").waitFor();

  await tab("DAG");
  await shown(report, "DAG");
  await eventually(
    async () => await page.locator(".picture-waiting").count() === 0,
    "the graph is not laid out",
  );
  assert.deepStrictEqual(await page.locator(".picture-note").count(), 0, "not laid out by ELK");
  await page.locator(".tabs").nth(1).getByText("By state").click();
  assert.ok(page.url().endsWith("/dag_group_by_states"), page.url());
  await page.locator(".picture-search input").fill(app);
  await eventually(
    async () => (await page.locator(".picture-search output").innerText()).startsWith("1"),
    "found nothing in the graph",
  );

  await page.locator(".brand").click();
  await shown(report, run.name);
  assertQuiet(report);
  await report.close();
});

browserTest("a deep link opened afresh shows its page", async ({ browser, path, runId, run }) => {
  const report = await openReport(browser, path, `#/workflow/${runId}/task/?state=failed&sort=app`);
  await shown(report, "Tasks");
  assert.deepStrictEqual(await report.page.locator("main tbody tr").count(), run.states.failed);
  const href = await report.page.locator("main td a").first().getAttribute("href");
  assert.ok(href?.startsWith(`#/workflow/${runId}/task/`), `a link to ${href}`);
  assertQuiet(report);
  await report.close();
});

browserTest("back and forward, and where each page was scrolled to", async (s) => {
  const report = await openReport(s.browser, s.path);
  const { page } = report;
  await shown(report, s.run.name);
  await page.evaluate(() => scrollTo({ top: 500, behavior: "instant" }));
  const top = await page.evaluate(() => scrollY);
  assert.ok(top > 100, "a page too short to scroll");
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await page.locator(".tabs a").getByText("Tasks").evaluate((tab) => (tab as HTMLElement).click());
  await shown(report, "Tasks");
  await eventually(async () => await page.evaluate(() => scrollY) === 0, "not at its top");
  await page.goBack();
  await shown(report, s.run.name);
  await eventually(async () => await page.evaluate(() => scrollY) === top, "not where it was");
  await page.goForward();
  await shown(report, "Tasks");
  assertQuiet(report);
  await report.close();
});

browserTest("the task table is searched, and downloaded as CSV", async (s) => {
  const report = await openReport(s.browser, s.path, `#/workflow/${s.runId}/task/`);
  const { page } = report;
  await shown(report, "Tasks");
  await page.locator("select[name=state]").selectOption("failed");
  await page.locator("form.filters button[type=submit]").click();
  await eventually(
    async () => await page.locator("main tbody tr").count() === s.run.states.failed,
    "not filtered",
  );
  assert.ok(page.url().includes("state=failed"), page.url());
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV", exact: true }).click();
  const download = await saved;
  assert.deepStrictEqual(download.suggestedFilename(), `${s.run.name.replace(" ", "_")}-tasks.csv`);
  const lines = (await Deno.readTextFile(await download.path())).trim().split(/\r?\n/);
  assert.deepStrictEqual(lines.length, 1 + s.run.states.failed);
  assertQuiet(report);
  await report.close();
});

browserTest("texts of errors are searched, and tries downloaded as CSV", async (s) => {
  const report = await openReport(s.browser, s.path, `#/workflow/${s.runId}/task/`);
  const { page } = report;
  await shown(report, "Tasks");
  await page.locator("input[name=q]").fill('error:BashExitFailure stderr:"bf.err"');
  await page.locator("form.filters button[type=submit]").click();
  await eventually(
    async () => await page.locator("main tbody tr").count() === 1,
    "the failed task is not found",
  );
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV of tries" }).click();
  const download = await saved;
  assert.deepStrictEqual(download.suggestedFilename(), `${s.run.name.replace(" ", "_")}-tries.csv`);
  const lines = (await Deno.readTextFile(await download.path())).trim().split(/\r?\n/);
  assert.deepStrictEqual(lines.length, 1 + 3);
  assert.ok(lines[3].includes("bf.err"), lines[3]);
  assertQuiet(report);
  await report.close();
});

browserTest("an address that is none leads back", async ({ browser, path, run }) => {
  const report = await openReport(browser, path, "#/workflow/none/");
  await shown(report, "Not found");
  await report.page.locator("main a").click();
  await shown(report, run.name);
  assert.deepStrictEqual(report.requests, []);
  await report.close();
});

browserTest("a browser that cannot inflate says so above the summary", async (s) => {
  const context = await s.browser.newContext({ offline: true });
  const page = await context.newPage();
  await page.addInitScript("delete globalThis.DecompressionStream");
  await page.goto(`file://${s.path}`);
  assert.ok(
    (await page.locator(".report-problem").innerText()).includes("too old"),
    "no word of it",
  );
  assert.deepStrictEqual(
    await page.locator("main [data-figure=completed]").innerText(),
    String(s.run.states.exec_done),
  );
  await context.close();
});

browserTest("a report that lacks a part says what is wrong", async ({ browser, path, run }) => {
  const whole = await Deno.readTextFile(path);
  const part = /data-part="data\/([^"]+)">[^<]*/;
  const broken = path.replace(".html", "-broken.html");
  await Deno.writeTextFile(broken, whole.replace(part, 'data-part="data/$1">!'));
  const report = await openReport(browser, broken);
  await shown(report, run.name);
  await report.page.locator(".tabs a").getByText("Tasks").click();
  await eventually(
    async () =>
      (await report.page.locator(".report-problem, main").allInnerTexts())
        .some((text) => /could not be made/.test(text)),
    "no word of it",
  );
  assert.deepStrictEqual(report.requests, []);
  await report.close();
});
