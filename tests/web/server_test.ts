// Real connections: what is no request, how many are held, sockets of the file system.

import assert from "node:assert/strict";
import { join } from "node:path";
import { request } from "node:http";
import { listen, type Serving } from "../../web/server.ts";
import { Connections, mostConnections } from "../../web/connections.ts";
import { freeDescriptors } from "../../web/descriptors.ts";
import { withDirectory } from "../store/helpers.ts";
import { scriptWithLimit } from "../support/limited.ts";
import { eventually } from "../support/eventually.ts";

async function serving<T>(
  options: Partial<Serving>,
  use: (port: number, complaints: unknown[]) => Promise<T>,
): Promise<T> {
  const complaints: unknown[] = [];
  const server = await listen({
    place: { kind: "address", address: "127.0.0.1", port: 0 },
    certificate: null,
    connections: () => 100,
    answer: (request) => new Response(`the page of ${new URL(request.url).pathname}`),
    failed: (error) => complaints.push(error),
    ...options,
  });
  try {
    return await use(server.port!, complaints);
  } finally {
    await server.shutdown();
  }
}

/** Sends bytes, and gives all that comes back until the other side ends it. */
async function raw(port: number, text: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(text));
  let got = "";
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65536);
  for (;;) {
    const length = await connection.read(buffer).catch(() => null);
    if (length === null) return got;
    got += decoder.decode(buffer.subarray(0, length), { stream: true });
  }
}

Deno.test("web server: what is no request gets a line, closed headers, and no line on the terminal", () =>
  serving({}, async (port, complaints) => {
    const long = `GET / HTTP/1.1\r\nHost: localhost\r\nx: ${"y".repeat(20_000)}\r\n\r\n`;
    const many = `GET / HTTP/1.1\r\nHost: localhost\r\n${"xxx: yyy\r\n".repeat(4000)}\r\n`;
    const cases: [string, number][] = [
      ["NOT HTTP AT ALL\r\n\r\n", 400],
      ["GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 400],
      ["GET / HTTP/1.1\r\n\r\n", 400],
      ["GET / HTTP/1.1\r\nHost: localhost\r\nhost: evil.example\r\n\r\n", 400],
      ["GET / HTTP/1.1\r\nHost: localhost\r\nExpect: cake\r\n\r\n", 400],
      ["CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
      ["GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
      ["GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400],
      ["\x16\x03\x01\x00\xa5\x01\x00", 400],
      [long, 431],
      [many, 431],
    ];
    for (const [text, status] of cases) {
      const answer = await raw(port, text);
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `), text.slice(0, 40));
      assert.match(answer, /content-security-policy: default-src 'none'/, text.slice(0, 40));
      assert.match(answer, /x-content-type-options: nosniff/, text.slice(0, 40));
    }
    assert.deepStrictEqual(complaints, []);
  }));

Deno.test("web server: every answer says what a browser may do with it, errors too", async () => {
  const answers: Record<string, () => Response> = {
    "/text": () => new Response("text"),
    "/page": () => new Response("<p>", { headers: { "content-type": "text/html" } }),
    "/gone": () => new Response(null, { status: 404 }),
    "/away": () => Response.redirect("http://localhost/"),
    "/file": () => new Response("x", { headers: { "content-disposition": "attachment" } }),
    "/broken": () => {
      throw new Error("of a page");
    },
  };
  await serving(
    { answer: (request) => answers[new URL(request.url).pathname]() },
    async (port, complaints) => {
      for (const path of Object.keys(answers)) {
        const answer = await raw(
          port,
          `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
        );
        const [status, ...lines] = answer.split("\r\n\r\n")[0].split("\r\n");
        const headers = new Headers(
          lines.map((line) => line.split(/: ?(.*)/, 2) as [string, string]),
        );
        assert.equal(headers.get("x-content-type-options"), "nosniff", path);
        assert.equal(headers.get("x-frame-options"), "DENY", path);
        assert.equal(headers.get("referrer-policy"), "no-referrer", path);
        assert.equal(headers.get("cross-origin-resource-policy"), "same-origin", path);
        const policy = headers.get("content-security-policy") ?? "";
        assert.match(policy, /^default-src 'none'/, path);
        assert.match(policy, /frame-ancestors 'none'/, path);
        assert.doesNotMatch(policy, /unsafe|\*/, path);
        if (path === "/broken") assert.match(status, / 500 /);
      }
      assert.equal(complaints.length, 1);
    },
  );
});

Deno.test("web server: bytes of a path that are no text are no fault of the server", async () => {
  // As Fresh's router does.
  const answer = () => new Response(decodeURI("%ff"));
  await serving({ answer }, async (port, complaints) => {
    const text = "GET /%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert.match(await raw(port, text), /^HTTP\/1\.1 400 /);
    assert.deepStrictEqual(complaints, []);
  });
});

Deno.test("web server: connections that ask for nothing make room for those that do", () =>
  serving({ connections: () => 20 }, async (port) => {
    const idle: Deno.TcpConn[] = [];
    try {
      for (let i = 0; i < 60; i++) {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port });
        // Half a request asks for nothing yet.
        if (i % 2) await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: l"));
        idle.push(connection);
      }
      const text = "GET /asked HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      assert.match(await raw(port, text), /the page of \/asked/);
    } finally {
      for (const connection of idle) connection.close();
    }
  }));

Deno.test("web server: answers under way stay, however many come", () =>
  serving({
    connections: () => 16,
    answer: (request, admit) => {
      admit();
      return request.url.endsWith("/slow")
        ? new Response(new ReadableStream({ start: (c) => c.enqueue(new Uint8Array(1)) }))
        : new Response("x");
    },
  }, async (port) => {
    const slow: Deno.TcpConn[] = [];
    try {
      for (let i = 0; i < 16; i++) {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port });
        await connection.write(
          new TextEncoder().encode("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        );
        await connection.read(new Uint8Array(1000));
        slow.push(connection);
      }
      assert.equal(await raw(port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "");
      slow.pop()!.close();
      await eventually(
        async () =>
          /x$/m.test(
            await raw(port, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
          ),
        "nobody gets in after one has left",
      );
    } finally {
      for (const connection of slow) connection.close();
    }
  }));

Deno.test("web server: who may not look keeps nobody out, be it by bodies that do not end", () =>
  serving({
    connections: () => 20,
    answer: async (request, admit) => {
      if (request.method === "POST") await request.text();
      else admit();
      return new Response("x");
    },
  }, async (port) => {
    const slow: Deno.TcpConn[] = [];
    try {
      const half = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\ntoken";
      for (let i = 0; i < 60; i++) {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port });
        await connection.write(new TextEncoder().encode(half)).catch(() => {});
        slow.push(connection);
      }
      const text = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      assert.match(await raw(port, text), /x$/m);
    } finally {
      for (const connection of slow) connection.close();
    }
  }));

Deno.test("web server: a connection that asks on and on and reads nothing is ended", async () => {
  let asked = 0;
  await serving({
    answer: () => {
      asked++;
      return new Response(new Uint8Array(1 << 20));
    },
  }, async (port) => {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const text = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(500);
    await connection.write(new TextEncoder().encode(text)).catch(() => {});
    await eventually(async () => {
      const buffer = new Uint8Array(1 << 20);
      return await connection.read(buffer).then((length) => length === null, () => true);
    }, "the connection goes on");
  });
  assert.ok(asked < 50, `${asked} answers were made`);
});

Deno.test("web server: some descriptors are left for databases", () => {
  const most = (limit: number, shared = false) =>
    mostConnections(shared, (wanted) => Math.min(wanted, limit));
  assert.equal(most(256), 160);
  assert.equal(most(256, true), 80);
  assert.equal(most(1_000_000), 1000);
  assert.equal(most(1_000_000, true), 1000);
  assert.ok(most(20) > 0);
  assert.equal(freeDescriptors(7), 7);
  assert.equal(new Connections(() => 5).size, 0);
});

function throughSocket(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: path, path: "/s" }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve(text);
    });
    asked.once("error", reject);
    asked.end();
  });
}

Deno.test("web server: a socket is its user's alone, and goes with the server", () =>
  withDirectory(async (folder) => {
    const path = join(folder, "view.sock");
    const place = { kind: "socket", path } as const;
    await serving({ place }, async () => {
      assert.equal(Deno.lstatSync(path).mode! & 0o777, 0o600);
      assert.equal(await throughSocket(path), "the page of /s");
      await assert.rejects(serving({ place }, () => Promise.resolve()), /Another server listens/);
    });
    assert.deepStrictEqual([...Deno.readDirSync(folder)], []);
    // What a server left that was killed is replaced; what is no socket stays.
    const left = Deno.listen({ transport: "unix", path });
    const copy = join(folder, "left.sock");
    Deno.renameSync(path, copy);
    left.close();
    await serving(
      { place: { kind: "socket", path: copy } },
      async () => assert.equal(await throughSocket(copy), "the page of /s"),
    );
    Deno.writeTextFileSync(path, "a thesis");
    await assert.rejects(serving({ place }, () => Promise.resolve()), /no socket; choose another/);
    assert.equal(Deno.readTextFileSync(path), "a thesis");
  }));

Deno.test({
  name: "web server: after a time without descriptors connections come in again",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const said = await scriptWithLimit("ulimit -n 90", import.meta.url, [
      'import { listen } from "../../web/server.ts";',
      'Deno.addSignalListener("SIGTERM", () => Deno.exit(1));',
      'const place = { kind: "address" as const, address: "127.0.0.1", port: 0 };',
      "const server = await listen({",
      "  place, certificate: null, connections: () => 1000, lookMs: 200, failed() {},",
      '  answer: () => new Response("here"),',
      "});",
      "const open: Deno.Conn[] = [];",
      "try {",
      "  for (;;) open.push(await Deno.connect({ port: server.port! }));",
      "} catch { /* No descriptor is left. */ }",
      "await new Promise((resolve) => setTimeout(resolve, 300));",
      "for (const connection of open) connection.close();",
      "for (;;) {",
      "  const signal = AbortSignal.timeout(1000);",
      "  const text = await fetch(`http://127.0.0.1:${server.port}/`, { signal })",
      '    .then((response) => response.text(), () => "");',
      '  if (text === "here") break;',
      "}",
      "console.log(open.length, 'served again');",
      "Deno.exit(0);",
    ]);
    assert.match(said, /^\d\d served again/);
  },
});
