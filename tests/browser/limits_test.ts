// In a real browser, of dashboard and report: all that a page does not list can be reached from it.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { eventually } from "../support/eventually.ts";
import { caseDatabase } from "../support/case_db.ts";
import { findChromium, launch, watchedPage } from "../support/chromium.ts";
import { openReport, writeReport } from "../support/report.ts";
import { startViewer } from "../support/server.ts";

const chromium = findChromium();

/** A page, and how it goes to an address of the run. */
interface Visit {
  page: Page;
  /** Opens "/workflow/run-many" with something behind it. */
  open(rest: string): Promise<void>;
}

async function text(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).innerText()).replace(/\s+/g, " ");
}

async function says(page: Page, selector: string, wanted: RegExp): Promise<void> {
  await eventually(
    async () => wanted.test(await text(page, selector).catch(() => "")),
    `${selector} does not say ${wanted}`,
  );
}

/** The lines of a CSV that a link gives. */
async function csvOf(page: Page, selector: string): Promise<string[]> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(selector).click(),
  ]);
  return (await Deno.readTextFile(await download.path())).trimEnd().split("\r\n");
}

async function look({ page, open }: Visit): Promise<void> {
  await open("/resource_usage");
  await says(page, "#blocks .pager", /^250 in all .*1 \/ 3/);
  assert.equal(await page.locator("#blocks tbody tr").count(), 100);
  await page.locator("#blocks").getByLabel("Last page").click();
  await says(page, "#blocks .pager", /3 \/ 3/);
  assert.equal(await page.locator("#blocks tbody tr").count(), 50);
  const last = page.locator("#blocks tbody tr").last();
  assert.match(await last.innerText(), /812249\s+2025-09-07 10:04:09\s+2025-09-07 10:05:09/);
  await last.locator("summary").click();
  assert.match(await last.innerText(), /PENDING.*\s.*first manager joined.*\s.*SCALED_IN/);
  await page.locator("#managers").getByLabel("Next page").click();
  await says(page, "#managers .pager", /250 in all .*2 \/ 3/);
  await says(page, "#blocks .pager", /3 \/ 3/);
  assert.equal((await csvOf(page, "#blocks .actions a")).length, 251);
  assert.equal((await csvOf(page, "#managers .actions a")).length, 251);

  await open("/task/1000");
  await says(page, "#usage", /try 0 .*try 1 .*try 2/);
  const cpu = page.getByRole("img", { name: /^CPU time/ });
  await eventually(
    async () =>
      await cpu.locator("svg path[stroke-width='1.5'], svg [stroke-width='1.5'] path")
        .count() === 3,
    "the tries have not a line each",
  );
  assert.match(await cpu.getAttribute("aria-label") ?? "", /try 0 up to .* try 1 up to .* try 2/);
  assert.equal((await csvOf(page, "#usage .actions a")).length, 61);
  await says(page, "#links", /and 800 more/);
  await page.locator("#links").getByRole("link", { name: "800 more" }).click();
  await says(page, "main", /Tasks that task 1000 depends on/);
  await says(page, ".pager", /^1,000 in all/);
  await page.getByRole("link", { name: "all tasks", exact: true }).click();
  await says(page, ".pager", /^1,002 in all/);
  await open("/task/1000");
  await page.locator("#links").getByRole("link", { name: "600 more" }).click();
  await says(page, "main", /Tasks that task 1000 joined/);
  await says(page, ".pager", /^800 in all/);
  await page.locator("select[name=state]").selectOption("exec_done");
  await page.getByRole("button", { name: "Show" }).click();
  await says(page, "main", /Tasks that task 1000 joined/);
  await says(page, ".pager", /^800 in all/);

  await open("/task/1001");
  await says(page, "#tries .pager", /^2,500 in all .*25 \/ 25/);
  await says(page, "#failures", /ValueError\(2499\).*95 earlier failures/);
  await says(page, "#usage", /the newest 12 of 100 tries/);
  await page.locator("#tries").getByLabel("First page").click();
  await says(page, "#tries .pager", /1 \/ 25/);
  await says(page, "#failures", /ValueError\(99\)/);
  assert.equal(await page.locator("#states tbody tr").count(), 200);
  assert.equal((await csvOf(page, "#usage .actions a")).length, 5001);

  await open("/task/5");
  await says(page, "#usage", /Sampled once, at 2025-09-07 10:00:30: resident 114 MiB/);

  await open("/dag_group_by_apps");
  await page.locator(".picture-search input").fill("simulate");
  await says(page, ".picture-search output", /^1,000 found, 50 marked · all$/);
  await page.locator(".picture-search output a").click();
  await says(page, ".pager", /^1,000 in all/);
}

function browserTest(name: string, act: (directory: string) => Promise<void>): void {
  Deno.test({
    name: `browser: what a page does not list can be reached: ${name}`,
    ignore: chromium === null,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const directory = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
      try {
        await act(directory);
      } finally {
        await Deno.remove(directory, { recursive: true });
      }
    },
  });
}

browserTest("dashboard", async (directory) => {
  const viewer = await startViewer([caseDatabase("many-of-all", `${directory}/many.db`)]);
  const browser = await launch(chromium ?? "");
  try {
    const watched = await watchedPage(browser, viewer.url);
    const { page } = watched;
    const open = async (rest: string) => {
      await page.goto(`${viewer.url}workflow/run-many${rest}`, { waitUntil: "load" });
    };
    await look({ page, open });
    assert.deepStrictEqual(watched.complaints(), []);
  } finally {
    await browser.close();
    await viewer.stop();
  }
});

browserTest("report", async (directory) => {
  const path = `${directory}/report.html`;
  await writeReport(caseDatabase("many-of-all", `${directory}/many.db`), path);
  const browser = await launch(chromium ?? "");
  try {
    const report = await openReport(browser, path);
    const { page } = report;
    const open = async (rest: string) => {
      await page.goto(`file://${path}#/workflow/run-many${rest}`);
      const task = /\/task\/(\d+)$/.exec(rest)?.[1];
      if (task) await says(page, ".run-head h1", new RegExp(`^Task ${task}$`));
    };
    await look({ page, open });
    assert.deepStrictEqual([report.requests, report.complaints], [[], []]);
  } finally {
    await browser.close();
  }
});
