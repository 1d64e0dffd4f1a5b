// `parsloscope hub` as a command: what it refuses, what it serves, what it says at its end.

import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LaneClient } from "../../clients/typescript/mod.ts";
import { nodeMessage } from "../hub/generated.ts";
import {
  accountsOf,
  printed,
  rowsIn,
  sendDatagrams,
  spawnHub,
  startHubProcess,
  withHub,
} from "../hub/support.ts";
import { withDirectory } from "../store/helpers.ts";
import { eventually } from "../support/eventually.ts";
import { type Finished, runCli } from "../support/server.ts";

function refused(result: Finished, code: number, mentions: RegExp): void {
  const said = `exit ${result.code}; stderr:\n${result.stderr}\nstdout:\n${result.stdout}`;
  assert.deepStrictEqual(result.code, code, said);
  assert.deepStrictEqual(result.stderr.trim().split("\n").length, 1, said);
  assert.ok(mentions.test(result.stderr), `expected ${mentions}: ${said}`);
}

const hub = (...args: string[]) => runCli(["hub", ...args]);

Deno.test("cli hub: a second hub on the same database is refused, and the first goes on", () =>
  withHub({}, async (first) => {
    const at = new RegExp(`pid ${first.child.pid} .*:${first.place.port}; use it, or stop it`);
    refused(await hub(first.database, "-p", "0"), 1, at);
    const visualize = ["visualize", "--hub", first.database, "-p", "0", "--hub-port", "0"];
    refused(await runCli(visualize), 1, at);
    await sendDatagrams(first.place, [nodeMessage("first", 1)]);
    assert.deepStrictEqual(printed(await first.stop(), "written"), 1);
  }));

Deno.test("cli hub: a port in use is refused, by UDP and by TCP, and no database is served", () =>
  withHub({}, async (first, directory) => {
    const path = join(directory, "other.db");
    refused(await hub(path, "-p", String(first.place.port)), 1, /port.*in use/i);
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    try {
      const { port } = listener.addr;
      refused(await hub(path, "-p", String(port)), 1, new RegExp(`TCP port ${port} is in use`));
      refused(await hub(path, "-p", "0", "--http", String(port)), 2, /in use; choose another/);
    } finally {
      listener.close();
    }
    assert.ok(
      ![...Deno.readDirSync(directory)].some(({ name }) => name === "other.db.hub"),
      "a file",
    );
  }));

Deno.test("cli hub: keys and databases that cannot be used", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const key = join(directory, "key");
    await Deno.writeTextFile(key, "not a key\n");
    refused(await hub(path, "-p", "0", "--key-file", key), 1, /key.*hex/);
    refused(await hub(path, "-p", "0", "--key-file", directory), 1, /key file .* is a folder/);
    const notes = join(directory, "notes.txt");
    await Deno.writeTextFile(notes, "These are notes, not a database.\n".repeat(100));
    refused(await hub(notes, "-p", "0"), 1, /notes\.txt is not an SQLite file/);
    const beside = [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
    assert.deepStrictEqual(
      beside,
      ["key", "notes.txt"],
      "something was left beside what is no database",
    );
    refused(await hub(path, "--digest", "crc32"), 2, /--digest takes sha512/);
    refused(await hub(path, "--stop-when-idle", "soon"), 2, /--stop-when-idle takes a number/);
    refused(await hub(path, "-p", "70000"), 2, /--port takes a number/);
    refused(await hub(path, path), 2, /one database/);
  }));

Deno.test("cli hub: ends by itself when nobody was there for a while", () =>
  withHub({ args: ["--stop-when-idle", "3"] }, async (first) => {
    const lane = new LaneClient(first.place);
    lane.send(...nodeMessage("idle", 1));
    await lane.flush();
    // A client that is there keeps the hub, though it says nothing: it looks every three seconds.
    await sleep(7000);
    assert.ok(!/has stopped/.test(first.output()), first.output());
    await lane.close();
    assert.deepStrictEqual((await first.child.status).code, 0);
    assert.deepStrictEqual(printed(await first.stop(), "written"), 1);
    assert.deepStrictEqual(rowsIn(first.database, "node"), 1);
  }));

Deno.test("cli hub: --http serves the accounts as a page and for Prometheus", () =>
  withHub({ http: true }, async (first) => {
    const lane = new LaneClient(first.place);
    try {
      for (let n = 1; n <= 30; n++) lane.send(...nodeMessage("accounts", n));
      await lane.flush();
      await sendDatagrams(first.place, [31, 32].map((n) => nodeMessage("accounts", n)));
      await sendDatagrams({ ...first.place, key: "cd".repeat(64) }, [nodeMessage("other", 1)]);
      await eventually(
        async () => (await accountsOf(first)).messages.written === 32,
        "not all is written",
      );
      const metrics = await (await fetch(`${first.http}metrics`)).text();
      const expected = {
        "parsloscope_udp_datagrams_total": 3,
        "parsloscope_udp_bad_signatures_total": 1,
        "parsloscope_lane_frames_total": 30,
        "parsloscope_lane_connections": 1,
        "parsloscope_messages_written_total": 32,
        "parsloscope_queue_messages": 0,
        'parsloscope_writer_state{state="writing"}': 1,
        'parsloscope_run_messages_written_total{run_id="accounts"}': 32,
      };
      for (const [name, value] of Object.entries(expected)) {
        assert.ok(
          metrics.split("\n").includes(`${name} ${value}`),
          `${name} ${value} in ${metrics}`,
        );
      }
      const page = await fetch(`${first.http}hub`);
      assert.deepStrictEqual(page.status, 200);
      const html = await page.text();
      assert.ok(html.includes(first.database), "the page does not name the database");
    } finally {
      lane.abandon();
    }
  }));

Deno.test("cli hub: visualize --hub opens its own file once, whatever it is called", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const first = await startHubProcess(path);
    await sendDatagrams(first.place, [nodeMessage("twin-run", 1)]);
    await first.stop();
    const link = join(directory, "link.db");
    await Deno.symlink(path, link);
    const both = await startHubProcess(path, { visualize: true, args: [link, path] });
    try {
      const list = await (await fetch(both.http!)).text();
      assert.deepStrictEqual(list.split("/workflow/twin-run/").length - 1, 1, "links to the run");
      assert.ok(!list.includes("link.db"), "the file is read under its other name too");
    } finally {
      await both.kill();
    }
  }));

Deno.test("cli hub: a termination while pages are being prepared is a clean stop too", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const hub = spawnHub(path, { visualize: true });
    await eventually(
      () => Promise.resolve(/ key .*\n/.test(hub.output())),
      "the hub did not start",
    );
    const output = await hub.stop();
    assert.ok(/The hub has stopped/.test(output), output);
    assert.ok(
      ![...Deno.readDirSync(directory)].some(({ name }) => name.endsWith(".hub")),
      "its file",
    );
  }));
