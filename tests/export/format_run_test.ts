// The recordings, packed and opened: the same rows, and the same pages.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { DataHeader } from "../../export/format/header.ts";
import { microsOf } from "../../export/format/micros.ts";
import { openPacked } from "../../export/format/packed_database.ts";
import { packRun } from "../../export/format/pack_run.ts";
import type { Run } from "../../model/run/run.ts";
import { parseTaskQuery } from "../../model/tasks/table.ts";
import { dagPageView } from "../../model/views/dag.ts";
import { resourcesView } from "../../model/views/resources.ts";
import { summaryView } from "../../model/views/summary.ts";
import { taskView } from "../../model/views/task.ts";
import { tasksView } from "../../model/views/tasks.ts";
import { Catalog } from "../../live/runs/catalog.ts";
import type { MonitoringDatabase } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { climate, type Fixture, large } from "../support/fixtures.ts";
import { readAll } from "../store/helpers.ts";
import { folded, open, packed, spelledRows, tablesOf, TAKEN } from "./format_support.ts";

const RECORDINGS: Record<string, () => Promise<Fixture>> = { climate, large };

/** Every run of every recording. */
async function eachRun(
  test: (database: MonitoringDatabase, runId: string, name: string) => Promise<void>,
): Promise<void> {
  for (const [name, make] of Object.entries(RECORDINGS)) {
    const fixture = await make();
    const database = await openDatabase(fixture.path);
    try {
      for (const { runId } of await database.workflows()) {
        await test(database, runId, `${name} ${runId}`);
      }
    } finally {
      database.close();
      await fixture.remove();
    }
  }
}

/** All pages of a run but those of its tasks. */
function pages(run: Run) {
  const query = (search: string) => parseTaskQuery(new URLSearchParams(search));
  return {
    summary: summaryView(run, TAKEN),
    resources: resourcesView(run, TAKEN),
    dag: dagPageView(run, TAKEN, "apps"),
    states: dagPageView(run, TAKEN, "states"),
    tasks: tasksView(run, TAKEN, query(""), null),
    longest: tasksView(run, TAKEN, query("sort=ran&desc=1"), null),
    hungriest: tasksView(run, TAKEN, query("sort=memory&desc=1"), null),
  };
}

/** The page of a task; every one of a small run, some of a big one. */
async function taskPages(run: Run, database: MonitoringDatabase) {
  const step = Math.ceil(run.tasks / 200);
  const found = [];
  for (let task = 0; task < run.tasks; task += step) {
    const taskId = run.taskId.data[run.tasksById()[task]];
    const record = await database.task(run.runId, taskId);
    assert.ok(record);
    const view = taskView(run, TAKEN, taskId, record);
    assert.ok(view);
    found.push(view);
  }
  return found;
}

Deno.test("format: every recording is held whole, and its rows come back as they were", () =>
  eachRun(async (database, runId, name) => {
    const made = await packed(database, runId);
    assert.deepEqual(made.header.left, [], name);
    const asked: string[] = [];
    const opened = open(made, asked);
    assert.deepEqual(
      await opened.workflows(),
      (await database.workflows()).filter((workflow) => workflow.runId === runId),
    );
    assert.deepEqual(asked, ["workflow"], "no big part for the list of workflows");
    const before = await tablesOf(database.tables(runId));
    const after = await tablesOf(opened.tables(runId));
    assert.deepEqual([...after.keys()], [...before.keys()]);
    for (const [table, rows] of before) {
      assert.deepEqual(after.get(table)?.columns, rows.columns);
      assert.deepEqual(spelledRows(after.get(table)!), spelledRows(rows), `${name} ${table}`);
    }
    const sorted = (list: unknown[]) => list.map((row) => JSON.stringify(row)).sort();
    const rows = (await readAll(database, runId)).rows;
    const own = (await readAll(opened, runId)).rows;
    assert.deepEqual(own.workflow, rows.workflow);
    for (const key of ["tasks", "tries", "statuses", "resources", "nodes", "blocks"] as const) {
      assert.deepEqual(sorted(own[key]), sorted(rows[key]), `${name} ${key}`);
    }
  }));

Deno.test("format: a packed recording has the pages of the database", () =>
  eachRun(async (database, runId, name) => {
    const opened = open(await packed(database, runId));
    const run = await folded(database, runId);
    const own = await folded(opened, runId);
    assert.deepEqual(pages(own), pages(run), name);
    assert.deepEqual(await taskPages(own, opened), await taskPages(run, database), name);
  }));

Deno.test("format: without its samples a run has the same pages but one task's chart", () =>
  eachRun(async (database, runId, name) => {
    const { count } = (await folded(database, runId)).samples;
    const made = await packed(database, runId, { without: ["resource", "node"] });
    const left = made.header.left.map(({ what }) => what);
    assert.equal(left.includes("resource"), count > 0, name);
    assert.ok(!left.includes("microseconds"));
    assert.equal(made.header.tables.find((table) => table.name === "resource")?.rows ?? 0, 0);
    const opened = open(made);
    const run = await folded(database, runId);
    const own = await folded(opened, runId);
    assert.deepEqual(pages(own), pages(run), name);
    const none = { tries: [], recorded: 0, shown: 0, moreTries: 0 };
    const expected = (await taskPages(run, database)).map((view) => ({ ...view, samples: none }));
    assert.deepEqual(await taskPages(own, opened), expected, name);
    const again = open(await packRun(database.tables(runId), { full: true, budget: 1 }));
    assert.deepEqual(pages(await folded(again, runId)), pages(run), "full: nothing left out");
  }));

Deno.test("format: with no room at all, times are rounded up to the millisecond", () =>
  eachRun(async (database, runId, name) => {
    const made = await packed(database, runId, { budget: 1 });
    const left = made.header.left.map(({ what }) => what);
    assert.ok(left.includes("microseconds"), name);
    assert.ok(made.header.left.every(({ text }) => text.endsWith(".")));
    const run = await folded(database, runId);
    const opened = open(made);
    const own = await folded(opened, runId);
    const views = [pages(own), pages(run)].map(({ summary, resources }) => ({
      states: summary.head.states,
      series: [summary.stateSeries.series, summary.appSeries.series],
      workers: resources.workers,
      cpu: resources.cpu.series,
      memory: resources.memory,
      cpuPerTask: resources.cpuPerTask,
      peaks: resources.peakMemoryPerTask,
      managers: resources.managers,
    }));
    assert.deepEqual(views[0], views[1], name);
    const statuses = (await tablesOf(opened.tables(runId))).get("status")!;
    const at = statuses.columns.indexOf("timestamp");
    for (const row of statuses.rows) assert.equal(microsOf(String(row[at])) % 1000, 0);
  }));

Deno.test("format: a table without columns that came later, and one that is not there", async () => {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    const path = `${folder}/old.db`;
    const connection = new DatabaseSync(path);
    connection.exec(`
      CREATE TABLE workflow (run_id TEXT, workflow_name TEXT, time_began DATETIME);
      CREATE TABLE task (task_id INTEGER, run_id TEXT, task_func_name TEXT, task_time_submitted DATETIME);
      CREATE TABLE status (task_id INTEGER, run_id TEXT, task_status TEXT, timestamp DATETIME, note);
      INSERT INTO workflow VALUES ('r', 'old', '2019-01-01 10:00:00.000000');
      INSERT INTO task VALUES (1, 'r', 'f', '2019-01-01 10:00:01.5'), (0, 'r', 'g', NULL);
      INSERT INTO status VALUES (0, 'r', 'pending', '2019-01-01 10:00:02.000001', x'00ff'),
        (1, 'r', 'odd', 'when?', 5), (1, 'r', 'done', 1546336803, 2.0), (7, 'other', 'done', NULL, NULL);
    `);
    connection.close();
    const database = await openDatabase(path);
    const opened = open(await packed(database, "r"));
    const [before, after] = [
      await tablesOf(database.tables("r")),
      await tablesOf(opened.tables("r")),
    ];
    assert.deepEqual([...after.keys()], ["workflow", "task", "status"]);
    for (const [table, rows] of before) {
      assert.deepEqual(spelledRows(after.get(table)!), spelledRows(rows));
    }
    assert.equal(after.get("status")?.rows.length, 3);
    const sorted = (list: unknown[]) => list.map((row) => JSON.stringify(row)).sort();
    const [rows, own] = [
      (await readAll(database, "r")).rows,
      (await readAll(opened, "r")).rows,
    ];
    assert.deepEqual(sorted(own.tasks), sorted(rows.tasks));
    assert.deepEqual(sorted(own.statuses), sorted(rows.statuses));
    assert.equal(own.statuses.length, 2);
    assert.equal(await opened.task("r", 5), null);
    assert.equal(await opened.task("another", 1), null);
    assert.deepEqual((await opened.task("r", 1))?.text, (await database.task("r", 1))?.text);
    database.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("format: in a catalog, a report's clock stands still when it was taken", async () => {
  const fixture = await climate();
  const database = await openDatabase(fixture.path);
  try {
    const workflows = await database.workflows();
    const unfinished = workflows.find(({ completed }) => completed === null) ?? workflows[0];
    const opened = open(await packed(database, unfinished.runId));
    const catalog = new Catalog([opened]);
    assert.deepEqual((await catalog.workflows()).map(({ now }) => now), [TAKEN]);
    const followed = await catalog.run(unfinished.runId);
    assert.equal(followed?.hostNow(), TAKEN);
    assert.equal(followed.loading, null);
    const [{ tasks, newest }] = await opened.glance([unfinished.runId]);
    assert.equal(tasks, followed.run.tasks);
    assert.equal(
      newest,
      Math.max(...(await readAll(opened, unfinished.runId)).rows.statuses.map(
        ({ time }) => time,
      )),
    );
  } finally {
    database.close();
    await fixture.remove();
  }
});

Deno.test("format: a version that is not known is refused with a reason", () => {
  const header = { version: 2, tables: [], newest: null, left: [] } as unknown as DataHeader;
  assert.throws(
    () => openPacked(header, () => Promise.reject(new Error("no part")), { name: "x", taken: 0 }),
    /version 2.*newer/,
  );
});
