// What our client's workers tell, written by a hub and read again: once, however often and in
// whatever order it comes, and as if it were not there where it is not.

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { Run } from "../../model/run/run.ts";
import { openDatabase } from "../../store/open.ts";
import { openWriter } from "../../store/open_writer.ts";
import type { Change } from "../../store/writer.ts";
import * as own from "../support/own_messages.ts";
import { climateIn, readAll, withDirectory } from "./helpers.ts";
import { query } from "./writer_helpers.ts";

const TABLES = ["try_totals", "traceback", "request", "node_sample", "gpu_sample"]
  .map((name) => `parsloscope_${name}`);

/** Every row of our tables and of those that the messages fill beside them. */
function rows(path: string): Record<string, unknown[][]> {
  const tables = [...TABLES, "status", "resource", "try"];
  return Object.fromEntries(
    tables.map((table) => [table, query(path, `SELECT * FROM ${table} ORDER BY 1, 2, 3, 4, 5`)]),
  );
}

async function write(path: string, batches: readonly (readonly Change[])[]): Promise<void> {
  const writer = await openWriter(path);
  for (const batch of batches) assert.deepStrictEqual(await writer.write(batch), []);
  await writer.close();
}

const RAISED = { ended: "raised", traceback: { text: "ValueError: 7", cut: 3 } };
const MESSAGES: readonly own.Told[] = [
  own.workflow(),
  own.task("launched", 0, {}, { requested: { cores: 2 }, walltime_s: 30 }),
  own.began(1),
  own.ended(3, {}, { ...RAISED, sample: own.psutil(1, 5000) }),
  own.ended(4, { task_id: 1 }, { began: own.at(2) }),
  own.node(10, "c1", {}, [own.gpu(0), own.gpu(1)]),
  own.node(20),
];

Deno.test("own rows: each message is written once, whatever comes again and in whatever order", () =>
  withDirectory(async (directory) => {
    const changes = MESSAGES.flatMap(own.changes);
    const plain = join(directory, "plain.db");
    await write(plain, [changes]);
    const expected = rows(plain);
    assert.deepStrictEqual(TABLES.map((table) => expected[table].length), [2, 1, 1, 2, 2]);
    assert.equal(expected.status.filter((row) => row.includes("running")).length, 2);
    const path = join(directory, "mixed.db");
    await write(path, [changes.toReversed(), changes, changes]);
    assert.deepStrictEqual(rows(path), expected);
  }));

Deno.test("own rows: that a worker was killed says less than the worker itself", () =>
  withDirectory(async (directory) => {
    const killed = own.ended(9, {}, { ended: "killed", totals: null, memory_peak: null });
    const told = own.ended(3);
    const expected = [["returned", 1.25, 4000]];
    for (const [name, order] of Object.entries({ before: [killed, told], after: [told, killed] })) {
      const path = join(directory, `${name}.db`);
      await write(path, [order.flatMap(own.changes)]);
      const sql = "SELECT ended, cpu_user_s, pid FROM parsloscope_try_totals";
      assert.deepStrictEqual(query(path, sql), expected);
    }
  }));

Deno.test("own rows: a run that is followed takes in where a try runs, and its totals at its end", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = await openWriter(path);
    const write = (...told: own.Told[]) => writer.write(told.flatMap(own.changes));
    await write(own.workflow(), own.task("launched", 0), own.began(1));
    await write(own.task("launched", 0, { task_id: 1 }), own.began(1, { task_id: 1 }));
    const catalog = await openCatalog([path]);
    const followed = (await catalog.run(own.RUN))!;
    const { run } = followed;
    assert.equal(run.workers.of(0)?.pid, 4000);
    assert.equal(run.samples.usage.isExact(0, "cpu"), false);
    await write(own.ended(3), own.node(5, "c1", {}, [own.gpu(0)]));
    await followed.refresh();
    assert.equal(run.samples.tryCpu.data[0], 1.5);
    assert.equal(run.samples.tryPeak.data[0], 64 * 2 ** 20);
    assert.ok(run.samples.usage.isExact(0, "cpu") && run.samples.usage.isExact(0, "peak"));
    assert.equal(run.samples.tryCpu.get(1), null, "the other runs on");
    const [host] = run.hosts.hosts;
    assert.deepStrictEqual([host.hostname, host.samples.of("busy")], ["c1", [0.5]]);
    assert.deepStrictEqual(host.gpus.get(0)?.samples.of("power"), [250]);
    catalog.close();
    await writer.close();
  }));

Deno.test("own rows: a task's record has its totals, its traceback and what it asked for", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    await write(path, [MESSAGES.flatMap(own.changes)]);
    const database = await openDatabase(path);
    const record = (await database.task(own.RUN, 0))!;
    assert.deepStrictEqual(record.tracebacks, [
      { taskId: 0, tryId: 0, text: "ValueError: 7", cut: 3 },
    ]);
    assert.equal(record.totals[0].written, 2_000_000);
    assert.equal(record.totals[0].ended, "raised");
    assert.equal(record.totals[0].cpu, 1.5);
    const [{ cores, memory, walltime }] = record.requests;
    assert.deepStrictEqual([cores, memory, walltime], [2, null, 30]);
    assert.equal(record.resources[0].resident, 5000, "Parsl's own sample is there too");
    const [detail] = await database.details(own.RUN, [0], [0]);
    assert.equal(detail.totals[0].diskWritten, 2_097_152);
    database.close();
  }));

Deno.test("own rows: a file without our tables is read as ever, and so is one of nothing but them", () =>
  withDirectory(async (directory) => {
    const path = await climateIn(directory);
    const database = await openDatabase(path);
    const [{ runId }] = await database.workflows();
    const { rows, watermark } = await readAll(database, runId);
    assert.deepStrictEqual([rows.totals, rows.nodeSamples, rows.gpuSamples], [[], [], []]);
    const record = (await database.task(runId, rows.tasks[0].taskId))!;
    assert.deepStrictEqual([record.totals, record.tracebacks, record.requests], [[], [], []]);
    const later = await readAll(database, runId, watermark);
    assert.equal(later.rows.totals.length, 0);
    for await (const { table } of database.tables(runId)) {
      assert.doesNotMatch(table, /^parsloscope/);
    }
    // A hub opens it and makes the tables: who reads it goes on.
    await write(path, [own.changes(own.ended(3, { run_id: runId }))]);
    const after = await readAll(database, runId, watermark);
    assert.equal(after.rows.totals.length, 1);
    database.close();
  }));

Deno.test("own rows: what nobody could take for what it is, is unknown or left out", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    await write(path, [MESSAGES.flatMap(own.changes)]);
    const file = new DatabaseSync(path);
    file.exec(
      "UPDATE parsloscope_try_totals SET ended = 'vanished', cpu_user_s = 'much', " +
        "memory_peak_bytes = -5, pid = 'x', rank = NULL WHERE task_id = 0; " +
        "UPDATE parsloscope_node_sample SET timestamp = 'never' WHERE timestamp LIKE '%12:00:10%'; " +
        "UPDATE parsloscope_gpu_sample SET gpu = -1 WHERE gpu = 1",
    );
    file.close();
    const database = await openDatabase(path);
    const { rows } = await readAll(database, own.RUN);
    const [totals] = rows.totals;
    assert.deepStrictEqual([totals.ended, totals.cpu, totals.peak, totals.pid], [
      ...[null, null, null, null],
    ]);
    assert.deepStrictEqual([rows.nodeSamples.length, rows.gpuSamples.length], [1, 1]);
    const run = new Run(rows.workflow!);
    run.fold(rows);
    assert.equal(run.workers.of(0), null);
    assert.equal(run.samples.tryCpu.get(0), null);
    database.close();
  }));
