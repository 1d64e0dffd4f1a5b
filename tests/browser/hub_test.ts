// The hub's page, its metrics and its JSON, with accounts that the test makes up.

import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { App, staticFiles } from "fresh";
import { loadPages } from "../../installation/pages.ts";
import type { Accounts } from "../../model/hub/accounts.ts";
import type { State } from "../../state.ts";
import { eventually } from "../support/eventually.ts";
import { findChromium, launch, type WatchedPage, watchedPage } from "../support/chromium.ts";
import { healthy, troubled } from "../support/hub_accounts.ts";

const chromium = findChromium();
const STARTED = Date.now() - 7_200_000;

/** A dashboard of the hub alone: no databases. */
interface Dashboard {
  url: string;
  /** What the hub tells; an error thrown is a hub that does not answer. Null: no hub. */
  tell: (() => Accounts) | null;
  stop(): Promise<void>;
}

async function dashboard(tell: Dashboard["tell"]): Promise<Dashboard> {
  const app = new App<State>()
    .use((ctx) => {
      const tell = self.tell;
      // deno-lint-ignore require-await
      ctx.state.hub = tell && { accounts: async () => tell() };
      return ctx.next();
    })
    .use(staticFiles())
    .fsRoutes();
  await loadPages(app);
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, app.handler());
  const self: Dashboard = {
    url: `http://127.0.0.1:${server.addr.port}/`,
    tell,
    stop: () => server.shutdown(),
  };
  return self;
}

/** A hub to which 1,000 messages come between two questions. */
function growing(of: (now: number) => Accounts): () => Accounts {
  let more = 0;
  return () => {
    const accounts = of(Date.now());
    more += 1000;
    accounts.started = STARTED;
    accounts.messages.decoded += more;
    accounts.messages.written += more;
    return accounts;
  };
}

interface Scene {
  board: Dashboard;
  browser: Browser;
}

function scene(name: string, act: (scene: Scene) => Promise<void>): void {
  Deno.test({
    name: `browser: ${name}`,
    ignore: chromium === null,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const board = await dashboard(growing(healthy));
      const browser = await launch(chromium ?? "");
      try {
        await act({ board, browser });
      } finally {
        await browser.close();
        await board.stop();
      }
    },
  });
}

function figure(watched: WatchedPage, name: string): Promise<string> {
  return watched.page.locator(`[data-figure='${name}']`).innerText();
}

scene("the hub's page shows a healthy hub and keeps up with it", async ({ board, browser }) => {
  const watched = await watchedPage(browser, board.url);
  let loads = 0;
  watched.page.on("load", () => loads++);
  await watched.page.goto(`${board.url}hub`);
  assert.deepStrictEqual(await figure(watched, "writer"), "writing");
  assert.deepStrictEqual(await figure(watched, "kernelDrops"), "0");
  assert.deepStrictEqual(await watched.page.locator("[data-finding]").count(), 0, "findings");
  const text = await watched.page.locator("main").innerText();
  for (const part of ["Nothing was lost", "0.0.0.0:55055", "16 MiB", "climate ensemble"]) {
    assert.ok(text.includes(part), `the page lacks ${part}: ${text}`);
  }
  const names = await watched.page.locator("#runs tbody td:first-child").allInnerTexts();
  assert.deepStrictEqual(names, ["climate ensemble", "old run"], "the last heard first");
  const first = await figure(watched, "decoded");
  await eventually(async () => await figure(watched, "decoded") !== first, "no new figures");
  await eventually(
    async () => /^[1-9][\d,.]* \/s$/.test(await figure(watched, "receivedRate")),
    "no rate",
  );
  const rate = Number((await figure(watched, "receivedRate")).replace(/[^\d.]/g, ""));
  // 1,000 messages per question, and at most a question each second.
  assert.ok(rate > 0 && rate <= 1000, `rate ${rate}`);
  assert.deepStrictEqual(loads, 1, "the page was loaded again");
  assert.deepStrictEqual(watched.complaints(), []);
  await watched.close();
});

scene("the hub's page says what is wrong and what to do", async ({ board, browser }) => {
  const watched = await watchedPage(browser, board.url);
  await watched.page.goto(`${board.url}hub`);
  board.tell = growing(troubled);
  const finding = (key: string) => watched.page.locator(`[data-finding='${key}']`);
  await finding("kernelDrops").waitFor();
  const expected: Record<string, string[]> = {
    writer: ["locked the database since", "2 m 0", "database is locked (5)"],
    kernelDrops: ["12,345 datagrams", "net.core.rmem_max (now granted 208 KiB)"],
    dropped: ["5 datagrams"],
    truncated: ["1 datagram came"],
    badSignature: ["12 datagrams and 1 frame", "monitoring.db.key"],
    quarantineFull: ["3 quarantined messages were not kept"],
    quarantined: ["19 messages", "monitoring.db.quarantine.jsonl"],
    refused: ["2 pickles", "Nothing of them was run"],
    turnedAway: ["42 connections", "no room for 40 of them"],
  };
  for (const [key, parts] of Object.entries(expected)) {
    const text = await finding(key).innerText();
    for (const part of parts) assert.ok(text.includes(part), `${key} lacks "${part}": ${text}`);
  }
  const weights = await watched.page.locator(".hub-lost[data-figure]").evaluateAll((found) =>
    found.map((element) => element.getAttribute("data-figure"))
  );
  assert.deepStrictEqual(weights, [
    "kernelDrops",
    "dropped",
    "truncated",
    "badSignature",
    "quarantineFull",
  ]);
  board.tell = growing(healthy);
  await finding("kernelDrops").waitFor({ state: "detached" });
  assert.deepStrictEqual(watched.complaints(), []);
  await watched.close();
});

scene("a locked database that loses nothing says so", async ({ board, browser }) => {
  board.tell = () => ({ ...healthy(Date.now()), writer: troubled(Date.now()).writer });
  const watched = await watchedPage(browser, board.url, { javaScriptEnabled: false });
  await watched.page.goto(`${board.url}hub`);
  const text = await watched.page.locator("[data-finding='writer']").innerText();
  assert.ok(text.includes("Nothing is lost"), text);
  assert.deepStrictEqual(await watched.page.locator("[data-finding]").count(), 1, "findings");
  assert.deepStrictEqual(
    await watched.page.locator("#runs a[href^='/workflow/']").count(),
    0,
    "links to runs",
  );
  await watched.close();
});

scene("the hub's page says when the hub does not answer", async ({ board, browser }) => {
  const watched = await watchedPage(browser, board.url);
  await watched.page.goto(`${board.url}hub`);
  const tell = board.tell;
  board.tell = () => {
    throw new Error("gone");
  };
  const status = watched.page.locator(".run-status");
  await eventually(
    async () => await status.innerText() === "hub does not answer",
    "the page believes in a dead hub",
  );
  assert.deepStrictEqual(await figure(watched, "writer"), "writing", "the last figures");
  await watched.page.goto(`${board.url}hub`);
  assert.ok(
    (await watched.page.locator("main").innerText()).includes("The hub does not answer."),
    "a page made without an answer",
  );
  board.tell = tell;
  await eventually(
    async () => await status.innerText() === "receiving and writing",
    "the page does not see that the hub is back",
  );
  assert.deepStrictEqual(watched.pageErrors, []);
  assert.deepStrictEqual(watched.foreign, []);
  await watched.close();
});

scene("a hub's page out of view asks nothing", async ({ board, browser }) => {
  let asked = 0;
  const tell = growing(healthy);
  board.tell = () => {
    asked++;
    return tell();
  };
  const watched = await watchedPage(browser, board.url);
  let asking = 0;
  watched.page.on("request", () => asking++);
  watched.page.on("requestfinished", () => asking--);
  watched.page.on("requestfailed", () => asking--);
  await watched.page.goto(`${board.url}hub`);
  await eventually(() => Promise.resolve(asked >= 3), "the page does not ask");
  const hide = (hidden: boolean) =>
    watched.page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  await eventually(() => Promise.resolve(asking === 0), "the last question is not answered");
  const before = asked;
  // Longer than between two questions of a page that is seen.
  await watched.page.waitForTimeout(2_500);
  assert.deepStrictEqual(asked, before, "questions while hidden");
  await hide(false);
  await eventually(() => Promise.resolve(asked > before), "no questions when back in view");
  assert.deepStrictEqual(watched.complaints(), []);
  await watched.close();
});

scene("the hub's page is not wider than a telephone", async ({ board, browser }) => {
  for (const tell of [healthy, troubled]) {
    board.tell = growing(tell);
    const watched = await watchedPage(browser, board.url, {
      width: 375,
      height: 740,
      colorScheme: "dark",
    });
    await watched.page.goto(`${board.url}hub`);
    const width = await watched.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 375, `${tell.name}: ${width} px wide`);
    assert.deepStrictEqual(watched.complaints(), []);
    await watched.close();
  }
});

Deno.test({
  name: "hub: metrics and JSON, and what is said without a hub",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const board = await dashboard(growing(healthy));
    const get = async (path: string) => {
      const response = await fetch(board.url + path);
      const type = response.headers.get("content-type");
      return { status: response.status, type, text: await response.text() };
    };
    try {
      const metrics = await get("metrics");
      assert.deepStrictEqual(metrics.status, 200);
      assert.deepStrictEqual(metrics.type, "text/plain; version=0.0.4; charset=utf-8");
      assert.ok(metrics.text.includes("\nparsloscope_queue_messages 51\n"), metrics.text);
      const before = Date.now();
      const json = JSON.parse((await get("api/hub")).text) as { at: number; accounts: Accounts };
      assert.deepStrictEqual(json.accounts.udp.port, 55055);
      assert.ok(json.at >= before && json.at <= Date.now(), "the time of the accounts");

      board.tell = () => {
        throw new Error("gone");
      };
      assert.deepStrictEqual((await get("metrics")).status, 503);
      assert.deepStrictEqual((await get("api/hub")).status, 503);
      assert.deepStrictEqual((await get("hub")).status, 200);

      board.tell = null;
      for (const path of ["metrics", "api/hub"]) {
        const { status, type, text } = await get(path);
        assert.deepStrictEqual(status, 404, path);
        assert.deepStrictEqual(type, "text/plain; charset=utf-8", path);
        assert.ok(text.includes("parsloscope visualize --hub"), text);
      }
      const page = await get("hub");
      assert.deepStrictEqual(page.status, 200);
      assert.ok(page.text.includes("parsloscope visualize --hub"), page.text);
      assert.ok(!page.text.includes("data-hub"), "a link to a hub that is not there");
    } finally {
      await board.stop();
    }
  },
});
