// Who may look, from the command line: options, what is printed, and that it opens.

import assert from "node:assert/strict";
import { join } from "node:path";
import { withDirectory } from "../store/helpers.ts";
import { eventually } from "../support/eventually.ts";
import { pipe } from "../support/pipe.ts";
import { climate } from "../support/fixtures.ts";
import { readCertificate } from "../../cli/certificate.ts";
import { placeOf } from "../../cli/serving.ts";
import { runCli, startViewer } from "../support/server.ts";

Deno.test({
  name: "access: the printed address opens, without it nothing does, and the token stays",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withDirectory(async (home) => {
      const database = await climate();
      const env = { XDG_DATA_HOME: home };
      let token = "";
      for (const round of [1, 2]) {
        const viewer = await startViewer([database.path], { env, token: true });
        try {
          await eventually(
            () => Promise.resolve(/Ctrl-C stops/.test(viewer.output())),
            "not all was printed",
          );
          const [, printed, its] = /at (http:\/\/127\.0\.0\.1:\d+\/\?token=(\w+))/.exec(
            viewer.output(),
          )!;
          assert.match(viewer.output(), /ssh -L (\d+):127\.0\.0\.1:\1 /);
          assert.match(viewer.output(), /http:\/\/localhost:\d+\/\?token=/);
          if (round === 1) token = its;
          assert.equal(its, token, "each start has another token");
          const opened = await fetch(printed, {
            redirect: "manual",
            headers: { accept: "text/html" },
          });
          await opened.body?.cancel();
          for (const path of ["", "api/live?view=list", "workflows.csv", "metrics", "hub"]) {
            const { status, body } = await fetch(viewer.url + path);
            await body?.cancel();
            assert.equal(status, 401, path);
          }
          const page = await fetch(viewer.url, { headers: { authorization: `Bearer ${its}` } });
          assert.match(await page.text(), /climate-udp/);
          const policy = page.headers.get("content-security-policy")!;
          assert.match(policy, /script-src 'self' 'nonce-/);
        } finally {
          await viewer.stop();
        }
      }
      await database.remove();
    }),
});

Deno.test("access: what would let everybody in has to be said twice", async () => {
  const database = await climate();
  const refused = async (args: string[], what: RegExp) => {
    const { code, stderr, stdout } = await runCli(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, what);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
    assert.equal(stdout, "");
  };
  const { path, folder } = database;
  const everywhere = ["-p", "0", "-l", "0.0.0.0"];
  await refused(["visualize", path, ...everywhere, "--no-token"], /--yes-public/);
  await refused(["demo", ...everywhere, "--no-token"], /--yes-public/);
  const hub = ["hub", join(folder, "new.db"), ...everywhere, "--allow-unsigned"];
  await refused(hub, /could write into the database: .*--yes-public/);
  await refused(
    ["visualize", "--hub", path, "-p", "0", "--hub-listen", "0.0.0.0", "--allow-unsigned"],
    /--yes-public/,
  );
  await refused(["visualize", path, "-p", "0", "--tls-cert", path], /go together/);
  await refused(["visualize", path, "-p", "0", "--host", "a/b"], /--host takes a name/);
  await refused(["visualize", path, "-l", "unix:"], /path of a socket/);
  await refused(
    ["visualize", path, "-p", "0", "--tls-cert", join(folder, "no.pem"), "--tls-key", path],
    /no\.pem cannot be read/,
  );
  await refused(["visualize", path, "-p", "0", "-l", ""], /takes an address/);
  await refused(["hub", join(folder, "new.db"), "-p", "0", "-l", ""], /--listen takes an address/);
  // An address of nobody's own, kept for documents.
  await refused(["visualize", path, "-p", "0", "-l", "192.0.2.1"], /has no address 192\.0\.2\.1/);
  await refused(["visualize", path, "-p", "0", "--memory", "-5"], /--memory.*--help lists/);
  await database.remove();
});

Deno.test({
  name: "access: a certificate that cannot be used is refused before anything is served",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withDirectory(async (folder) => {
      const at = (name: string) => join(folder, name);
      for (const name of ["a", "b"]) {
        const { success } = await new Deno.Command("openssl", {
          args: ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
            .concat(
              ["-nodes", "-days", "2", "-subj", "/CN=localhost"],
              ["-keyout", at(`${name}.key`), "-out", at(`${name}.pem`)],
            ),
          stderr: "null",
        }).output();
        assert.ok(success, "openssl made no certificate");
      }
      await pipe(at("pipe"));
      const said = (cert: string, key: string) =>
        assert.rejects(readCertificate(at(cert), at(key)), (error: Error) => {
          assert.equal(error.name, "UsageError", String(error));
          assert.match(error.message, new RegExp(`${cert}|${key}`));
          return true;
        });
      await said("a.pem", "b.key");
      await said("a.key", "a.pem");
      await said("pipe", "a.key");
      await said("a.pem", "pipe");
      await said("a.pem", ".");
      await readCertificate(at("a.pem"), at("a.key"));
    }),
});

Deno.test("access: an address is told as others type it", () => {
  const told = (listen: string) => {
    const place = placeOf(listen, "1");
    return place.kind === "address" ? place.address : null;
  };
  for (const all of ["0", "0.0", "0.0.0.0"]) assert.equal(told(all), "0.0.0.0");
  for (const all of ["::", "[::]", "0:0::0"]) assert.equal(told(all), "::");
  for (const own of ["127.1", "2130706433", "127.0.0.1"]) assert.equal(told(own), "127.0.0.1");
  for (const name of ["login1", "cafe", "fe80::1%eth0"]) assert.equal(told(name), name);
});
