// The hub's files have names that can be foreseen, in folders that may be shared: what somebody has
// put in their place is neither written, followed, replaced nor waited for.

import assert from "node:assert/strict";
import { closeSync } from "node:fs";
import { hostname } from "node:os";
import { refuseLinks } from "../../hub/beside.ts";
import { announce, findRunning, hubFileOf } from "../../hub/discovery.ts";
import { makeDraft, NotOurs, openOrMakeOwn, openOwn, readShort } from "../../hub/own_file.ts";
import { Quarantine } from "../../hub/ingest/quarantine.ts";
import { holdsKey } from "../../hub/lane/knock.ts";
import { KeyProblem, loadKey } from "../../hub/signing/key.ts";
import { Signer } from "../../hub/signing/signer.ts";
import { Overflow } from "../../hub/udp/overflow.ts";
import { withDirectory } from "../store/helpers.ts";
import { pipe } from "../support/pipe.ts";
import { runCli } from "../support/server.ts";
import { KEY } from "./lane_client.ts";
import { withLane } from "./lane_hub.ts";

const ignore = Deno.build.os !== "linux";
const root = ignore || Deno.uid() !== 0;
const EMPTY = { get: () => undefined };
/** Some user who is not the tests'. */
const STRANGER = 54_321;

/** What may stand in the place of a file; each is made at a path, beside a victim. */
const OBSTACLES: Record<string, (path: string, victim: string) => Promise<unknown>> = {
  "a symbolic link": (path, victim) => Deno.symlink(victim, path),
  "a link to nothing": (path, victim) => Deno.symlink(`${victim}.absent`, path),
  "a hard link": (path, victim) => Deno.link(victim, path),
  "a directory": (path) => Deno.mkdir(path),
  "a named pipe": (path) => pipe(path),
  "a link to a device": (path) => Deno.symlink("/dev/zero", path),
};

/** Runs a test for each obstacle, and looks whether obstacle and victim are as they were. */
async function withObstacles(test: (path: string, what: string) => Promise<void>): Promise<void> {
  for (const [what, make] of Object.entries(OBSTACLES)) {
    await withDirectory(async (folder) => {
      const victim = `${folder}/victim`;
      await Deno.writeTextFile(victim, "precious", { mode: 0o640 });
      const path = `${folder}/monitoring.db.file`;
      await make(path, victim);
      const before = await Deno.lstat(path);
      await test(path, what);
      const after = await Deno.lstat(path);
      assert.deepEqual([after.ino, after.mode], [before.ino, before.mode], `${what} is another`);
      assert.equal(await Deno.readTextFile(victim), "precious", what);
      const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
      assert.deepEqual(names, ["monitoring.db.file", "victim"], what);
    });
  }
}

Deno.test({
  name: "own files: nothing but a file of ours is opened",
  ignore,
  fn: () =>
    withObstacles((path, what) => {
      for (const opening of ["read", "append", "update"] as const) {
        assert.throws(() => openOwn(path, opening), NotOurs, what);
        assert.throws(() => openOrMakeOwn(path, opening), NotOurs, what);
      }
      if (what !== "a hard link") assert.equal(readShort(path, 100), null, what);
      return Promise.resolve();
    }),
});

Deno.test({
  name: "own files: those that are made are their owner's alone, drafts by names nobody foresees",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      closeSync(openOrMakeOwn(`${folder}/a`, "append"));
      const drafts = [makeDraft(`${folder}/a`, "x"), makeDraft(`${folder}/a`, "x")];
      assert.notEqual(drafts[0], drafts[1]);
      for (const path of [`${folder}/a`, ...drafts]) {
        assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
      }
      assert.equal(readShort(drafts[0], 1)?.text, "x");
      assert.equal(readShort(drafts[0], 0), null, "more than was asked for is read");
    }),
});

Deno.test({
  name: "own files: an obstacle costs the quarantine its file, and is told",
  ignore,
  fn: () =>
    withObstacles((path, what) => {
      const reports: string[] = [];
      const quarantine = new Quarantine(path, { report: (said) => reports.push(said) });
      quarantine.add({ source: "s", reason: "r", bytes: new Uint8Array(1) });
      for (let i = 0; i < 3; i++) assert.equal(quarantine.flush(), false, what);
      assert.equal(reports.length, 1, what);
      assert.match(reports[0], /cannot be written: .*; take it away\.$/, what);
      return Promise.resolve();
    }),
});

Deno.test({
  name: "own files: an obstacle costs the spill file, and what finds no room is counted",
  ignore,
  fn: () =>
    withObstacles((path, what) => {
      const options = { memoryLimit: 0, spillPath: path, spillLimit: 1e6, seal: null };
      const overflow = new Overflow(options);
      overflow.push({ buffer: new ArrayBuffer(8), count: 3, at: 0 });
      assert.equal(overflow.dropped, 3, what);
      assert.match(overflow.problem, /take it away/, what);
      overflow.close();
      return Promise.resolve();
    }),
});

Deno.test({
  name: "own files: the spill file is used as soon as the obstacle is taken away",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const spillPath = await pipe(`${folder}/spill`);
      const overflow = new Overflow({ memoryLimit: 0, spillPath, spillLimit: 1e6, seal: null });
      await Deno.remove(spillPath);
      overflow.push({ buffer: new ArrayBuffer(8), count: 3, at: 0 });
      assert.deepEqual([overflow.dropped, overflow.count, overflow.problem], [0, 3, ""]);
      overflow.close();
    }),
});

Deno.test({
  name: "own files: an older quarantine that is not ours stays, and the file with it",
  ignore,
  fn: () =>
    withObstacles(async (path, what) => {
      const file = `${path}.jsonl`;
      await Deno.rename(path, `${file}.1`);
      const quarantine = new Quarantine(file, { limit: 200 });
      for (const source of ["one", "two"]) {
        quarantine.add({ source, reason: "r", bytes: new Uint8Array(40) });
      }
      assert.equal(quarantine.flush(), false, what);
      assert.match(quarantine.problem, /\.1 .*; take it away/, what);
      assert.match(await Deno.readTextFile(file), /"one".*\n$/, what);
      await Deno.remove(file);
      await Deno.rename(`${file}.1`, path);
    }),
});

Deno.test({
  name: "own files: a key beside the database is neither read nor made through what is not a file",
  ignore,
  fn: () =>
    withObstacles(async (path, what) => {
      if (what === "a hard link") return;
      const database = path.slice(0, -".file".length);
      await Deno.rename(path, `${database}.key`);
      try {
        await assert.rejects(
          loadKey({ database, env: EMPTY, patience: 50 }),
          (error: unknown) =>
            error instanceof KeyProblem && /link|a folder|named pipe/.test(error.message),
          what,
        );
      } finally {
        await Deno.rename(`${database}.key`, path);
      }
    }),
});

Deno.test({
  name: "own files: a key that is named may be a link, and one that leads to nothing is told",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const database = `${folder}/db`;
      await Deno.writeTextFile(`${folder}/key`, "ab".repeat(20), { mode: 0o600 });
      await Deno.symlink(`${folder}/key`, `${folder}/link`);
      await Deno.symlink(`${folder}/absent`, `${folder}/dangling`);
      const { key } = await loadKey({ database, keyFile: `${folder}/link`, env: EMPTY });
      assert.equal(key.toHex(), "ab".repeat(20));
      const keyFile = `${folder}/dangling`;
      const told = loadKey({ database, keyFile, env: EMPTY, patience: 50 });
      await assert.rejects(told, /leads to no file/);
    }),
});

Deno.test({
  name: "own files: another user's key is used only when it is named",
  ignore: root,
  fn: () =>
    withDirectory(async (folder) => {
      const database = `${folder}/db`;
      await Deno.writeTextFile(`${database}.key`, "ab".repeat(20), { mode: 0o600 });
      await Deno.chown(`${database}.key`, STRANGER, STRANGER);
      await assert.rejects(
        loadKey({ database, env: EMPTY }),
        /belongs to another user: remove it, or name it with --key-file/,
      );
      const named = await loadKey({ database, keyFile: `${database}.key`, env: EMPTY });
      assert.equal(named.key.length, 20);
    }),
});

Deno.test({
  name: "own files: what is in the place of a hub's file stays, and the hub says so",
  ignore,
  fn: () =>
    withObstacles(async (path, what) => {
      const database = path.slice(0, -".file".length);
      await Deno.rename(path, hubFileOf(database));
      const place = { address: "127.0.0.1", port: 7, digest: "sha512", started: 1 } as const;
      const announcement = await announce(database, place);
      assert.match(announcement.problem ?? "", /is left alone.* told its port, 7\.$/, what);
      assert.equal(await findRunning(database, () => Promise.resolve(true)), null, what);
      await announcement.withdraw();
      await Deno.rename(hubFileOf(database), path);
    }),
});

Deno.test({
  name: "own files: garbage in the place of a hub's file stays, an empty file does not",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const database = `${folder}/db`;
      const place = { address: "127.0.0.1", port: 7, digest: "sha512", started: 1 } as const;
      for (const garbage of ["my notes", "{}", "x".repeat(100_000), "null"]) {
        await Deno.writeTextFile(hubFileOf(database), garbage);
        const { problem } = await announce(database, place);
        assert.match(problem ?? "", /was not made by a hub, and is left alone/);
        assert.equal(await Deno.readTextFile(hubFileOf(database)), garbage);
      }
      await Deno.writeTextFile(hubFileOf(database), "");
      const announcement = await announce(database, place);
      assert.deepEqual([announcement.problem, announcement.isOurs()], [null, true]);
      await announcement.withdraw();
    }),
});

Deno.test({
  name:
    "own files: another user's file keeps no hub from starting, unless a hub with the key is there",
  ignore: root,
  fn: () =>
    withDirectory((folder) =>
      withLane({}, async (hub) => {
        const database = `${folder}/db`;
        const tell = async (port: number) => {
          const told = { address: "127.0.0.1", port, host: hostname(), pid: 1, started: 1 };
          await Deno.remove(hubFileOf(database)).catch(() => {});
          const text = JSON.stringify({ ...told, digest: "sha512" });
          await Deno.writeTextFile(hubFileOf(database), text);
          await Deno.chown(hubFileOf(database), STRANGER, STRANGER);
        };
        const check =
          (key: Uint8Array) => (at: Deno.NetAddr | { hostname: string; port: number }) =>
            holdsKey({ hostname: at.hostname, port: at.port }, new Signer(key), 2000);
        await tell(hub.port);
        assert.equal((await findRunning(database, check(KEY)))?.port, hub.port);
        assert.equal(await findRunning(database, check(new Uint8Array(64))), null, "another key");
        using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
        const accepted = listener.accept();
        await tell(listener.addr.port);
        const silent = (at: { hostname: string; port: number }) =>
          holdsKey(at, new Signer(KEY), 200);
        assert.equal(await findRunning(database, silent), null, "whatever listens is a hub");
        (await accepted).close();
        const place = { address: "127.0.0.1", port: 7, digest: "sha512", started: 1 } as const;
        const { problem } = await announce(database, place);
        assert.match(problem ?? "", /belongs to another user, and is left alone/);
      })
    ),
});

Deno.test({
  name: "own files: a hub starts whatever is in the place of the file that tells of it",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const database = `${folder}/monitoring.db`;
      await Deno.mkdir(hubFileOf(database));
      const args = ["hub", database, "--port", "0", "--stop-when-idle", "0.1"];
      const { code, stderr } = await runCli(args);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /monitoring\.db\.hub is a directory, and is left alone/);
    }),
});

Deno.test({
  name: "own files: SQLite is not let through links, nor through another user's database",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const database = `${folder}/monitoring.db`;
      const victim = `${folder}/victim`;
      await Deno.writeTextFile(victim, "precious");
      for (const suffix of ["-wal", "-shm", "-journal"]) {
        for (const link of [Deno.symlink, Deno.link]) {
          await link(victim, database + suffix);
          await assert.rejects(refuseLinks(database), /is a link to another file.*take it away/);
          await Deno.remove(database + suffix);
        }
        await Deno.writeTextFile(database + suffix, "");
        await refuseLinks(database);
        if (!root) {
          // SQLite would write what another user put there into the database.
          Deno.chownSync(database + suffix, STRANGER, null);
          await assert.rejects(refuseLinks(database), /of a user who may not write/);
          // Who shares a database by its mode leaves a journal, too.
          await Deno.writeTextFile(database, "");
          await Deno.chmod(database, 0o660);
          await refuseLinks(database);
          await Deno.remove(database);
        }
        await Deno.remove(database + suffix);
      }
      await Deno.symlink(victim, `${database}-wal`);
      const { code, stderr } = await runCli(["hub", database, "--port", "0"]);
      assert.equal(code, 1, stderr);
      assert.match(stderr, /monitoring\.db-wal is a link to another file/);
      assert.equal(await Deno.readTextFile(victim), "precious");
      await Deno.remove(`${database}-wal`);
      // A link of one's own is how some keep their databases elsewhere.
      await Deno.symlink(`${folder}/real.db`, database);
      await refuseLinks(database);
      await Deno.writeTextFile(`${folder}/real.db`, "");
      await Deno.symlink(victim, `${folder}/real.db-journal`);
      await assert.rejects(refuseLinks(database), /real\.db-journal is a link/);
      if (root) return;
      await Deno.remove(`${folder}/real.db-journal`);
      await new Deno.Command("chown", { args: ["-h", String(STRANGER), database] }).output();
      await assert.rejects(refuseLinks(database), /another user's symbolic link; name the file/);
    }),
});
