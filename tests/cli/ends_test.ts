// Whatever ends a command: what was received is written, and no half file is left.

import assert from "node:assert/strict";
import { constants } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { LaneClient } from "../../clients/typescript/mod.ts";
import { nodeMessage } from "../hub/generated.ts";
import { flatTrace } from "../import/helpers.ts";
import { printed, rowsIn, sendDatagrams, spawnHub, withHub } from "../hub/support.ts";
import { withDirectory } from "../store/helpers.ts";
import { ChildOutput } from "../support/child_output.ts";
import { eventually } from "../support/eventually.ts";
import { large, LARGE_RUN } from "../support/fixtures.ts";
import { allowed, ROOT, runCli, startViewer } from "../support/server.ts";

const ignore = Deno.build.os === "windows";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** A command as a child process, and what it prints. */
function started(args: string[], program = Deno.execPath(), before: string[] = []) {
  const child = new Deno.Command(program, {
    args: [...before, ...allowed(args[0]), ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return { child, output: new ChildOutput(child) };
}

/** Starts an import that takes seconds, and has something done while it writes. */
async function whileImporting(
  folder: string,
  then: (child: Deno.ChildProcess) => unknown,
): Promise<number> {
  const trace = join(folder, "trace.json");
  const tasks = Array.from({ length: 60_000 }, (_, n) => ({ memoryInBytes: n }));
  await Deno.writeTextFile(trace, flatTrace(tasks));
  const out = join(folder, "out");
  await Deno.mkdir(out);
  const { child, output } = started(["import", trace, join(out, "out.db")]);
  await eventually(
    () => Promise.resolve(output.isOver || names(out).some((name) => name.endsWith(".part"))),
    "nothing is written",
  );
  assert.ok(!output.isOver, output.text);
  await then(child);
  return await output.over;
}

for (const signal of SIGNALS) {
  Deno.test({
    name: `ends: an import that ${signal} ends leaves nothing`,
    ignore,
    fn: () =>
      withDirectory(async (folder) => {
        const code = await whileImporting(folder, (child) => child.kill(signal));
        assert.equal(code, 128 + constants.signals[signal]);
        assert.deepStrictEqual(names(join(folder, "out")), []);
      }),
  });

  Deno.test({
    name: `ends: an export that ${signal} ends leaves nothing`,
    ignore,
    async fn() {
      const fixture = await large();
      try {
        const folder = join(fixture.folder, "out");
        for (const more of [[LARGE_RUN, "-o", `${folder}.html`], ["--all", "-o", folder]]) {
          const { child, output } = started(["export", fixture.path, ...more, "--full"]);
          // It listens to signals when it has opened the database, before it makes anything.
          await sleep(1500);
          if (!output.isOver) child.kill(signal);
          const code = await output.over;
          assert.ok(code === 128 + constants.signals[signal] || code === 0, output.text);
        }
        const all = [
          ...names(fixture.folder),
          ...await Deno.stat(folder).then(() => names(folder), () => []),
        ];
        assert.deepStrictEqual(all.filter((name) => /part/.test(name)), []);
      } finally {
        await fixture.remove();
      }
    },
  });

  Deno.test({
    name: `ends: a hub that ${signal} ends has committed all that it received`,
    ignore,
    fn: () =>
      withHub({}, async (hub) => {
        const lane = new LaneClient(hub.place);
        for (let n = 1; n <= 3000; n++) lane.send(...nodeMessage("hangup", n));
        await sendDatagrams(hub.place, [nodeMessage("hangup", 3001), nodeMessage("hangup", 3002)]);
        await lane.flush();
        hub.child.kill(signal);
        assert.equal((await hub.child.status).code, 0);
        lane.abandon();
        const output = await hub.stop();
        assert.equal(printed(output, "written"), 3002);
        assert.equal(rowsIn(hub.database, "node"), 3002);
        await assert.rejects(Deno.stat(`${hub.database}.hub`), Deno.errors.NotFound);
      }),
  });
}

Deno.test({
  name: "ends: an import that is killed without a word leaves a file that says what it is",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      await whileImporting(folder, (child) => child.kill("SIGKILL"));
      const left = names(join(folder, "out"));
      assert.ok(
        left.length > 0 && left.every((name) => /^out\.db\.\w{8}\.part/.test(name)),
        `${left}`,
      );
      const trace = join(folder, "small.json");
      await Deno.writeTextFile(trace, flatTrace([{}]));
      const again = await runCli(["import", trace, join(folder, "out", "out.db")]);
      assert.equal(again.code, 0, again.stderr);
    }),
});

Deno.test({
  name: "ends: a full disk and an error in the middle leave no half of a database",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const trace = join(folder, "t.json");
      await Deno.writeTextFile(trace, flatTrace([{}, { memoryInBytes: 1e300 }]));
      const refused = await runCli(["import", trace, join(folder, "out.db")]);
      assert.equal(refused.code, 1);
      assert.deepStrictEqual(names(folder), ["t.json"]);
      // As a full disk: no file may grow beyond some blocks of half a KiB.
      await Deno.writeTextFile(trace, flatTrace(Array.from({ length: 5000 }, () => ({}))));
      const program =
        `"${Deno.execPath()}" run -q --no-prompt -P=hub --config "${ROOT}deno.json" "${ROOT}main.ts"`;
      const line = `ulimit -f 200; ${program} import "${trace}" "${folder}/out.db"`;
      const { code, stderr } = await new Deno.Command("bash", { args: ["-c", line] }).output();
      const said = new TextDecoder().decode(stderr);
      assert.equal(code, 1, said);
      assert.match(said, /^parsloscope: .*out\.db.*\n$/);
      assert.deepStrictEqual(names(folder), ["t.json"]);
    }),
});

Deno.test({
  name: "ends: a dashboard that a hang-up ends leaves nothing beside a database with a log",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const path = join(folder, "a.db");
      const database = new DatabaseSync(path);
      database.exec("PRAGMA journal_mode = wal; CREATE TABLE workflow (run_id TEXT)");
      // As a writer leaves it that was killed: a log without its index.
      for (const suffix of ["", "-wal"]) {
        await Deno.copyFile(path + suffix, `${folder}/b.db${suffix}`);
      }
      database.close();
      const viewer = await startViewer([`${folder}/b.db`]);
      Deno.kill(viewer.pid, "SIGHUP");
      await viewer.stop();
      assert.deepStrictEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
        "a.db",
        "b.db",
        "b.db-wal",
      ]);
    }),
});

Deno.test({
  name: "ends: what listens on a socket takes it away, whatever ends it",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const socket = join(folder, "s");
      await Deno.mkdir(join(folder, "db"));
      const database = join(folder, "db", "monitoring.db");
      const hub = ["hub", database, "-p", "0", "--http", `unix:${socket}`];
      for (const args of [hub, ["visualize", database, "-l", `unix:${socket}`]]) {
        const { child, output } = started(args);
        await eventually(() => Promise.resolve(/localhost:8080/.test(output.text)), "no start");
        assert.ok(Deno.lstatSync(socket).isSocket);
        child.kill("SIGHUP");
        assert.equal(await output.over, 0, output.text);
        assert.deepStrictEqual(names(folder), ["db"]);
      }
    }),
});

Deno.test({
  name: "ends: a hang-up does not reach what nohup started",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withDirectory(async (folder) => {
      const { child, output } = started(["hub", join(folder, "a.db"), "-p", "0"], "nohup", [
        Deno.execPath(),
      ]);
      await eventually(() => Promise.resolve(/ key .*\n/.test(output.text)), "it did not start");
      child.kill("SIGHUP");
      await sleep(500);
      assert.ok(!output.isOver, output.text);
      child.kill("SIGTERM");
      assert.equal(await output.over, 0);
      assert.match(output.text, /The hub has stopped/);
    }),
});

Deno.test({
  name: "ends: who printed to goes away, and the stop is in order all the same",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const path = join(folder, "monitoring.db");
      const hub = spawnHub(path);
      await hub.listening;
      await sendDatagrams(hub.place, [nodeMessage("gone", 1)]);
      await hub.child.stdout.cancel().catch(() => {});
      await hub.child.stderr.cancel().catch(() => {});
      await hub.stop();
      assert.equal(rowsIn(path, "node"), 1);
      // A device that takes nothing.
      const program =
        `"${Deno.execPath()}" run -q --no-prompt -P=hub --config "${ROOT}deno.json" "${ROOT}main.ts"`;
      const line = `exec >/dev/full 2>&1; ${program} hub "${path}" -p 0 --stop-when-idle 1`;
      const { code } = await new Deno.Command("bash", { args: ["-c", line] }).output();
      assert.equal(code, 0);
    }),
});
