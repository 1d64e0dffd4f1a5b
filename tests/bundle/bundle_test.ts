// The bundle: one file that does all that a checkout does.

import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LaneClient } from "../../clients/typescript/mod.ts";
import { readAsset } from "../../installation/files.ts";
import { nodeMessage } from "../hub/generated.ts";
import { integrity, printed, rowsIn, sendDatagrams } from "../hub/support.ts";
import { climateIn } from "../store/helpers.ts";
import { eventually } from "../support/eventually.ts";
import { findChromium, launch, watchedPage } from "../support/chromium.ts";
import { CLIMATE_RUN } from "../support/fixtures.ts";
import { ROOT } from "../support/server.ts";
import { type Bundle, withBundle } from "./alone.ts";

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\//;
const chromium = findChromium();

/** Shows a recording until `look` has seen it. */
async function viewed({ folder, start }: Bundle, look: (url: string) => Promise<void>) {
  const viewer = start("visualize", await climateIn(folder), "-p", "0", "--no-token");
  const [url] = await viewer.printed(ADDRESS);
  await look(url);
  assert.deepStrictEqual(await viewer.stop(), 0, viewer.output());
}

async function get(url: string): Promise<string> {
  const response = await fetch(url);
  const text = await response.text();
  assert.deepStrictEqual(response.status, 200, `${url}: ${text.slice(0, 300)}`);
  return text;
}

/** Everything that a page's HTML asks for, and what scripts import. */
async function assetsOf(url: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const follow = async (text: string, base: string) => {
    const named = text.matchAll(/(?:from|import|href=|src=)\s*\(?"([^"#]+\.(?:js|css|svg)[^"]*)"/g);
    for (const [, name] of named) {
      const address = new URL(name.replaceAll("&amp;", "&"), base).href;
      if (found.has(address)) continue;
      found.set(address, "");
      const asset = await get(address);
      found.set(address, asset);
      await follow(asset, address);
    }
  };
  await follow(await get(url), url);
  return found;
}

Deno.test("bundle: one file, alone and offline", async (test) => {
  await withBundle(async (bundle) => {
    const { folder, start, run } = bundle;

    await test.step("help, and what is wrong in one sentence", async () => {
      const help = await run("--help");
      assert.deepStrictEqual(help.code, 0, help.output);
      assert.ok(/parsloscope visualize/.test(help.output), help.output);
      const wrong = await run("visualize", "nothing.db");
      assert.deepStrictEqual(wrong.code, 1, wrong.output);
      assert.deepStrictEqual(wrong.output.trim().split("\n").length, 1, wrong.output);
    });

    await test.step("visualize: every page with its scripts and styles, and ELK's worker", () =>
      viewed(bundle, async (url) => {
        const base = `${url}workflow/${CLIMATE_RUN}/`;
        const assets = new Map<string, string>();
        for (
          const page of ["", "task/", "task/1", "dag_group_by_apps", "timeline", "resource_usage"]
        ) {
          for (const asset of await assetsOf(base + page)) assets.set(...asset);
        }
        for (const asset of await assetsOf(url)) assets.set(...asset);
        const names = [...assets.keys()].map((asset) => new URL(asset).pathname);
        for (const { name } of Deno.readDirSync(`${ROOT}islands`)) {
          if (!/^[A-Z].*\.tsx$/.test(name) || name === "HubPage.tsx") continue;
          const script = `/island-${name.replace(".tsx", ".js")}`;
          const nested = name === "Chart.tsx" || name === "Dag.tsx"; // in other islands
          assert.ok(nested || names.some((path) => path.endsWith(script)), `no ${script}`);
        }
        const style = [...assets].find(([asset]) => asset.includes("/style.css"));
        assert.deepStrictEqual(
          style?.[1],
          await Deno.readTextFile(`${ROOT}static/style.css`),
          "style.css",
        );
        const elk = await get(`${url}elk-worker.js`);
        assert.deepStrictEqual(
          elk,
          new TextDecoder().decode(await readAsset("elk-worker.js")),
          "ELK",
        );
      }));

    await test.step("hub: both workers run, and what came by UDP and TCP is written", async () => {
      const database = join(folder, "hub.db");
      const hub = start("hub", database, "-p", "0");
      const [, port] = await hub.printed(/127\.0\.0\.1:(\d+), UDP[\s\S]*key .*\n/);
      const key = (await Deno.readTextFile(`${database}.key`)).trim();
      const place = { address: "127.0.0.1", port: Number(port), key };
      await sendDatagrams(place, [1, 2].map((n) => nodeMessage("bundle", n)));
      const lane = new LaneClient(place);
      lane.send(...nodeMessage("bundle", 3));
      await lane.flush();
      await lane.close();
      assert.deepStrictEqual(await hub.stop(), 0, hub.output());
      assert.deepStrictEqual(printed(hub.output(), "written"), 3);
      assert.deepStrictEqual(rowsIn(database, "node"), 3);
    });

    await test.step("demo: recorded runs, seen live", async () => {
      const demo = start("demo", "-p", "0", "--no-token");
      const [url] = await demo.printed(ADDRESS);
      const runs = async () =>
        new Set([...(await get(url)).matchAll(/\/workflow\/([0-9a-f-]{36})/g)].map(([, id]) => id));
      await eventually(async () => (await runs()).size > 1, "no run is played");
      assert.ok((await runs()).has(CLIMATE_RUN), "the finished recording is not there");
      assert.deepStrictEqual(await demo.stop(), 0, demo.output());
    });

    await test.step("import: a trace becomes a database", async () => {
      const { code, output } = await run("import", `${ROOT}tests/fixtures/trace.json`, "trace.db");
      assert.deepStrictEqual(code, 0, output);
      assert.deepStrictEqual(integrity(join(folder, "trace.db")), "ok");
      assert.deepStrictEqual(rowsIn(join(folder, "trace.db"), "task"), 4);
    });

    await test.step("export: a report of the run", async () => {
      const database = await climateIn(folder);
      const { code, output } = await run("export", database, CLIMATE_RUN, "-o", "report.html");
      assert.deepStrictEqual(code, 0, output);
      const report = await Deno.readTextFile(join(folder, "report.html"));
      for (const part of ["app", "elk"]) {
        assert.ok(report.includes(`data-part="${part}"`), `the report has no part "${part}"`);
      }
    });

    await test.step({
      name: "its pages in a browser: the DAG is laid out, nothing fails",
      ignore: chromium === null,
      fn: () =>
        viewed(bundle, async (url) => {
          const browser = await launch(chromium ?? "");
          try {
            const watched = await watchedPage(browser, url);
            const { page } = watched;
            for (const below of ["", "resource_usage", "task/"]) {
              await page.goto(`${url}workflow/${CLIMATE_RUN}/${below}`);
            }
            const worker = page.waitForEvent("worker");
            await page.goto(`${url}workflow/${CLIMATE_RUN}/dag_group_by_apps`);
            assert.ok((await worker).url().endsWith("/elk-worker.js"), "another worker");
            await page.locator("canvas.picture-canvas").waitFor();
            await page.locator(".dag-list .dag-node").first().waitFor({ state: "attached" });
            assert.deepStrictEqual(watched.complaints(), []);
            await watched.close();
            const file = pathToFileURL(join(folder, "report.html")).href;
            const report = await watchedPage(browser, file);
            await report.page.goto(file);
            await report.page.evaluate(
              (run) => location.hash = `#/workflow/${run}/task/`,
              CLIMATE_RUN,
            );
            await report.page.locator("td a[href$='/task/1']").first().waitFor();
            assert.deepStrictEqual(report.complaints(), []);
          } finally {
            await browser.close();
          }
        }),
    });
  });
});
