// Dashboard and report show the same, page by page: every text, link, chart and attribute.
// How the graph is arranged is not compared: a report brings the layout that was made with it.

import { PATIENCE } from "../support/eventually.ts";
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { Page } from "playwright-core";
import { findChromium, launch, watchedPage } from "../support/chromium.ts";
import { climate, figures, type Fixture, large, LARGE_RUN } from "../support/fixtures.ts";
import { difference, pageLines } from "../support/page_lines.ts";
import { openReport, writeReport } from "../support/report.ts";
import { startViewer } from "../support/server.ts";

const chromium = findChromium();

/** How many pages of apps are looked at of a run like others. */
const APPS = 1;

/** Kinds of tasks, each by the condition that finds the first of it. */
const KINDS: Record<string, string> = {
  failed: "EXISTS (SELECT 1 FROM status s WHERE s.task_id = t.task_id AND s.run_id = t.run_id " +
    "AND s.task_status_name = 'failed')",
  retried: "EXISTS (SELECT 1 FROM try WHERE try.task_id = t.task_id AND try.run_id = t.run_id " +
    "AND try.try_id > 0)",
  memoized: "EXISTS (SELECT 1 FROM status s WHERE s.task_id = t.task_id AND s.run_id = t.run_id " +
    "AND s.task_status_name = 'memo_done')",
  joining: "EXISTS (SELECT 1 FROM try WHERE try.task_id = t.task_id AND try.run_id = t.run_id " +
    "AND try.task_joins <> '')",
  measured: "EXISTS (SELECT 1 FROM resource r WHERE r.task_id = t.task_id " +
    "AND r.run_id = t.run_id)",
  "with dependencies": "t.task_depends <> ''",
};

/** The first task of each kind that the run has, by kind. */
function sample(path: string, runId: string): Map<string, number> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const found = new Map<string, number>();
    for (const [kind, condition] of Object.entries(KINDS)) {
      const row = database.prepare(
        `SELECT t.task_id FROM task t WHERE t.run_id = ? AND ${condition} ` +
          "ORDER BY t.task_id LIMIT 1",
      ).get(runId);
      if (row) found.set(kind, Number(row.task_id));
    }
    return found;
  } finally {
    database.close();
  }
}

function pagesOf(runId: string, apps: string[], tasks: Iterable<number>): string[] {
  const base = `/workflow/${runId}`;
  return [
    `${base}/`,
    `${base}/?sort=totalRun&order=desc`,
    `${base}/task/`,
    `${base}/task/?page=2`,
    `${base}/task/?sort=ran&order=desc`,
    `${base}/task/?q=${encodeURIComponent(apps[0].slice(0, 3))}&sort=host`,
    `${base}/task/?state=failed`,
    `${base}/task/?q=nothing-is-called-so`,
    ...apps.map((app) => `${base}/app/${encodeURIComponent(app)}`),
    ...[...tasks].map((task) => `${base}/task/${task}`),
    `${base}/dag_group_by_apps`,
    `${base}/dag_group_by_states`,
    `${base}/dag_group_by_apps?colour=duration`,
    `${base}/timeline`,
    `${base}/resource_usage`,
  ];
}

/** What must differ: how long ago a run that never ended was last heard of, in steps of its own. */
function timeless(lines: string[]): string[] {
  return lines.map((line) => line.replace(/last update .* ago/, "last update some time ago"));
}

/** The page's lines once two looks at it, one after the other, are the same. */
async function settled(page: Page): Promise<string[]> {
  const end = Date.now() + PATIENCE;
  let before = "";
  for (;;) {
    const lines = await pageLines(page);
    const now = lines?.join("\n") ?? "";
    if (lines && now === before) return timeless(lines);
    if (Date.now() > end) throw new Error(`never at rest: ${page.url()}`);
    before = now;
    await page.waitForTimeout(60);
  }
}

/** How the report differs from the dashboard, on the first page that does; empty if none does. */
async function compare(database: Fixture, runId: string, paths: string[]): Promise<string[]> {
  const file = `${database.folder}/${runId}.html`;
  await writeReport(database.path, file, { run: runId });
  const viewer = await startViewer([database.path]);
  const browser = await launch(chromium ?? "");
  const wrong: string[] = [];
  try {
    const watched = await watchedPage(browser, viewer.url);
    const report = await openReport(browser, file);
    await report.page.setViewportSize({ width: 1280, height: 900 });
    for (const path of paths) {
      await watched.page.goto(viewer.url + path.slice(1), { waitUntil: "load" });
      await report.page.evaluate((fragment) => location.hash = fragment, path);
      let differs = "";
      const end = Date.now() + PATIENCE;
      do {
        // Again as well: the dashboard shows a run before all of it is read.
        differs = difference(await settled(watched.page), await settled(report.page));
      } while (differs !== "" && Date.now() < end);
      if (differs === "") continue;
      wrong.push(`${path}: ${differs}`);
      break;
    }
    wrong.push(...watched.complaints(), ...report.complaints);
    wrong.push(...report.requests.map((url) => `asked for ${url}`));
  } finally {
    await browser.close();
    await viewer.stop();
  }
  return wrong;
}

async function withFixture(
  make: () => Promise<Fixture>,
  act: (database: Fixture) => Promise<void>,
): Promise<void> {
  const database = await make();
  try {
    await act(database);
  } finally {
    await database.remove();
  }
}

Deno.test({
  name: "browser: report: the pages of climate.db's runs are the dashboard's",
  ignore: chromium === null,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: (t) =>
    withFixture(climate, async (database) => {
      for (const [at, [id, run]] of Object.entries((await figures())["climate.db"]).entries()) {
        await t.step(run.name, async () => {
          const tasks = sample(database.path, id);
          assert.ok(tasks.size >= 5, `only ${[...tasks.keys()]}`);
          // The runs are of one program: the pages of all its apps are looked at once.
          const apps = Object.keys(run.apps).slice(0, at === 0 ? undefined : APPS);
          const paths = pagesOf(id, apps, new Set(tasks.values()));
          assert.deepStrictEqual((await compare(database, id, paths)).join("\n"), "");
        });
      }
    }),
});

Deno.test({
  name: "browser: report: every kind of page of 10,000 tasks is the dashboard's",
  ignore: chromium === null,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withFixture(large, async (database) => {
      const run = (await figures())["large.db"][LARGE_RUN];
      assert.deepStrictEqual(run.tasks, 10_000);
      const tasks = new Set([0, run.tasks - 1, ...sample(database.path, LARGE_RUN).values()]);
      const paths = pagesOf(LARGE_RUN, Object.keys(run.apps), tasks);
      paths.push(`/workflow/${LARGE_RUN}/task/?page=137&sort=returned&order=desc`);
      assert.deepStrictEqual((await compare(database, LARGE_RUN, paths)).join("\n"), "");
    }),
});
