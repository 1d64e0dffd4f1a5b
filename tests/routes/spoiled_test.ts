// A database that is cut off, written over or taken away under an open dashboard.

import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { climateIn, withDirectory } from "../store/helpers.ts";
import { CLIMATE_RUN } from "../support/fixtures.ts";
import { startViewer } from "../support/server.ts";
import { startHubProcess } from "../hub/support.ts";

const SPOILING: [what: string, spoil: (path: string) => Promise<unknown>, why: RegExp][] = [
  ["emptied", (path) => Deno.truncate(path, 0), /was emptied/],
  ["cut off", (path) => Deno.truncate(path, 100_000), /cut off/],
  ["no database", (path) => Deno.writeTextFile(path, "notes\n".repeat(9999)), /not an SQLite/],
  ["deleted", (path) => Deno.remove(path), /not there any more/],
  ["a folder", async (path) => {
    await Deno.remove(path);
    await Deno.mkdir(path);
  }, /is a directory/],
];
const PAGES = ["", `workflow/${CLIMATE_RUN}/`, `workflow/${CLIMATE_RUN}/task/`, "workflows.csv"];

/** Asks for pages while the database is spoiled; says what was shown. */
async function asked(url: string, output: () => string): Promise<string> {
  let shown = "";
  for (const page of PAGES) {
    const response = await fetch(url + page);
    const text = await response.text();
    assert.ok(
      response.status < 500 || response.status === 503,
      `/${page}: ${response.status} ${text}`,
    );
    shown += text;
  }
  assert.ok(!/^\s+at .*:\d+:\d+/m.test(output()), output());
  return shown;
}

for (const [what, spoil, why] of SPOILING) {
  Deno.test(`spoiled: a dashboard whose database is ${what} says so, and goes on when it is back`, () =>
    withDirectory(async (directory) => {
      const path = await climateIn(directory);
      const whole = await Deno.readFile(path);
      const viewer = await startViewer([path]);
      try {
        const before = await (await fetch(`${viewer.url}workflow/${CLIMATE_RUN}/`)).text();
        await spoil(path);
        await sleep(300);
        const shown = await asked(viewer.url, viewer.output);
        assert.match(shown + viewer.output(), why);
        if ((await Deno.stat(path).catch(() => null))?.isDirectory) await Deno.remove(path);
        await Deno.writeFile(path, whole);
        await sleep(300);
        const after = await (await fetch(`${viewer.url}workflow/${CLIMATE_RUN}/`)).text();
        const tasks = (html: string) => /(\d+) tasks/.exec(html)?.[1];
        assert.equal(tasks(after), tasks(before));
      } finally {
        await viewer.stop();
      }
    }));

  Deno.test(`spoiled: a dashboard with a hub whose database is ${what} goes on`, () =>
    withDirectory(async (directory) => {
      const path = await climateIn(directory);
      const both = await startHubProcess(path, { visualize: true });
      try {
        await asked(both.http!, both.output);
        await spoil(path);
        await sleep(300);
        await asked(both.http!, both.output);
        assert.match(await (await fetch(`${both.http!}hub`)).text(), /<h1/);
      } finally {
        await both.kill();
      }
    }));
}

Deno.test("spoiled: a pipe, a device or a folder among databases keeps none of the others back", () =>
  withDirectory(async (directory) => {
    const good = await climateIn(directory);
    const pipe = join(directory, "pipe.db");
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    const viewer = await startViewer([
      pipe,
      "/dev/zero",
      join(directory, "absent.db"),
      directory,
      good,
    ]);
    try {
      const shown = await (await fetch(viewer.url)).text();
      assert.ok(shown.includes(CLIMATE_RUN), shown);
      for (const why of [/is a named pipe/, /\/dev\/zero is a device/, /no file/]) {
        assert.match(viewer.output(), why);
      }
    } finally {
      await viewer.stop();
    }
  }));
