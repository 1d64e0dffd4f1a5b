/** The fixture project end to end: routing, wrappers, errors, static files, islands. */
import assert from "node:assert/strict";
import { App, HttpError, staticFiles } from "fresh";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { loadProject } from "../../fresh/dev.ts";
import type { FsRouteModule } from "../../fresh/fs_routes.ts";
import { useProject } from "../../fresh/prebuilt.ts";
import Counter from "./fixture/islands/Counter.tsx";

const app = new App<{ trail: string[] }>();
app.use(staticFiles());
app.use((ctx) => {
  ctx.state.trail = ["app"];
  return ctx.next();
});
app.fsRoutes();
useProject(app, await loadProject(new URL("./fixture/", import.meta.url), "test1"));
const handle = app.handler();
const fetchPath = (path: string, init?: RequestInit) =>
  handle(new Request(`http://localhost${path}`, init));
const text = async (path: string) => await (await fetchPath(path)).text();

/** Runs with console.error silenced; returns how often it was called. */
async function quiet(fn: () => Promise<void>): Promise<number> {
  const before = console.error;
  let calls = 0;
  console.error = () => calls++;
  try {
    await fn();
  } finally {
    console.error = before;
  }
  return calls;
}

Deno.test("pages are rendered in the app wrapper", async () => {
  const html = await text("/admin");
  assert.match(html, /^<!DOCTYPE html><html lang="en"><head>/);
  assert.match(html, /<body><p>admin home<\/p><\/body>/);
  assert.match(html, /href="\/style.css\?__frsh_c=test1"/);
});

Deno.test("middlewares run from the outside to the inside", async () => {
  assert.equal((await fetchPath("/admin")).headers.get("x-trail"), "app,root,admin");
  assert.equal((await fetchPath("/items")).headers.get("x-trail"), "app,root");
  assert.equal((await fetchPath("/hello.js")).headers.get("x-trail"), "app,root");
});

Deno.test("fixed names win over params, params over nothing", async () => {
  assert.match(await text("/items/special"), /special/);
  assert.match(await text("/items/a%20b"), /item A B/);
  assert.match(await text("/items"), /all items/);
  assert.equal((await fetchPath("/items/special/")).status, 404);
  assert.equal(await text("/hello.js"), "hello GET");
});

Deno.test("page() sets status and headers", async () => {
  const res = await fetchPath("/items/x");
  assert.equal(res.status, 203);
  assert.equal(res.headers.get("x-item"), "yes");
  assert.equal(res.headers.get("content-type"), "text/html; charset=utf-8");
  await res.body?.cancel();
});

Deno.test("errors show the error page with their status and no inner details", async () => {
  const missing = await fetchPath("/nothing");
  assert.equal(missing.status, 404);
  assert.match(await missing.text(), /<html lang="en">.*404 Not Found/s);
  const gone = await fetchPath("/items/gone");
  assert.equal(gone.status, 410);
  assert.match(await gone.text(), /410 no more/);
  const calls = await quiet(async () => {
    const bug = await fetchPath("/items/bug");
    assert.equal(bug.status, 500);
    const html = await bug.text();
    assert.match(html, /broken/);
    assert.ok(!html.includes("secret"));
  });
  assert.equal(calls, 1);
});

Deno.test("HEAD has no body, wrong methods are 405", async () => {
  const head = await fetchPath("/items/x", { method: "HEAD" });
  assert.equal(head.status, 203);
  assert.equal(await head.text(), "");
  const wrong = await fetchPath("/items/x", { method: "DELETE" });
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.get("allow"), "GET, HEAD, POST");
  await wrong.body?.cancel();
});

Deno.test("redirects stay on this host", async () => {
  const res = await fetchPath("/items/x", { method: "POST" });
  assert.equal(res.status, 303);
  assert.equal(res.headers.get("location"), "/evil.example/x");
});

Deno.test("static files have ETags and cache headers, and nothing else is served", async () => {
  const res = await fetchPath("/style.css");
  assert.equal(await res.text(), "body {\n  color: black;\n}\n");
  assert.equal(res.headers.get("content-type"), "text/css; charset=utf-8");
  assert.equal(res.headers.get("cache-control"), "no-cache");
  const etag = res.headers.get("etag")!;
  const again = await fetchPath("/style.css", { headers: { "if-none-match": `W/${etag}` } });
  assert.equal(again.status, 304);
  const busted = await fetchPath("/style.css?__frsh_c=test1");
  assert.match(busted.headers.get("cache-control")!, /immutable/);
  await busted.body?.cancel();
  assert.equal((await fetchPath("/style.css?__frsh_c=old")).headers.get("location"), "/style.css");
  assert.equal((await fetchPath("/style.css", { method: "POST" })).status, 405);
  assert.equal(await text("/sub/a.txt"), "deep\n");
  const outside = ["/../state.ts", "/%2e%2e/state.ts", "/..%2fstate.ts", "/sub/..%5c..%5cstate.ts"];
  for (const path of [...outside, "/%00", "/%", "/_fresh/js/test1/..%2fx"]) {
    assert.equal((await fetchPath(path)).status, 404, path);
  }
});

Deno.test("islands: markers, props, and modules that exist", async () => {
  const res = await fetchPath("/");
  const html = await res.text();
  assert.match(html, /<!--frsh:island:0--><button[^>]*>.*?<\/button><!--\/frsh:island:0-->/);
  assert.match(html, /<!--frsh:island:2--><section>(?!.*frsh:island.*<\/section>)/);
  assert.equal(html.split("<script").length, 3);
  const [, json] = /<script type="application\/json" id="fresh-islands">(.*?)<\/script>/s.exec(
    html,
  )!;
  assert.deepEqual(JSON.parse(json), [
    [0, { start: 3, label: "</script><!-- a" }],
    [0, { start: 4, label: "b\u2028" }],
    [1, { values: JSON.parse('{"__proto__": 5, "none": null}') }],
  ]);
  const [, script] = /<script type="module" nonce="[^"]+">(.*?)<\/script>/s.exec(html)!;
  const urls = [...script.matchAll(/from "([^"]+)"/g)];
  assert.equal(urls.length, 3);
  for (const [, url] of urls) {
    const js = await fetchPath(url);
    assert.equal(js.status, 200, url);
    assert.equal(js.headers.get("content-type"), "text/javascript; charset=utf-8");
    assert.match(js.headers.get("cache-control")!, /immutable/);
    await js.body?.cancel();
  }
  assert.match(res.headers.get("link")!, /modulepreload/);
  assert.ok(!(await text("/items")).includes("<script"));
});

Deno.test("islands are left alone where another renders", () => {
  const island = h(Counter, { start: 1, label: "c" });
  assert.match(renderToString(island), /^<button/);
  assert.equal(island.type, Counter);
});

Deno.test("an app without a project: middlewares, and plain errors", async () => {
  const errors = new Map<string, Error>([["/teapot", new HttpError(418, "teapot")]]);
  const small = new App().use((ctx) => {
    const error = errors.get(ctx.url.pathname);
    return error ? Promise.reject(error) : ctx.next();
  }).use((ctx) => ctx.url.pathname === "/stop" ? new Response("stopped") : ctx.next());
  const get = (path: string) => small.handler()(new Request(`http://localhost${path}`));
  assert.equal(await (await get("/stop")).text(), "stopped");
  const teapot = await get("/teapot");
  assert.equal(teapot.status, 418);
  assert.equal(await teapot.text(), "teapot");
  const missing = await get("/a/b");
  assert.equal(missing.status, 404);
  assert.equal(await missing.text(), "Not Found");
});

Deno.test("files that routes/ cannot have are refused", () => {
  const serve = (path: string, mod: FsRouteModule) =>
    new App().setProject({ routes: [{ path, mod }], boot: () => "" }).fsRoutes().handler();
  const page = { default: () => null };
  for (const path of ["a/[...rest]", "[[optional]]", "(group)/a", "a-[b]"]) {
    assert.throws(() => serve(path, page), SyntaxError, path);
  }
  assert.throws(() => serve("a/_layout", page), /_layout has no meaning/);
  assert.throws(() => serve("a/_error", page), /_error has no meaning/);
  assert.throws(() => serve("_middleware", page), /no function named handler/);
  assert.throws(() => serve("a", {}), /neither handlers nor a component/);
});
