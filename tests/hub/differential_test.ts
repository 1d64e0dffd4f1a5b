// The hub's tables against those that Parsl's own database manager makes of the same messages.

import assert from "node:assert/strict";
import { join } from "node:path";
import { changeOf } from "../../hub/decode/changes.ts";
import type { Change } from "../../store/writer.ts";
import { findParsl, venvPython } from "../support/parsl.ts";
import { ROOT } from "../support/server.ts";
import { withDirectory } from "../store/helpers.ts";
import {
  differences,
  expectedTables,
  recordedChanges,
  recordedMessages,
  recordingPath,
  RECORDINGS,
  shuffled,
  type Tables,
  tablesOf,
  testWriter,
  unpacked,
  withoutNodeOrder,
  writeAll,
} from "./recorded.ts";

const parsl = await findParsl();

function isWorker(change: Change): boolean {
  return change.kind === "worker-start" || change.kind === "worker-end";
}

for (const name of RECORDINGS) {
  // In "die" the submit process was killed. Parsl's manager then writes the time at which itself
  // was told to stop as time_completed; the hub does not know of an end and leaves NULL, which is
  // what dbm.py puts in the place of that one cell.
  Deno.test(`differential: ${name} in batches of many sizes`, () =>
    withDirectory(async (directory) => {
      const changes = await recordedChanges(name);
      const expected = await expectedTables(name);
      assert.ok(expected.status.rows.length > 300, "the oracle is there");
      for (const [n, sizes] of [[1], [7, 1, 100], [10_000]].entries()) {
        const path = join(directory, `${n}.db`);
        assert.deepStrictEqual(await writeAll(path, changes, sizes), [], "rejections");
        assert.deepStrictEqual(differences(tablesOf(path), expected), [], `batches of ${sizes}`);
      }
    }));

  Deno.test(`differential: ${name} with every message twice`, () =>
    withDirectory(async (directory) => {
      const changes = await recordedChanges(name);
      const expected = await expectedTables(name);
      const each = join(directory, "each.db");
      await writeAll(each, changes.flatMap((change) => [change, change]), [64]);
      assert.deepStrictEqual(differences(tablesOf(each), expected), [], "one after the other");
      const all = join(directory, "all.db");
      await writeAll(all, [...changes, ...changes], [64]);
      assert.deepStrictEqual(differences(tablesOf(all), expected), [], "the whole run again");
    }));

  Deno.test(`differential: ${name} in any order`, () =>
    withDirectory(async (directory) => {
      const changes = await recordedChanges(name);
      const expected = withoutNodeOrder(await expectedTables(name));
      const orders = [1, 2, 3].map((seed) => shuffled(changes, seed));
      orders.push([...changes.filter(isWorker), ...changes.filter((c) => !isWorker(c))]);
      orders.push(changes.toReversed());
      for (const [n, order] of orders.entries()) {
        const path = join(directory, `${n}.db`);
        assert.deepStrictEqual(await writeAll(path, order, [50, 3]), [], "rejections");
        assert.deepStrictEqual(
          differences(withoutNodeOrder(tablesOf(path)), expected),
          [],
          `order ${n}`,
        );
        const writer = await testWriter(path);
        assert.deepStrictEqual([...await writer.deferred()], [], "worker messages that still wait");
        await writer.close();
      }
    }));

  Deno.test({
    name: `differential: the oracle of ${name} is what the Parsl at hand says`,
    ignore: parsl === null,
    fn: () =>
      withDirectory(async (directory) => {
        const path = join(directory, "dbm.json.gz");
        const result = await new Deno.Command(venvPython(parsl!), {
          args: [join(ROOT, "tests/oracle/dbm.py"), recordingPath(name), path],
          stdin: "null",
        }).output();
        assert.ok(result.success, new TextDecoder().decode(result.stderr));
        const fresh = JSON.parse(await unpacked(path)) as Tables;
        assert.deepStrictEqual(differences(await expectedTables(name), fresh), []);
      }),
  });
}

Deno.test("differential: a hub that starts anew between any two batches", () =>
  withDirectory(async (directory) => {
    const changes = shuffled(await recordedChanges("udp"), 4);
    const path = join(directory, "monitoring.db");
    for (let at = 0; at < changes.length; at += 37) {
      await writeAll(path, changes.slice(at, at + 37));
    }
    const expected = withoutNodeOrder(await expectedTables("udp"));
    assert.deepStrictEqual(differences(withoutNodeOrder(tablesOf(path)), expected), []);
  }));

Deno.test("differential: runs at the same time with the same numbers of tasks", () =>
  withDirectory(async (directory) => {
    const streams = await Promise.all(RECORDINGS.map(recordedChanges));
    const mixed: Change[] = [];
    for (let i = 0; streams.some((stream) => i < stream.length); i++) {
      for (const stream of streams) if (i < stream.length) mixed.push(stream[i]);
    }
    const path = join(directory, "monitoring.db");
    assert.deepStrictEqual(await writeAll(path, mixed, [200]), []);
    for (const [n, name] of RECORDINGS.entries()) {
      const expected = withoutNodeOrder(await expectedTables(name));
      const actual = withoutNodeOrder(tablesOf(path, streams[n][0].runId));
      assert.deepStrictEqual(differences(actual, expected), [], name);
    }
  }));

Deno.test("differential: a bad message in the middle of a batch costs only itself", () =>
  withDirectory(async (directory) => {
    const changes = await recordedChanges("mul");
    const bad = changes.find((change) => change.kind === "node")!;
    const middle = Math.floor(changes.length / 2);
    const batch = changes.toSpliced(middle, 0, { ...bad, cells: bad.cells.with(2, null) });
    const path = join(directory, "monitoring.db");
    const rejections = await writeAll(path, batch);
    assert.deepStrictEqual(rejections, [{
      index: middle,
      reason: "NOT NULL constraint failed: node.uid",
    }]);
    assert.deepStrictEqual(differences(tablesOf(path), await expectedTables("mul")), []);
  }));

Deno.test("differential: the end of a run before its start", () =>
  withDirectory(async (directory) => {
    const messages = await recordedMessages("thr");
    const changes = [messages.at(-1)!, ...messages.slice(0, -1)].map(changeOf);
    assert.deepStrictEqual(changes[0].kind, "workflow-end");
    const path = join(directory, "monitoring.db");
    await writeAll(path, changes, [1]);
    assert.deepStrictEqual(differences(tablesOf(path), await expectedTables("thr")), []);
  }));
