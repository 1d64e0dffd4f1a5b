// A pipe in the place of one of a hub's files holds nothing up: it is told, and left alone.

import assert from "node:assert/strict";
import { announce, findRunning } from "../../hub/discovery.ts";
import { KeyProblem, loadKey } from "../../hub/signing/key.ts";
import { Quarantine } from "../../hub/ingest/quarantine.ts";
import { Overflow } from "../../hub/udp/overflow.ts";
import { withDirectory } from "../store/helpers.ts";
import { pipe } from "../support/pipe.ts";
import { runCli } from "../support/server.ts";

const ignore = Deno.build.os !== "linux";
const EMPTY = { get: () => undefined };

Deno.test({
  name: "pipes: a key file that is a pipe or a device is told in a sentence",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const database = `${folder}/monitoring.db`;
      const path = await pipe(`${database}.key`);
      const problem = (error: unknown) =>
        error instanceof KeyProblem && /is a named pipe: remove it/.test(error.message);
      await assert.rejects(loadKey({ database, env: EMPTY }), problem);
      await assert.rejects(loadKey({ database, keyFile: path, env: EMPTY }), problem);
      await assert.rejects(
        loadKey({ database, keyFile: "/dev/zero", env: EMPTY }),
        /is a device: remove it/,
      );
    }),
});

Deno.test({
  name: "pipes: a pipe in the place of the file that tells of a hub tells of none, and stays",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const database = `${folder}/monitoring.db`;
      await pipe(`${database}.hub`);
      assert.equal(await findRunning(database, () => Promise.resolve(true)), null);
      const place = { address: "127.0.0.1", port: 1, digest: "sha512", started: 1 } as const;
      const announcement = await announce(database, place);
      assert.match(announcement.problem ?? "", /\.hub is a named pipe, and is left alone/);
      assert.equal(announcement.isOurs(), false);
      await announcement.withdraw();
      assert.ok((await Deno.lstat(`${database}.hub`)).isFifo, "it is gone");
    }),
});

Deno.test({
  name: "pipes: the quarantine waits in memory while a pipe is in its place",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const path = await pipe(`${folder}/quarantine.jsonl`);
      const quarantine = new Quarantine(path, { limit: 300 });
      const message = (source: string) => ({ source, reason: "no", bytes: new Uint8Array(40) });
      quarantine.add(message("one"));
      assert.equal(quarantine.flush(), false);
      assert.match(quarantine.problem, /is a named pipe; take it away/);
      await Deno.remove(path);
      await pipe(`${path}.1`);
      for (const source of ["two", "three", "four"]) quarantine.add(message(source));
      assert.equal(quarantine.flush(), false);
      assert.match(quarantine.problem, /\.1 is a named pipe; take it away/);
      await Deno.remove(`${path}.1`);
      assert.equal(quarantine.flush(), true);
      assert.ok((await Deno.stat(`${path}.1`)).isFile, "the older file is kept beside");
    }),
});

Deno.test({
  name: "pipes: what memory does not hold is counted as dropped where a pipe is in the way",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const spillPath = await pipe(`${folder}/spill`);
      const overflow = new Overflow({ memoryLimit: 0, spillPath, spillLimit: 1e6, seal: null });
      overflow.push({ buffer: new ArrayBuffer(8), count: 3, at: 0 });
      assert.match(overflow.problem, /spill is a named pipe/);
      assert.equal(overflow.dropped, 3);
      overflow.close();
      assert.ok((await Deno.lstat(spillPath)).isFifo, "it is left alone");
    }),
});

Deno.test({
  name: "pipes: a hub says at its start what is in the way",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      for (const suffix of ["", "-wal", ".key"]) {
        const database = `${folder}/monitoring${suffix}.db`;
        const path = await pipe(database + suffix);
        const { code, stderr } = await runCli(["hub", database, "--port", "0"]);
        assert.equal(code, 1, stderr);
        assert.ok(stderr.includes(`${path} is a named pipe`), stderr);
        assert.equal(stderr.trim().split("\n").length, 1, stderr);
      }
    }),
});
