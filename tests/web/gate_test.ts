// Who may look: tokens, cookies, names, and what those without see.

import assert from "node:assert/strict";
import { gated, type GateOptions } from "../../web/gate.tsx";
import { ServedNames } from "../../web/served_names.ts";
import { Sessions } from "../../web/session.ts";

const TOKEN = "a-token-of-enough-letters";
const MACHINE = { hostname: "login1.site.example", addresses: ["10.0.0.7", "fd00::7"] };
const ORIGIN = "http://127.0.0.1:8080";
const PAGE = { accept: "text/html,*/*" };

function gate(options: Partial<GateOptions> = {}) {
  const passed: string[] = [];
  const admitted: string[] = [];
  const answer = gated((request) => {
    passed.push(request.url);
    return new Response("the page");
  }, {
    token: TOKEN,
    place: "8080",
    names: new ServedNames("127.0.0.1", MACHINE, []),
    secure: false,
    whereItIs: "It was printed.",
    paceMs: 1,
    ...options,
  });
  const ask = async (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
    await answer(
      new Request(path.startsWith("http") ? path : ORIGIN + path, {
        ...init,
        headers: { host: "127.0.0.1:8080", ...headers },
      }),
      () => admitted.push(path),
    );
  return { ask, passed, admitted };
}

function cookieOf(response: Response): string {
  const [header] = response.headers.getSetCookie();
  assert.ok(header, "no cookie is set");
  for (const part of ["HttpOnly", "SameSite=Strict", "Path=/"]) {
    assert.ok(header.includes(part), `${part} is not in ${header}`);
  }
  return header.split(";")[0];
}

Deno.test("gate: who comes without a token sees a page that says where it is, and asks for it", async () => {
  const { ask, passed } = gate();
  const response = await ask("/workflow/x?y=1", PAGE);
  assert.equal(response.status, 401);
  const html = await response.text();
  assert.match(html, /It was printed\./);
  assert.match(html, /<form method="post" action="\/sign-in"/);
  assert.match(html, /name="next" value="\/workflow\/x\?y=1"/);
  assert.deepStrictEqual(passed, []);
});

Deno.test("gate: a program is told how to send the token", async () => {
  const { ask, passed } = gate();
  for (const path of ["/api/hub", "/metrics", "/api/live?view=list", "/workflow/x/tasks.csv"]) {
    const response = await ask(path);
    assert.equal(response.status, 401);
    assert.match(response.headers.get("www-authenticate") ?? "", /^Bearer/);
    assert.match(await response.text(), /Authorization: Bearer TOKEN/);
  }
  assert.deepStrictEqual(passed, []);
  const response = await ask("/metrics", { authorization: `Bearer ${TOKEN}` });
  assert.equal(await response.text(), "the page");
});

Deno.test("gate: the printed address gives a cookie, and leads to the address without the token", async () => {
  const { ask, passed } = gate();
  const first = await ask(`/workflow/x?token=${TOKEN}&page=2`, PAGE);
  assert.equal(first.status, 303);
  assert.equal(first.headers.get("location"), "/workflow/x?page=2");
  const cookie = cookieOf(first);
  assert.ok(!cookie.includes(TOKEN), "the cookie holds the token itself");
  const second = await ask("/workflow/x?page=2", { ...PAGE, cookie });
  assert.equal(await second.text(), "the page");
  assert.deepStrictEqual(passed, [`${ORIGIN}/workflow/x?page=2`]);
});

Deno.test("gate: a program may give the token in the address, which the pages do not see", async () => {
  const { ask, passed } = gate();
  await ask(`/workflows.csv?token=${TOKEN}`);
  assert.deepStrictEqual(passed, [`${ORIGIN}/workflows.csv`]);
});

Deno.test("gate: a link on another site's page leads on by a page of ours, so that the cookie comes along", async () => {
  const { ask } = gate();
  const far = { ...PAGE, "sec-fetch-site": "cross-site", "sec-fetch-dest": "document" };
  const first = await ask(`/?token=${TOKEN}`, far);
  assert.equal(first.status, 200);
  cookieOf(first);
  assert.match(await first.text(), /http-equiv="refresh" content="0; url=\/"/);
  assert.match(await (await ask("/hub", far)).text(), /content="0; url=\/hub"/);
  // Nobody is led round and round.
  const own = { ...far, "sec-fetch-site": "same-origin" };
  assert.match(await (await ask("/hub", own)).text(), /<form/);
});

Deno.test("gate: the form gives a cookie for a right token, and stays for a wrong one", async () => {
  const { ask } = gate();
  const send = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    ask("/sign-in", headers, { method: "POST", body: new URLSearchParams(fields) });
  const right = await send({ token: ` ${TOKEN}\n`, next: "/hub?a=1" }, { origin: ORIGIN });
  assert.equal(right.status, 303);
  assert.equal(right.headers.get("location"), "/hub?a=1");
  cookieOf(right);
  const wrong = await send({ token: "no", next: "/hub" });
  assert.equal(wrong.status, 401);
  assert.deepStrictEqual(wrong.headers.getSetCookie(), []);
  assert.match(await wrong.text(), /role="alert"/);
  const foreign = await send({ token: TOKEN }, { origin: "http://evil.example" });
  assert.equal(foreign.status, 403);
  assert.equal((await ask("/sign-in", {}, { method: "POST", body: "x".repeat(9000) })).status, 400);
  const away = ["//evil.example/x", "/\\evil.example", "https://evil.example", "\\\\evil"];
  away.push("/\t/evil.example", "/\r/evil.example", "/\n\\evil.example", "\t//evil.example");
  for (const next of away) {
    const { headers } = await send({ token: TOKEN, next });
    const target = new URL(headers.get("location")!, ORIGIN);
    assert.equal(target.origin, ORIGIN, `${next} leads away`);
  }
});

Deno.test("gate: cookies of another token, port or time, and damaged ones, are none", async () => {
  const { ask, passed } = gate();
  const nowMs = Date.now();
  const good = new Sessions(TOKEN, "8080", false).begin(nowMs).split(";")[0];
  const cookies = [
    new Sessions("another-token-of-letters", "8080", false).begin(nowMs).split(";")[0],
    new Sessions(TOKEN, "8081", false).begin(nowMs).split(";")[0],
    new Sessions(TOKEN, "8080", false).begin(nowMs - 31 * 86_400_000).split(";")[0],
    new Sessions(TOKEN, "8081", false).begin(nowMs).split(";")[0].replace("8081", "8080"),
    good.slice(0, -1),
    good.replace(/=\d+/, "=9999999999"),
    `parsloscope-8080=${TOKEN}`,
    "parsloscope-8080",
  ];
  for (const cookie of cookies) {
    assert.equal((await ask("/", { ...PAGE, cookie })).status, 401, cookie);
  }
  assert.deepStrictEqual(passed, []);
  // Others' cookies beside it do no harm.
  assert.equal((await ask("/", { cookie: `a=b; ${cookies[0]}; ${good}; c` })).status, 200);
});

Deno.test("gate: wrong tokens wait their turn, and right ones do not", async () => {
  const { ask } = gate({ paceMs: 50 });
  const order: string[] = [];
  const wrong = Array.from({ length: 60 }, async () => {
    const { status } = await ask("/metrics", { authorization: "Bearer nope" });
    order.push(String(status));
  });
  const right = ask("/metrics", { authorization: `Bearer ${TOKEN}` }).then(({ status }) => {
    order.push(String(status));
  });
  await Promise.all([...wrong, right]);
  assert.ok(order.includes("429"), "all of them wait, however many they are");
  assert.ok(order.indexOf("200") < order.indexOf("401"), "the right one waited");
});

Deno.test("gate: it answers for its own names only", async () => {
  const foreign = [
    "evil.example",
    "evil.example:8080",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "login1.site.example",
    "10.0.0.7",
    "",
    "localhost:8080 evil",
    "[::1]evil",
    "local host",
  ];
  const { ask, passed } = gate({ token: null });
  for (const host of foreign) {
    assert.equal((await ask("/style.css", { host })).status, 421, host);
  }
  assert.deepStrictEqual(passed, []);
  for (
    const host of [
      "localhost",
      "LOCALHOST:9",
      "127.0.0.1:1",
      "127.1.2.3",
      "[::1]:8080",
      "localhost.",
    ]
  ) {
    assert.equal((await ask("/", { host })).status, 200, host);
  }
});

Deno.test("gate: beyond loopback the machine's names and addresses are served, and those given", async () => {
  const names = new ServedNames("0.0.0.0", MACHINE, ["Viewer.Site.example"]);
  const { ask } = gate({ token: null, names });
  for (
    const host of [
      "login1.site.example:8080",
      "login1",
      "10.0.0.7:8080",
      "[fd00::7]:8080",
      "viewer.site.example",
      "localhost",
    ]
  ) assert.equal((await ask("/", { host })).status, 200, host);
  for (const host of ["10.0.0.8", "0.0.0.0.evil.example"]) {
    assert.equal((await ask("/", { host })).status, 421, host);
  }
  const one = gate({ token: null, names: new ServedNames("10.0.0.7", MACHINE, []) });
  assert.equal((await one.ask("/", { host: "10.0.0.7:8080" })).status, 200);
  assert.equal((await one.ask("/", { host: "[fd00::7]" })).status, 421);
});

Deno.test("gate: only who may look is admitted, whatever else is answered", async () => {
  const { ask, admitted } = gate();
  await ask("/style.css");
  await ask("/");
  await ask("/", { authorization: "Bearer nope" });
  await ask("/sign-in", {}, { method: "POST", body: new URLSearchParams({ token: "nope" }) });
  await ask("/", { host: "evil.example", authorization: `Bearer ${TOKEN}` });
  assert.deepStrictEqual(admitted, []);
  await ask("/hub", { authorization: `Bearer ${TOKEN}` });
  await ask(`/workflows.csv?token=${TOKEN}`);
  assert.deepStrictEqual(admitted, ["/hub", `/workflows.csv?token=${TOKEN}`]);
});
