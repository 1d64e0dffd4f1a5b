// Runs and apps of any name: each page, question and file is where its link leads.

import assert from "node:assert/strict";
import { join } from "node:path";
import { decode } from "../support/html.ts";
import { reportCode } from "../../installation/report.ts";
import { reportApp } from "../../export/app/report_app.ts";
import { absolute } from "../../export/address.ts";
import { START } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { withDirectory } from "../store/helpers.ts";
import { caseDatabase, namedRuns } from "../support/named_runs.ts";
import { oddNames } from "../support/odd_names.ts";
import { startViewer } from "../support/server.ts";

/** Names that a database holds as they are. */
const NAMES = oddNames(7, 90).filter((name) => !name.includes("\0"));
const APPS = oddNames(8, 150).filter((name) => !name.includes("\0"));

/** The addresses of a page's links and forms. */
function links(html: string): string[] {
  return [...html.matchAll(/<(?:a|form)\b[^>]*?\b(?:href|action)="([^"]*)"/g)].map(([, href]) =>
    decode(href)
  );
}

/** What the page says of the run in "About this run". */
function idOf(html: string): string {
  return decode(/<dt>Run id<\/dt><dd>([^]*?)<\/dd>/.exec(html)?.[1] ?? "no run id");
}

/** The heading of a page. */
function heading(html: string): string {
  return decode(/<h1[^>]*>([^]*?)<\/h1>/.exec(html)?.[1] ?? "no heading");
}

const shown = (name: string) => name.trim() === "" ? "(no name)" : name;

Deno.test({
  name: "names: every page of every run opens from its own link",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withDirectory(async (directory) => {
      const path = join(directory, "odd.db");
      await namedRuns(path, NAMES.map((id) => ({ id, name: "named" })));
      const viewer = await startViewer([path]);
      try {
        const list = await (await fetch(viewer.url)).text();
        const runs = links(list).filter((href) => /^\/workflow\/[^/]+\/$/.test(href));
        assert.equal(runs.length, NAMES.length, "a link for each run");
        const found = new Set<string>();
        for (const href of runs) {
          const response = await fetch(new URL(href, viewer.url));
          const summary = await response.text();
          assert.equal(response.status, 200, href);
          const id = idOf(summary);
          found.add(id);
          const inside = links(summary).filter((link) => link.startsWith(href));
          assert.ok(inside.some((link) => link.includes("/app/f")), `no app at ${href}`);
          for (const link of inside.filter((link) => !link.endsWith("report.html"))) {
            const page = await fetch(new URL(link, viewer.url));
            const text = await page.text();
            assert.equal(page.status, 200, link);
            assert.ok(links(text).includes(`${href}timeline`), `${link} is of another run`);
          }
        }
        assert.deepStrictEqual([...found].sort(), [...NAMES].sort());
      } finally {
        await viewer.stop();
      }
    }),
});

Deno.test({
  name: "names: what pages ask for, live updates, CSV and report of a run are its own",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withDirectory(async (directory) => {
      const path = join(directory, "odd.db");
      const ids = ["..", "", "a:b/c+d@e%2F?#", "é漢\n😀", "~", "100%"];
      await namedRuns(path, ids.map((id, at) => ({ id, apps: [`app of ${at}`] })));
      const viewer = await startViewer([path]);
      try {
        const list = await (await fetch(viewer.url)).text();
        for (const href of links(list).filter((link) => /^\/workflow\/[^/]+\/$/.test(link))) {
          const at = new URL(href, viewer.url);
          const id = idOf(await (await fetch(at)).text());
          const own = `app of ${ids.indexOf(id)}`;
          const csv = await fetch(new URL("tasks.csv", at));
          assert.ok((await csv.text()).includes(own), `the CSV of ${href}`);
          const report = await fetch(new URL("report.html", at));
          assert.equal(report.status, 200);
          const header = /<script type="application\/json" id="parsloscope-report">([^]*?)<\/script/
            .exec(await report.text())!;
          assert.equal(JSON.parse(header[1]).run.id, id);
          const api = (name: string, query: Record<string, string>) =>
            fetch(
              new URL(`/api/${name}?${new URLSearchParams({ run: id, ...query })}`, viewer.url),
            );
          assert.equal((await (await api("dag/task", { task: "0" })).json()).app, own);
          assert.equal((await (await api("timeline/task", { task: "0" })).json()).found.lane, 0);
          const live = await api("live", { view: "summary" });
          const reader = live.body!.pipeThrough(new TextDecoderStream()).getReader();
          assert.ok((await reader.read()).value?.includes(`"app":"${own}"`), `news of ${href}`);
          await reader.cancel();
        }
      } finally {
        await viewer.stop();
      }
    }),
});

/** Opens the page of each app of a run by its links, and sees that it lists the app's task. */
async function openApps(
  ask: (href: string) => Promise<Response>,
  summary: string,
  apps: string[],
): Promise<void> {
  const first = await (await ask(summary)).text();
  const hrefs = new Set(links(first).filter((href) => href.includes("/app/")));
  assert.equal(hrefs.size, apps.length, "a link for each app");
  const seen = new Set<string>();
  for (const href of hrefs) {
    const response = await ask(href);
    const html = await response.text();
    assert.equal(response.status, 200, href);
    const tasks = new Set(
      links(html).filter((link) => /\/task\/\d+$/.test(link)).map((link) => link),
    );
    const own = [...tasks].find((link) => {
      const task = Number(link.slice(link.lastIndexOf("/") + 1));
      return shown(apps[task]) === heading(html);
    });
    assert.ok(own, `${href}: ${heading(html)} has not its task`);
    assert.match(html, /1 in all/, `${href} lists other apps' tasks`);
    seen.add(own);
    const task = await (await ask(own)).text();
    assert.ok(links(task).includes(href), `${own} has no link to its app`);
  }
  assert.equal(seen.size, new Set(apps.map(shown)).size);
}

Deno.test({
  name: "names: the page of every app opens from its own link (case odd-app-names)",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withDirectory(async (directory) => {
      const path = join(directory, "case.db");
      await caseDatabase(path, "odd-app-names/rows.sql");
      const database = await openDatabase(path);
      const apps: string[] = [];
      for (let task = 0; task < 11; task++) {
        const page = await database.task("run-names", task);
        assert.ok(page);
      }
      for await (const { rows } of database.read("run-names", START)) {
        for (const { taskId, app } of rows.tasks) apps[taskId] = app;
      }
      database.close();
      const viewer = await startViewer([path]);
      try {
        const ask = (href: string) => fetch(new URL(href, viewer.url));
        await openApps(ask, "/workflow/run-names/", apps);
      } finally {
        await viewer.stop();
      }
    }),
});

Deno.test({
  name: "names: apps of any name, on a server and in a report",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withDirectory(async (directory) => {
      const path = join(directory, "apps.db");
      // Names in which nothing is seen are shown alike.
      const apps = APPS.filter((name) => name === "" || name.trim() !== "");
      await namedRuns(path, [{ id: "../~", apps }]);
      const viewer = await startViewer([path]);
      try {
        const ask = (href: string) => fetch(new URL(href, viewer.url));
        await openApps(ask, "/workflow/..%2F~/", apps);
      } finally {
        await viewer.stop();
      }
      const database = await openDatabase(path);
      const { handler, catalog } = reportApp(await reportCode(), {
        format: "parsloscope-report",
        version: 1,
        generator: "Parsloscope",
        made: "2026-01-01T00:00:00Z",
        title: "odd",
        run: { id: "../~", name: "named" },
        taken: 0,
        redacted: false,
        data: { left: [] },
      }, database);
      await catalog.run("../~");
      // As the page of a report asks: the fragment's address, taken apart by the browser's URL.
      const ask = async (href: string) => {
        const url = absolute(href.replace(/^#/, ""));
        const response = await handler(new Request(url));
        const html = (await response.text()).replaceAll('="#/', '="/');
        return new Response(html, response);
      };
      await openApps(ask, "/workflow/..%2F~/", apps);
      catalog.close();
    }),
});
