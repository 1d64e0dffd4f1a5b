import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { SampleRow } from "../../model/run/resource_row.ts";
import { openDatabase } from "../../store/open.ts";
import { Rewritten } from "../../store/rewritten.ts";
import { ParslDatabase } from "../../store/sqlite/parsl_database.ts";
import {
  climateIn,
  KEYS,
  largeIn,
  listing,
  plainCount,
  readAll,
  TABLES,
  withDirectory,
} from "./helpers.ts";

const TASK = `INSERT INTO task (task_id, run_id, task_func_name, task_memoize, task_fail_count,
  task_fail_cost) VALUES (?, ?, 'late', '1', 0, 0)`;
const STATUS = `INSERT INTO status (task_id, run_id, try_id, task_status_name, timestamp)
  VALUES (?, ?, 0, ?, ?)`;

for (const [name, make] of [["climate", climateIn], ["large", largeIn]] as const) {
  Deno.test(`all rows of all runs of ${name} are read`, () =>
    withDirectory(async (directory) => {
      const path = await make(directory);
      const before = listing(directory);
      const database = await openDatabase(path);
      for (const workflow of await database.workflows()) {
        const { rows } = await readAll(database, workflow.runId);
        assert.deepEqual(rows.workflow, workflow);
        for (const table of TABLES) {
          assert.equal(rows[KEYS[table]].length, plainCount(path, table, workflow.runId), table);
        }
      }
      database.close();
      assert.deepEqual(listing(directory), before);
    }));
}

for (const mode of ["DELETE", "TRUNCATE", "PERSIST", "WAL"]) {
  Deno.test(`what another connection writes is read from the watermark on, mode ${mode}`, () =>
    withDirectory(async (directory) => {
      const began = Date.now();
      const path = await climateIn(directory);
      const writer = new DatabaseSync(path);
      writer.exec(`PRAGMA journal_mode = ${mode}`);
      const database = await openDatabase(path);
      const { runId } = (await database.workflows())[0];
      const first = await readAll(database, runId);
      const stamp = await database.stamp();
      writer.exec("BEGIN");
      writer.prepare(TASK).run(9000, runId);
      writer.prepare(STATUS).run(9000, runId, "pending", "2030-01-01 00:00:00.5");
      writer.prepare(STATUS).run(0, runId, "odd", "2030-01-01 00:00:01");
      writer.prepare(STATUS).run(0, runId, "odd", "no time");
      writer.prepare("UPDATE task SET task_fail_cost = 77 WHERE task_id = 0 AND run_id = ?")
        .run(runId);
      writer.prepare(
        "UPDATE try SET task_fail_history = 'boom' WHERE task_id = 0 AND run_id = ? AND try_id = 0",
      ).run(runId);
      writer.exec("COMMIT");
      assert.notEqual(await database.stamp(), stamp);
      const before = listing(directory);
      const second = await readAll(database, runId, first.watermark);
      assert.deepEqual(listing(directory), before);
      assert.deepEqual(second.rows.statuses.map((row) => row.state), ["pending", "odd"]);
      assert.equal((database as ParslDatabase).skippedRows, 1);
      const task = (id: number) => second.rows.tasks.find((row) => row.taskId === id);
      assert.equal(task(9000)?.app, "late");
      assert.equal(task(9000)?.memoize, true);
      assert.equal(task(0)?.failCost, 77);
      const attempt = second.rows.tries.find((row) => row.taskId === 0 && row.tryId === 0);
      assert.equal(attempt?.failHistory, "boom");
      assert.equal((await readAll(database, runId, second.watermark)).rows.statuses.length, 0);
      writer.exec("DELETE FROM resource");
      await assert.rejects(readAll(database, runId, second.watermark), Rewritten);
      writer.close();
      // Kernels keep times in ticks of some milliseconds.
      assert.ok((await database.lastWritten() ?? 0) > began - 1000);
      database.close();
    }));
}

Deno.test("one task comes with its texts, tries, statuses and resources", () =>
  withDirectory(async (directory) => {
    const path = await climateIn(directory);
    const database = await openDatabase(path);
    const { runId } = (await database.workflows())[0];
    const { rows } = await readAll(database, runId);
    for (const { taskId } of rows.tasks) {
      const record = await database.task(runId, taskId);
      const own = (row: { taskId: number }) => row.taskId === taskId;
      assert.equal(record?.tries.length, rows.tries.filter(own).length);
      assert.deepEqual(record?.statuses, rows.statuses.filter(own));
      const folded = (
        row: SampleRow,
      ) => [row.tryId, row.time, row.resident, row.cpuUser, row.cpuSystem];
      assert.deepEqual(record?.resources.map(folded), rows.resources.filter(own).map(folded));
      assert.ok(record?.resources.every((row) => row.virtual !== null));
    }
    assert.equal((await database.task(runId, 0))?.text.outputs, "()");
    assert.equal(await database.task(runId, 123_456), null);
    database.close();
  }));

Deno.test("older generations of the schema are read, with null for what they lack", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = new DatabaseSync(path);
    writer.exec(`
      CREATE TABLE workflow (run_id TEXT PRIMARY KEY, time_began DATETIME);
      CREATE TABLE task (task_id INTEGER, run_id TEXT, task_func_name TEXT, task_memoize TEXT,
        task_time_submitted DATETIME, PRIMARY KEY (task_id, run_id));
      CREATE TABLE status (task_id INTEGER, task_status_name TEXT, timestamp DATETIME, run_id TEXT);
      CREATE TABLE resource (task_id INTEGER, run_id TEXT, timestamp DATETIME,
        psutil_process_time_user FLOAT);
      CREATE TABLE node (id INTEGER PRIMARY KEY, run_id TEXT, hostname TEXT, active TEXT,
        reg_time DATETIME);
      INSERT INTO workflow VALUES ('r', '2020-01-01 00:00:00');
      INSERT INTO task VALUES (1, 'r', 'app', 'False', '2020-01-01 00:00:01');
      INSERT INTO status VALUES (1, 'done', '2020-01-01T00:00:02', 'r');
      INSERT INTO resource VALUES (1, 'r', '2020-01-01 00:00:02', 0.5);
      INSERT INTO node VALUES (1, 'r', 'n', 'true', '2020-01-01 00:00:03');
    `);
    writer.close();
    const began = Date.UTC(2020, 0, 1);
    const database = await openDatabase(path);
    const { rows, watermark } = await readAll(database, "r");
    assert.equal(rows.workflow?.began, began);
    assert.equal(rows.workflow?.host, null);
    assert.equal(rows.tasks[0].invoked, began + 1000);
    assert.equal(rows.tasks[0].memoize, false);
    assert.equal(rows.tasks[0].depends, null);
    assert.deepEqual(rows.statuses, [{ taskId: 1, tryId: 0, state: "done", time: began + 2000 }]);
    assert.equal(rows.resources[0].cpuUser, 0.5);
    assert.equal(rows.nodes[0].active, true);
    assert.equal(rows.nodes[0].time, began + 3000);
    assert.deepEqual([rows.tries, rows.blocks], [[], []]);
    const record = await database.task("r", 1);
    assert.equal(record?.resources.length, 1);
    assert.equal(record?.resources[0].ctxVoluntary, null);
    assert.equal(record?.text.inputs, null);
    assert.deepEqual((await readAll(database, "r", watermark)).rows.statuses, []);
    database.close();
  }));
