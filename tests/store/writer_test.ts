// What the writer does with changes, in and out of order, and with a database in a bad state.

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ParslWriter } from "../../store/sqlite/parsl_writer.ts";
import { openConnection } from "../../store/sqlite/writer_connection.ts";
import { type ChangeKind, CHANGES } from "../../parsl/messages.ts";
import { WriteDelayed } from "../../store/writer.ts";
import {
  differences,
  expectedTables,
  recordedChanges,
  tablesOf,
  testWriter,
  writeAll,
} from "../hub/recorded.ts";
import { withDirectory } from "./helpers.ts";
import { AT, change, query } from "./writer_helpers.ts";

async function delayed(promise: Promise<unknown>): Promise<WriteDelayed> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof WriteDelayed, `not a WriteDelayed: ${error}`);
    return error;
  }
  throw new Error("it was written");
}

Deno.test("writer: any message makes its run visible, and the start fills it in", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const kinds = Object.keys(CHANGES).filter((kind) => kind !== "workflow-start") as ChangeKind[];
    await writeAll(path, kinds.map((kind) => change(kind, { run_id: kind })));
    const rows =
      "SELECT run_id, workflow_name, time_began, host, user FROM workflow ORDER BY rowid";
    // What was raised and asked for comes with a message that has a time.
    const timeless = ["parsloscope_traceback", "parsloscope_request"];
    const began = (kind: string) => timeless.includes(kind) ? "" : AT;
    const expected = kinds.map((kind) => [kind, null, began(kind), "", ""]);
    assert.deepStrictEqual(query(path, rows), expected);
    const starts = kinds.map((run_id) =>
      change("workflow-start", {
        run_id,
        workflow_name: "w",
        time_began: "2026-11-23 00:00:00.000000",
      })
    );
    await writeAll(path, [...starts, ...starts]);
    assert.deepStrictEqual(
      query(path, rows),
      kinds.map((kind) => [kind, "w", "2026-11-23 00:00:00.000000", "h", "u"]),
    );
    const ended = query(path, "SELECT run_id FROM workflow WHERE time_completed IS NOT NULL");
    assert.deepStrictEqual(ended, [["workflow-end"]], "the start does not clear the end");
  }));

Deno.test("writer: counts of a run only rise", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const counts = (failed: number, completed: number) => ({
      tasks_failed_count: failed,
      tasks_completed_count: completed,
    });
    const read = () =>
      query(path, "SELECT tasks_failed_count, tasks_completed_count FROM workflow");
    await writeAll(path, [change("task", counts(2, 5)), change("task", counts(1, 7))], [2]);
    assert.deepStrictEqual(read(), [[2, 7]], "of one batch");
    await writeAll(path, [change("task", counts(3, 4))]);
    assert.deepStrictEqual(read(), [[3, 7]], "one higher, one lower");
    await writeAll(path, [change("workflow-start"), change("workflow-end", counts(0, 8))]);
    assert.deepStrictEqual(read(), [[3, 8]], "start and end");
  }));

Deno.test("writer: late messages of the submit side do not overwrite newer ones", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const first = change("task", { task_fail_cost: 0, task_status_name: "pending" });
    const second = change("task", {
      task_fail_cost: 1,
      task_fail_history: "bad",
      timestamp: "2026-11-23 23:46:25.000000",
      task_status_name: "fail_retryable",
    });
    const third = change("task", {
      try_id: 1,
      task_fail_cost: 2,
      timestamp: "2026-11-23 23:46:26.000000",
    });
    for (const order of [[third, first, second], [second, third, first], [third, second, first]]) {
      for (const sizes of [[1], [3]]) {
        await Deno.remove(path).catch(() => {});
        await writeAll(path, order, sizes);
        assert.deepStrictEqual(query(path, "SELECT task_fail_cost FROM task"), [[2]]);
        const tries = query(path, "SELECT try_id, task_fail_history FROM try ORDER BY try_id");
        assert.deepStrictEqual(tries, [[0, "bad"], [1, null]]);
      }
    }
  }));

Deno.test("writer: starts of a try wait for it, also while the hub is away", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const later = "2026-11-23 23:46:30.000000";
    const writer = await testWriter(path);
    await writer.write([
      change("worker-start", { timestamp: later, hostname: "second" }),
      change("worker-start", { hostname: "first" }),
      change("worker-start", { run_id: "other" }),
    ]);
    assert.deepStrictEqual([...await writer.deferred()], [["other", 1], ["r", 1]]);
    assert.deepStrictEqual(
      query(path, "SELECT count(*) FROM status"),
      [[3]],
      "the statuses are there at once",
    );
    await writer.close();
    const again = await testWriter(path);
    await again.write([change("task", { task_id: 2 }), change("task", { try_id: 1 })]);
    assert.deepStrictEqual((await again.deferred()).get("r"), 1, "other tries");
    await again.write([change("task")]);
    assert.deepStrictEqual([...await again.deferred()], [["other", 1]]);
    await again.write([change("worker-start", { hostname: "first" })]);
    assert.deepStrictEqual(
      [...await again.deferred()],
      [["other", 1]],
      "an older start of a known try",
    );
    await again.close();
    const sql = "SELECT task_try_time_running, hostname FROM try WHERE task_id = 1 AND try_id = 0";
    assert.deepStrictEqual(query(path, sql), [[later, "second"]]);
  }));

Deno.test("writer: changes that cannot be placed are left out whole", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = await testWriter(path);
    const rejections = await writer.write([
      change("resource"),
      // Its status and its task could be stored, its try could not.
      change("task", { run_id: "bad", task_executor: null, tasks_completed_count: 9 }),
      change("worker-start", { task_id: 5 }),
      change("block", { status: null, run_id: "worse" }),
      change("task", { task_id: 2n ** 70n }),
      change("task"),
    ], new Map([["c", 6]]));
    assert.deepStrictEqual(rejections.map(({ index }) => index), [1, 3, 4]);
    assert.deepStrictEqual(rejections[0].reason, "NOT NULL constraint failed: try.task_executor");
    assert.deepStrictEqual(query(path, "SELECT run_id FROM workflow"), [["r"]]);
    assert.deepStrictEqual(query(path, "SELECT run_id, task_id FROM task"), [["r", 1]]);
    assert.deepStrictEqual(query(path, "SELECT task_id, task_status_name FROM status ORDER BY 1"), [
      [1, "launched"],
      [5, "running"],
    ]);
    assert.deepStrictEqual([...await writer.deferred()], [["r", 1]]);
    assert.deepStrictEqual(await writer.acknowledged("c"), 6);
    await writer.write([change("block", { run_id: "worse" }), change("task", { run_id: "bad" })]);
    assert.deepStrictEqual(query(path, "SELECT run_id FROM workflow"), [["bad"], ["r"], ["worse"]]);
    await writer.close();
  }));

Deno.test("writer: a lock delays the batch, and nothing of it is lost or done twice", () =>
  withDirectory(async (directory) => {
    for (const journalMode of ["wal", "delete"] as const) {
      const path = join(directory, `${journalMode}.db`);
      const options = { journalMode, patience: 0 };
      const writer = new ParslWriter(await openConnection(path, options), path);
      await writer.write([], new Map([["c", 1]]));
      const other = new DatabaseSync(path);
      if (journalMode === "wal") other.exec("BEGIN IMMEDIATE");
      // A reader alone holds up the commit, which comes last.
      else other.exec("BEGIN; SELECT count(*) FROM workflow");
      const changes = await recordedChanges("htex");
      const batch = [change("worker-start", { run_id: "new" }), ...changes];
      const clients = new Map([["c", 9]]);
      for (let n = 0; n < 3; n++) {
        const error = await delayed(writer.write(batch, clients));
        assert.deepStrictEqual(error.reason, "locked");
        assert.ok(error.message.includes(`${journalMode}.db is locked`), error.message);
      }
      other.exec("ROLLBACK");
      assert.deepStrictEqual(await writer.acknowledged("c"), 1, "not yet");
      assert.deepStrictEqual(await writer.write(batch, clients), []);
      assert.deepStrictEqual(await writer.acknowledged("c"), 9);
      assert.deepStrictEqual([...await writer.deferred()], [["new", 1]]);
      other.close();
      await writer.close();
      const run = changes[0].runId;
      const actual = tablesOf(path, run);
      assert.deepStrictEqual(differences(actual, await expectedTables("htex")), [], journalMode);
    }
  }));

Deno.test("writer: a full disk delays the batch until there is space", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const connection = await openConnection(path, { patience: 0 });
    const writer = new ParslWriter(connection, path);
    const changes = await recordedChanges("htex");
    connection.exec("PRAGMA max_page_count = 60");
    for (let n = 0; n < 2; n++) {
      const error = await delayed(writer.write(changes, new Map([["c", 9]])));
      assert.deepStrictEqual(error.reason, "full");
      assert.ok(error.message.includes(path), error.message);
    }
    assert.deepStrictEqual(await writer.acknowledged("c"), 0);
    assert.deepStrictEqual(query(path, "SELECT count(*) FROM workflow"), [[0]]);
    connection.exec("PRAGMA max_page_count = 100000");
    assert.deepStrictEqual(await writer.write(changes, new Map([["c", 9]])), []);
    await writer.close();
    assert.deepStrictEqual(differences(tablesOf(path), await expectedTables("htex")), []);
  }));

Deno.test("writer: a database that was moved away is not written in the dark", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = await testWriter(path);
    await writer.write([change("task")]);
    await Deno.rename(path, `${path}.moved`);
    const error = await delayed(writer.write([change("task", { task_id: 2 })]));
    assert.deepStrictEqual(error.reason, "failing");
    assert.ok(/monitoring\.db was moved or deleted/.test(error.message), error.message);
    await Deno.rename(`${path}.moved`, path);
    assert.deepStrictEqual(await writer.write([change("task", { task_id: 2 })]), []);
    await writer.close();
    assert.deepStrictEqual(query(path, "SELECT count(*) FROM task"), [[2]]);
  }));

Deno.test("writer: clients' numbers and runs' names survive the hub", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = await testWriter(path);
    assert.deepStrictEqual(await writer.acknowledged("c"), 0);
    await writer.write(
      [change("workflow-start", { workflow_name: "w" })],
      new Map([["c", 2 ** 40]]),
    );
    await writer.write([change("task", { run_id: "nameless" })], new Map([["c", 3], ["d", 4]]));
    await writer.close();
    const again = await testWriter(path);
    assert.deepStrictEqual([await again.acknowledged("c"), await again.acknowledged("d")], [
      2 ** 40,
      4,
    ]);
    assert.deepStrictEqual([...await again.names()], [["r", "w"]]);
    await again.close();
  }));

Deno.test("writer: what a delayed batch had begun is forgotten", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    // With this journal a reader lets the batch be written, and stops its commit.
    const options = { journalMode: "delete", patience: 0 } as const;
    const writer = new ParslWriter(await openConnection(path, options), path);
    await writer.write([change("worker-start", { hostname: "waited" })]);
    const reader = new DatabaseSync(path);
    reader.exec("BEGIN; SELECT count(*) FROM workflow");
    const batch = [change("task", { tasks_completed_count: 9 })];
    assert.deepStrictEqual((await delayed(writer.write(batch))).reason, "locked");
    reader.exec("ROLLBACK");
    reader.close();
    await writer.write([change("resource")]);
    assert.deepStrictEqual(query(path, "SELECT tasks_completed_count FROM workflow"), [[0]]);
    await writer.write(batch);
    assert.deepStrictEqual([...await writer.deferred()], []);
    await writer.close();
    assert.deepStrictEqual(query(path, "SELECT hostname FROM try"), [["waited"]]);
    assert.deepStrictEqual(query(path, "SELECT tasks_completed_count FROM workflow"), [[9]]);
  }));
