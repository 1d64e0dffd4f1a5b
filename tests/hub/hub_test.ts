// The hub as a whole, as a process: what goes in by every way, and what is in the database then.

import assert from "node:assert/strict";
import { join } from "node:path";
import { LaneClient } from "../../clients/typescript/mod.ts";
import { Signer } from "../../hub/signing/signer.ts";
import { eventually } from "../support/eventually.ts";
import { onPath } from "../support/chromium.ts";
import { ROOT } from "../support/server.ts";
import { blockMessage, nodeMessage, resourceMessage, taskMessage } from "./generated.ts";
import {
  differences,
  expectedTables,
  recordedMessages,
  RECORDINGS,
  tablesOf,
  withoutNodeOrder,
} from "./recorded.ts";
import {
  accountsOf,
  type HubProcess,
  integrity,
  printed,
  query,
  recordedBodies,
  rowsIn,
  sendDatagrams,
  sendRaw,
  startHubProcess,
  withHub,
} from "./support.ts";

const python = onPath("python3");

function signer(hub: HubProcess): Signer {
  return new Signer(Uint8Array.fromHex(hub.place.key));
}

function signed(hub: HubProcess, body: Uint8Array): Uint8Array {
  return new Uint8Array([...signer(hub).sign(body), ...body]);
}

/** Sends a recording as Parsl would: the workers by UDP, the rest by the lane. */
async function send(hub: HubProcess, name: (typeof RECORDINGS)[number]) {
  const lane = new LaneClient(hub.place);
  let datagrams = 0;
  let frames = 0;
  for (const { body, fromWorker } of await recordedBodies(name)) {
    if (fromWorker) {
      await sendRaw(hub.place.port, signed(hub, body));
      datagrams++;
    } else {
      lane.sendBody(body);
      frames++;
    }
  }
  await lane.close();
  return { datagrams, frames };
}

Deno.test("hub: five recorded runs at once give the tables that Parsl makes of them", () =>
  withHub({}, async (hub) => {
    const announced = JSON.parse(await Deno.readTextFile(`${hub.database}.hub`));
    assert.deepStrictEqual(announced.port, hub.place.port);
    assert.deepStrictEqual(announced.pid, hub.child.pid);
    const sent = await Promise.all(RECORDINGS.map((name) => send(hub, name)));
    const datagrams = sent.reduce((sum, counts) => sum + counts.datagrams, 0);
    const frames = sent.reduce((sum, counts) => sum + counts.frames, 0);
    assert.ok(datagrams > 500 && frames > 1000, `${datagrams} datagrams and ${frames} frames`);
    const output = await hub.stop();
    for (const name of RECORDINGS) {
      const [{ runId }] = await recordedMessages(name);
      const expected = withoutNodeOrder(await expectedTables(name));
      const actual = withoutNodeOrder(tablesOf(hub.database, runId));
      assert.deepStrictEqual(differences(actual, expected), [], name);
    }
    const figure = (count: number) => count.toLocaleString("en");
    assert.ok(
      output.includes(
        `Received ${figure(datagrams)} datagrams, ${figure(frames)} messages on the reliable lane`,
      ),
      output,
    );
    assert.ok(output.includes("in 5 runs"), output);
    for (
      const name of ["bad signature", "malformed", "quarantined", "deferred", "kernel drops"]
    ) assert.deepStrictEqual(printed(output, name), 0, name);
    await Deno.stat(`${hub.database}.hub`).then(
      () => assert.ok(false, "the file that tells where the hub is stayed behind"),
      (error) => assert.ok(error instanceof Deno.errors.NotFound, String(error)),
    );
  }));

Deno.test("hub: messages in JSON, by both ways", () =>
  withHub({}, async (hub) => {
    const lane = new LaneClient(hub.place);
    const began = new Date(2026, 2, 1, 12, 30, 15, 250);
    lane.send("WORKFLOW_INFO", {
      run_id: "json",
      python_version: "none",
      parsl_version: "none",
      time_began: began.getTime() / 1000,
      workflow_name: "näme",
      workflow_version: null,
      rundir: "/runs/000",
      user: "me",
      host: "here",
      tasks_completed_count: 0,
      tasks_failed_count: 0,
    });
    lane.send(...taskMessage("json", 5));
    lane.send(...blockMessage("json", 6));
    await sendDatagrams(hub.place, [nodeMessage("json", 7), resourceMessage("json", 8)]);
    await lane.close();
    await hub.stop();
    assert.deepStrictEqual(query(hub.database, "SELECT workflow_name, time_began FROM workflow"), [
      { workflow_name: "näme", time_began: "2026-03-01 12:30:15.250000" },
    ]);
    assert.deepStrictEqual(
      query(hub.database, "SELECT task_id, task_status_name, timestamp FROM status"),
      [
        { task_id: 5, task_status_name: "launched", timestamp: "2026-03-01 00:00:00.000005" },
      ],
    );
    const counts = ["task", "try", "block", "node", "resource"].map((table) =>
      rowsIn(hub.database, table)
    );
    assert.deepStrictEqual(counts, [1, 1, 1, 1, 1]);
  }));

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

/** Datagrams of older releases of Parsl, as they went over the network. */
async function unsignedDatagrams(): Promise<Uint8Array[]> {
  const names = [
    "W1-1.0.0",
    "W2-1.2.0",
    "W3-cb5f9c459",
    "W4-2023.02.27",
    "W4-2024.06.10",
    "W4-2025.06.23",
  ];
  const datagrams: Uint8Array[] = [];
  for (const name of names) {
    const path = `${ROOT}tests/fixtures/datagrams-${name}.jsonl`;
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n").slice(1);
    datagrams.push(...lines.map((line) => Uint8Array.fromHex(JSON.parse(line).hex)));
  }
  return datagrams;
}

Deno.test("hub: datagrams without signatures are taken when that is allowed", () =>
  withHub({ args: ["--allow-unsigned"] }, async (hub) => {
    const datagrams = await unsignedDatagrams();
    await sendRaw(hub.place.port, ...datagrams);
    const output = await hub.stop();
    assert.ok(output.includes(`Received ${datagrams.length} datagrams`), output);
    for (const name of ["bad signature", "malformed", "quarantined", "not written"]) {
      assert.deepStrictEqual(printed(output, name), 0, name);
    }
    assert.ok(printed(output, "written") >= datagrams.length, output);
    const samples = datagrams.filter((datagram) => latin1(datagram).includes("psutil_process_pid"));
    assert.ok(samples.length > 30, `${samples.length} samples`);
    assert.deepStrictEqual(rowsIn(hub.database, "resource"), samples.length);
    assert.ok(
      rowsIn(hub.database, "status WHERE task_status_name = 'running'") >= 6,
      "starts of tries",
    );
  }));

Deno.test("hub: datagrams without signatures, or with wrong ones, are counted and not decoded", () =>
  withHub({}, async (hub) => {
    const datagrams = await unsignedDatagrams();
    await sendRaw(hub.place.port, ...datagrams);
    const stranger = { ...hub.place, key: "ab".repeat(64) };
    await sendDatagrams(stranger, [nodeMessage("stranger", 1)]);
    const lane = new LaneClient(stranger);
    lane.send(...nodeMessage("stranger", 2));
    await eventually(
      () => Promise.resolve(/not signed with this hub's key/.test(hub.output())),
      "the lane does not tell of a wrong key",
    );
    lane.abandon();
    const output = await hub.stop();
    assert.ok(printed(output, "bad signature") >= datagrams.length + 2, output);
    assert.deepStrictEqual(printed(output, "written"), 0);
    for (const table of ["workflow", "node", "resource", "status"]) {
      assert.deepStrictEqual(rowsIn(hub.database, table), 0, table);
    }
  }));

Deno.test("hub: a pickle that would run a command is refused, kept, and does nothing", () =>
  withHub({ http: true }, async (hub, directory) => {
    const trace = join(directory, "trace");
    const evil = new TextEncoder().encode(`cos\nsystem\n(S'touch ${trace}'\ntR.`);
    await sendRaw(hub.place.port, signed(hub, evil));
    const lane = new LaneClient(hub.place, "evil");
    lane.sendBody(evil);
    lane.send(...nodeMessage("good", 1));
    await lane.close();
    await eventually(
      async () => (await accountsOf(hub)).messages.quarantined === 2,
      "not both are in quarantine",
    );
    const { messages } = await accountsOf(hub);
    assert.deepStrictEqual([messages.refused, messages.malformed, messages.written], [2, 2, 1]);
    await hub.stop();
    const kept = (await Deno.readTextFile(`${hub.database}.quarantine.jsonl`)).trimEnd()
      .split("\n").map((line) => JSON.parse(line));
    assert.deepStrictEqual(kept.map(({ size }) => size), [evil.length, evil.length]);
    assert.deepStrictEqual(Uint8Array.fromBase64(kept[0].bytes), evil);
    const sources = kept.map(({ source }) => String(source)).sort();
    assert.ok(
      /^lane evil #1$/.test(sources[0]) && /^udp 127\.0\.0\.1:/.test(sources[1]),
      `${sources}`,
    );
    assert.ok(kept.every(({ reason }) => /system/.test(reason)), JSON.stringify(kept));
    assert.deepStrictEqual(
      [...Deno.readDirSync(directory)].some(({ name }) => name === "trace"),
      false,
    );
  }));

Deno.test("hub: files of a filesystem radio are written and removed, damaged ones kept", async () => {
  const runs = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    const radio = join(runs, "000", "monitor-fs-radio");
    for (const name of ["tmp", "new"]) await Deno.mkdir(join(radio, name), { recursive: true });
    const put = async (body: Uint8Array) => {
      const name = crypto.randomUUID();
      await Deno.writeFile(join(radio, "tmp", name), body);
      await Deno.rename(join(radio, "tmp", name), join(radio, "new", name));
    };
    const bodies = (await recordedBodies("udp")).filter(({ fromWorker }) => fromWorker);
    for (const { body } of bodies.slice(0, 100)) await put(body);
    await put(bodies[100].body.subarray(0, 100));
    await withHub({ args: ["--fs-radio", runs] }, async (hub) => {
      const left = () => [...Deno.readDirSync(join(radio, "new"))].length;
      await eventually(() => Promise.resolve(left() === 0), "the files stay");
      for (const { body } of bodies.slice(100)) await put(body);
      await eventually(() => Promise.resolve(left() === 0), "later files stay");
      const output = await hub.stop();
      assert.ok(output.includes(`${bodies.length + 1} files`), output);
      assert.deepStrictEqual(printed(output, "written"), bodies.length);
      assert.deepStrictEqual(printed(output, "quarantined"), 1);
      const expected = (await expectedTables("udp")).resource.rows.length;
      assert.deepStrictEqual(rowsIn(hub.database, "resource"), expected);
      const kept = await Deno.readTextFile(`${hub.database}.quarantine.jsonl`);
      assert.ok(/"source":"file [^"]*monitor-fs-radio\/new\//.test(kept), kept);
    });
  } finally {
    await Deno.remove(runs, { recursive: true });
  }
});

Deno.test("hub: pages of the same process show a run live and leave the writer its locks", () =>
  withHub({ visualize: true }, async (hub) => {
    const lane = new LaneClient(hub.place);
    try {
      const page = async (path: string) => {
        const response = await fetch(`${hub.http}${path}`);
        return { status: response.status, text: await response.text() };
      };
      lane.send(...taskMessage("live-run", 1));
      await lane.flush();
      await eventually(
        async () => (await page("")).text.includes("live-run"),
        "the list does not show the run",
      );
      for (let n = 2; n <= 21; n++) {
        lane.send(...taskMessage("live-run", n));
        lane.send(...nodeMessage("live-run", n));
        const paths = ["", "workflow/live-run/", `workflow/live-run/task/${n - 1}`, "hub"];
        const { status, text } = await page(paths[n % paths.length]);
        assert.deepStrictEqual(status, 200, text.slice(0, 300));
        await lane.flush();
      }
      await eventually(
        async () => (await page("workflow/live-run/task/21")).text.includes("simulate"),
        "the last task is not shown",
      );
      // Without the writer's locks Python takes itself for the last that has the file open, and
      // removes the log that the writer goes on writing to.
      const program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); " +
        "c.execute('SELECT count(*) FROM node').fetchall(); c.close()";
      for (let i = 0; i < 2 && python !== null; i++) {
        const args = ["-c", program, hub.database];
        assert.ok(
          (await new Deno.Command(python, { args, stdin: "null" }).output()).success,
          "python",
        );
        assert.ok((await Deno.stat(`${hub.database}-wal`)).isFile, "the log");
        await page("workflow/live-run/");
      }
      for (let n = 22; n <= 40; n++) lane.send(...nodeMessage("live-run", n));
      await lane.flush();
      await hub.kill();
      assert.deepStrictEqual(rowsIn(hub.database, "node"), 39);
      assert.deepStrictEqual(rowsIn(hub.database, "task"), 21);
      assert.deepStrictEqual(integrity(hub.database), "ok");
    } finally {
      lane.abandon();
    }
  }));

Deno.test("hub: a client goes on where it was with a hub that is restarted on the same port", () =>
  withHub({}, async (hub) => {
    const lane = new LaneClient(hub.place);
    try {
      for (let n = 1; n <= 100; n++) lane.send(...nodeMessage("restart", n));
      await lane.flush();
      await hub.stop();
      for (let n = 101; n <= 200; n++) lane.send(...nodeMessage("restart", n));
      const next = await startHubProcess(hub.database, { port: hub.place.port });
      try {
        await lane.flush();
        const output = await next.stop();
        assert.ok(output.includes("100 messages on the reliable lane"), output);
        assert.deepStrictEqual(rowsIn(hub.database, "node"), 200);
      } finally {
        await next.kill();
      }
    } finally {
      lane.abandon();
    }
  }));
