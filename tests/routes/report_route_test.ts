// The dashboard gives the report of a run as a file, and goes on answering while it is made.

import assert from "node:assert/strict";
import { climate, CLIMATE_RUN, large, LARGE_RUN } from "../support/fixtures.ts";
import { eventually } from "../support/eventually.ts";
import { App } from "fresh";
import type { Exporter } from "../../state.ts";
import { handler } from "../../routes/workflow/[run]/report.html.ts";
import type { State } from "../../state.ts";
import type { Catalog } from "../../live/runs/catalog.ts";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { startViewer } from "../support/server.ts";

const PATH = `workflow/${CLIMATE_RUN}/report.html`;

async function withViewer(test: (url: string) => Promise<void>): Promise<void> {
  const database = await climate();
  const viewer = await startViewer([database.path]);
  try {
    await test(viewer.url);
  } finally {
    await viewer.stop();
    await database.remove();
  }
}

Deno.test("report route: a file with the run's name", () =>
  withViewer(async (url) => {
    const response = await fetch(url + PATH);
    const html = await response.text();
    assert.deepStrictEqual(response.status, 200, html.slice(0, 300));
    assert.deepStrictEqual(
      response.headers.get("content-disposition"),
      `attachment; filename="climate-udp-39fb8bab.html"; filename*=UTF-8''climate-udp-39fb8bab.html`,
    );
    assert.deepStrictEqual(response.headers.get("content-type"), "text/html; charset=utf-8");
    assert.ok(/^<!DOCTYPE html>/i.test(html) && /<\/html>\s*$/.test(html), "not a whole page");
    const redacted = await (await fetch(`${url}${PATH}?redact&theme=dark`)).text();
    assert.ok(/<html[^>]*data-theme="dark"/.test(redacted), "the theme");
    assert.ok(html.includes("alps-2026") && !redacted.includes("alps-2026"), "the folder");
  }));

Deno.test("report route: HEAD tells the file's name without making it; wrong requests get pages", () =>
  withViewer(async (url) => {
    const head = await fetch(url + PATH, { method: "HEAD" });
    assert.deepStrictEqual(head.status, 200);
    assert.ok(
      /climate-udp-39fb8bab/.test(head.headers.get("content-disposition") ?? ""),
      "no name",
    );
    assert.deepStrictEqual(await head.text(), "");
    for (
      const [path, status] of [
        [`${PATH}?theme=mauve`, 400],
        ["workflow/no-such-run/report.html", 404],
      ] as const
    ) {
      const response = await fetch(url + path);
      const html = await response.text();
      assert.deepStrictEqual(response.status, status, path);
      assert.ok(/<h1/.test(html), `${path}: no page`);
    }
    const page = await (await fetch(`${url}workflow/${CLIMATE_RUN}/`)).text();
    assert.ok(page.includes(`href="/${PATH}"`), "no link on the run's page");
  }));

Deno.test("report route: pages are answered while a report is made, and who leaves harms nobody", async () => {
  const database = await large();
  const viewer = await startViewer([database.path]);
  try {
    const path = `${viewer.url}workflow/${LARGE_RUN}/report.html`;
    const visit = async () => {
      const page = await fetch(`${viewer.url}workflow/${LARGE_RUN}/`);
      assert.deepStrictEqual(page.status, 200);
      await page.body?.cancel();
    };
    // Whichever is ready first: if reports held pages up, it would always be the report.
    await eventually(async () => {
      let made = false;
      const report = fetch(path).then(async (response) => {
        const { length } = await response.text();
        made = true;
        return length;
      });
      await visit();
      const first = !made;
      assert.ok(await report > 100_000, "no report");
      return first;
    }, "pages come after the report");
    await eventually(async () => {
      const client = new AbortController();
      const left = fetch(path, { signal: client.signal }).then((response) => response.text())
        .catch((error: Error) => error.name);
      await visit();
      client.abort();
      return await left === "AbortError";
    }, "the report is always there before it can be left");
    const next = await fetch(path);
    assert.ok((await next.text()).length > 100_000, "no report after one was left");
    assert.ok(!/error/i.test(viewer.output()), viewer.output());
  } finally {
    await viewer.stop();
    await database.remove();
  }
});

interface Asked {
  catalog: Catalog;
  ask(path: string, init?: RequestInit): Promise<Response>;
}

/** The route alone, with an exporter of the test's. */
async function withExporter(
  exporter: Exporter | undefined,
  test: (asked: Asked) => Promise<void>,
): Promise<void> {
  const database = await climate();
  const catalog = await openCatalog([database.path]);
  const app = new App<State>().use((ctx) => {
    Object.assign(ctx.state, { catalog, hub: null, exporter });
    return ctx.next();
  }).setProject({
    routes: [{ path: "workflow/[run]/report.html", mod: { handler } }],
    boot: () => "",
  }).fsRoutes();
  const respond = app.handler();
  try {
    await test({
      catalog,
      ask: (path, init) => respond(new Request(`http://127.0.0.1/${path}`, init)),
    });
  } finally {
    catalog.close();
    await database.remove();
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("report route: who goes away while it is made ends the work", async () => {
  const given = Promise.withResolvers<AbortSignal>();
  const exporter: Exporter = (_database, _run, _options, { signal }) => {
    given.resolve(signal);
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  await withExporter(exporter, async ({ ask }) => {
    const response = await ask(PATH);
    assert.deepStrictEqual(response.status, 200);
    const signal = await given.promise;
    assert.ok(!signal.aborted, "aborted before anybody left");
    await response.body!.cancel();
    assert.ok(signal.aborted, "the work goes on");
  });
});

Deno.test("report route: who goes away while it is sent ends the sending", async () => {
  let ended = false;
  let signal: AbortSignal | null = null;
  let sent = 0;
  const exporter: Exporter = (_database, _run, _options, making) => {
    signal = making.signal;
    return Promise.resolve((async function* () {
      try {
        for (;;) {
          sent++;
          yield await Promise.resolve(bytes("piece"));
        }
      } finally {
        ended = true;
      }
    })());
  };
  await withExporter(exporter, async ({ ask }) => {
    const response = await ask(PATH);
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    assert.ok(ended, "pieces are made for nobody");
    assert.ok(signal!.aborted, "the work was not told");
    assert.ok(sent < 10, `${sent} pieces were made ahead`);
  });
});

Deno.test("report route: options are handed on, and what fails is an error and no file", async () => {
  const seen: unknown[] = [];
  const exporter: Exporter = (_database, run, options) => {
    seen.push([run, options]);
    return Promise.reject(new Error("out of ideas"));
  };
  await withExporter(exporter, async ({ ask }) => {
    for (const query of ["", "?redact", "?redact=0&theme=light&full=1"]) {
      const response = await ask(PATH + query);
      assert.deepStrictEqual(response.status, 500);
      assert.deepStrictEqual(response.headers.get("content-disposition"), null);
      await response.body?.cancel();
    }
    assert.deepStrictEqual(seen, [
      [CLIMATE_RUN, { theme: "auto", redact: false, full: false }],
      [CLIMATE_RUN, { theme: "auto", redact: true, full: false }],
      [CLIMATE_RUN, { theme: "light", redact: false, full: true }],
    ]);
  });
  await withExporter(undefined, async ({ ask }) => {
    assert.deepStrictEqual((await ask(PATH)).status, 404);
  });
});
