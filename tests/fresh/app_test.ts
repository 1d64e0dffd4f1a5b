/** The fixture project end to end: routing, wrappers, errors, static files, islands. */
import assert from "node:assert/strict";
import { App, HttpError, staticFiles } from "fresh";
import { loadProject } from "../../fresh/dev.ts";

const app = new App<{ trail: string[] }>();
app.use(staticFiles());
app.use((ctx) => {
  ctx.state.trail = ["app"];
  return ctx.next();
});
app.get("/api/:name", (ctx) => ctx.json({ name: ctx.params.name, route: ctx.route }));
app.fsRoutes();
const project = await loadProject(app, {
  root: new URL("./fixture/", import.meta.url),
  buildId: "test1",
});
await project.bundle;
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

Deno.test("pages are rendered in layouts and the app wrapper", async () => {
  const html = await text("/admin");
  assert.match(html, /^<!DOCTYPE html><html lang="en"><head>/);
  assert.match(html, /<body><main><div class="admin"><p>admin home<\/p><\/div><\/main><\/body>/);
  assert.match(html, /href="\/style.css\?__frsh_c=test1"/);
  const bare = await text("/admin/bare");
  assert.match(bare, /<body><p>bare<\/p><\/body>/);
});

Deno.test("middlewares run from the outside to the inside", async () => {
  assert.equal((await fetchPath("/admin")).headers.get("x-trail"), "app,root,admin");
  assert.equal((await fetchPath("/items")).headers.get("x-trail"), "app,root");
});

Deno.test("fixed names win over params, params over nothing", async () => {
  assert.match(await text("/items/special"), /special/);
  assert.match(await text("/items/a%20b"), /item A B/);
  assert.match(await text("/items"), /all items/);
  assert.match(await text("/items/"), /all items/);
  assert.equal((await fetchPath("/items/special/")).status, 404);
  assert.equal(await text("/hello.js"), "hello GET");
  assert.deepEqual(JSON.parse(await text("/files/x/y%20z")), { path: "x/y z" });
  assert.deepEqual(JSON.parse(await text("/api/n")), { name: "n", route: "/api/:name" });
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

Deno.test("islands: markers, payload, head, and modules that exist", async () => {
  const res = await fetchPath("/");
  const html = await res.text();
  assert.match(html, /<title>Home<\/title>/);
  assert.ok(!html.includes("Fixture"));
  assert.match(html, /<meta name="description" content="the home page"\/?>/);
  assert.match(html, /<!--frsh:island:0--><button[^>]*>.*?<\/button><!--\/frsh:island:0-->/);
  assert.match(html, /<template id="frsh-slot-\d"><b id="slot">closed<\/b><\/template>/);
  assert.match(html, /<!--frsh:slot:\d--><b id="open-slot">open<\/b><!--frsh:island:\d-->/);
  assert.equal(html.split("<script").length, 2);
  const script = /<script type="module">(.*?)<\/script>/s.exec(html)![1];
  assert.ok(script.endsWith(");") && !script.includes("<"));
  assert.equal(script.split('["s",').length, 2, "one signal, shared by three islands");
  for (const [, url] of script.matchAll(/from "([^"]+)"/g)) {
    const js = await fetchPath(url);
    assert.equal(js.status, 200, url);
    assert.match(js.headers.get("cache-control")!, /immutable/);
    await js.body?.cancel();
  }
  assert.match(res.headers.get("link")!, /modulepreload/);
  assert.ok(!(await text("/items")).includes("<script"));
});

Deno.test("an app without a project: plain errors, mounted middlewares, base path", async () => {
  const small = new App({ basePath: "/base" });
  small.use("/a", (ctx) => ctx.params.stop ? ctx.text("stopped") : ctx.next());
  small.get("/a/b", (ctx) => ctx.text(`b ${ctx.config.basePath}`));
  small.all("/fail", () => {
    throw new HttpError(418, "teapot");
  });
  const get = (path: string) => small.handler()(new Request(`http://localhost${path}`));
  assert.equal(await (await get("/base/a/b")).text(), "b /base");
  const teapot = await get("/base/fail");
  assert.equal(teapot.status, 418);
  assert.equal(await teapot.text(), "teapot");
  assert.equal((await get("/a/b")).status, 404);
});
