// Files of Parsl's releases from 2018 to 2020: what they say, they say in other places and words.
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { capacityChanges, managersOf } from "../../model/figures/capacity.ts";
import { Run } from "../../model/run/run.ts";
import { parseTaskQuery, selectTasks, tasksCsv } from "../../model/tasks/table.ts";
import { resourcesView } from "../../model/views/resources.ts";
import { summaryView } from "../../model/views/summary.ts";
import { taskView } from "../../model/views/task.ts";
import { loadWorkflowLines } from "../../live/views/views.ts";
import { Catalog } from "../../live/runs/catalog.ts";
import { openDatabase } from "../../store/open.ts";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { caseFile } from "../support/case_file.ts";
import { readAll, withDirectory } from "./helpers.ts";

/** Seconds after ten o'clock of the day on which the cases ran. */
const at = (seconds: number) => Date.UTC(2020, 6, 1, 10) + Math.round(seconds * 1000);

function ofCase(
  name: string,
  test: (catalog: Catalog, path: string) => Promise<void>,
  more = "",
): Promise<void> {
  return withDirectory(async (directory) => {
    const path = caseFile(name, join(directory, "monitoring.db"), more);
    const catalog = await openCatalog([path]);
    try {
      await test(catalog, path);
    } finally {
      catalog.close();
    }
  });
}

async function theRun(catalog: Catalog): Promise<Run> {
  const [{ workflow }] = await catalog.workflows();
  return (await catalog.run(workflow.runId))!.run;
}

function csvOf(run: Run, params = ""): string[] {
  const tasks = selectTasks(run, parseTaskQuery(new URLSearchParams(params)));
  return tasksCsv(run, tasks).trimEnd().split("\r\n").slice(1);
}

Deno.test("old: done is final and completed, and what tries are about is found in table task", () =>
  ofCase("done-state", async (catalog) => {
    const run = await theRun(catalog);
    const { head, failures, apps, stateSeries } = summaryView(run, 0);
    assert.equal(head.status, "failed");
    assert.deepStrictEqual(
      head.states,
      [{ name: "done", count: 2 }, { name: "failed", count: 1 }],
      "names are given as they were written",
    );
    assert.deepStrictEqual([head.finished, head.tasks], [3, 3]);
    assert.equal(failures.length, 1);
    assert.match(JSON.stringify(failures[0]), /ValueError/);
    assert.deepStrictEqual(failures[0].tasks, [2]);
    assert.deepStrictEqual(
      apps.map(({ app, medianRun, medianQueue }) => [app, medianRun, medianQueue]),
      [
        ["first", 10_000, 900],
        ["second", 40_000, 900],
        ["third", 4000, 900],
      ],
    );
    assert.deepStrictEqual(csvOf(run), [
      "0,first,done,1,,2020-07-01 10:00:01.000,2020-07-01 10:00:12.000,10,n1,htex,,,,",
      "1,second,done,1,0,2020-07-01 10:00:01.000,2020-07-01 10:00:53.000,40,n1,htex,,,,",
      "2,third,failed,2,1,2020-07-01 10:00:01.000,2020-07-01 10:00:58.000,4,n1,htex,,,,",
    ]);
    assert.equal(csvOf(run, "q=done").length, 2);
    assert.equal(csvOf(run, "state=done").length, 2);
    assert.equal(csvOf(run, "q=n1").length, 3);
    const done = stateSeries.series.find(({ name }) => name === "done")!;
    assert.equal(done.values.at(-1), 2);
    const [line] = await loadWorkflowLines(catalog);
    assert.deepStrictEqual(
      [line.status, line.tasksCompleted, line.tasksFailed, line.duration],
      ["failed", 2, 1, 60_000],
    );
  }));

/** What is told of each try of a task. */
async function triesOf(catalog: Catalog, taskId: number) {
  const [{ workflow }] = await catalog.workflows();
  const followed = (await catalog.run(workflow.runId))!;
  const record = (await followed.task(taskId))!;
  const view = taskView(followed.run, 0, taskId, record)!;
  return view.tries.map((t) => ({
    host: t.host,
    launched: t.launched,
    ran: [t.running, t.ended],
    failure: t.failure,
    memory: t.memory.value,
  }));
}

Deno.test("old: tries that have no numbers are told apart by their launches", () =>
  ofCase("old-retries", async (catalog) => {
    assert.deepStrictEqual(await triesOf(catalog, 0), [
      {
        host: "n1",
        launched: at(1.1),
        ran: [at(2), at(5)],
        failure: "no file a, b or c",
        memory: 2e6,
      },
      { host: "n2", launched: at(5.1), ran: [at(6), at(16)], failure: null, memory: 6e6 },
    ]);
    assert.deepStrictEqual(await triesOf(catalog, 1), [
      {
        host: "n1",
        launched: at(1.6),
        ran: [at(2), at(4)],
        failure: "division by zero",
        memory: null,
      },
      {
        host: "n1",
        launched: at(4.1),
        ran: [at(4.5), at(8)],
        failure: "division by zero",
        memory: null,
      },
    ]);
    const [notRun, ...none] = await triesOf(catalog, 2);
    assert.equal(notRun.failure, "Dependency failure for task 2");
    assert.deepStrictEqual([notRun.host, notRun.launched, none.length], [null, null, 0]);
    const run = await theRun(catalog);
    assert.deepStrictEqual(csvOf(run), [
      "0,flaky,done,2,,2020-07-01 10:00:01.000,2020-07-01 10:00:16.000,10,n2,htex,6000000,no,5,no",
      "1,divide,failed,2,,2020-07-01 10:00:01.500,2020-07-01 10:00:08.000,3.5,n1,htex,,,,",
      "2,after,dep_fail,1,1,2020-07-01 10:00:01.700,,,,htex,,,,",
      "3,long,running,1,,2020-07-01 10:00:02.000,,,n2,htex,,,,",
    ]);
    assert.equal(run.busy.tries, 5);
  }));

Deno.test("old: reading on brings what was updated in place, as a whole reading does", () =>
  ofCase("old-retries", async (catalog, path) => {
    const [{ workflow }] = await catalog.workflows();
    const followed = (await catalog.run(workflow.runId))!;
    const writer = new DatabaseSync(path);
    // The task that runs fails, is launched again, and is done on another host.
    const status = writer.prepare("INSERT INTO status VALUES (3, ?, ?, 'run-retries', ?)");
    const time = (seconds: number) => `2020-07-01 10:00:${seconds.toFixed(6).padStart(9, "0")}`;
    status.run("pending", time(20), null);
    status.run("launched", time(20.1), null);
    writer.exec(
      "UPDATE task SET task_fail_count = 1, task_fail_history = 'lost' WHERE task_id = 3",
    );
    await followed.refresh();
    assert.deepStrictEqual(
      (await triesOf(catalog, 3)).map(({ host, failure }) => [host, failure]),
      [["n2", "lost"], [null, null]],
    );
    status.run("running", time(21), "n3");
    status.run("done", time(25), null);
    writer.exec(
      `UPDATE task SET hostname = 'n3', task_time_running = '${time(21)}', task_time_returned = '${
        time(25)
      }' WHERE task_id = 3; INSERT INTO task (task_id, run_id, task_executor, task_func_name,
       task_memoize, task_fail_count) VALUES (4, 'run-retries', 'htex', 'late', '0', 0);
       INSERT INTO status VALUES (4, 'pending', '${time(26)}', 'run-retries', NULL)`,
    );
    writer.close();
    await followed.refresh();
    const { runId } = workflow;
    const other = await openDatabase(path);
    const whole = new Run(workflow);
    const { rows } = await readAll(other, runId);
    whole.fold(rows);
    other.close();
    assert.deepStrictEqual(csvOf(followed.run), csvOf(whole));
    assert.equal(
      csvOf(followed.run)[3],
      "3,long,done,2,,2020-07-01 10:00:02.000,2020-07-01 10:00:25.000,4,n3,htex,,,,",
    );
    assert.deepStrictEqual(summaryView(followed.run, 0).apps, summaryView(whole, 0).apps);
  }));

Deno.test("old: an unfinished run is glanced at by the submit side's clock", () =>
  ofCase(
    "old-retries",
    async (catalog) => {
      const [{ glance }] = await catalog.workflows();
      assert.deepStrictEqual(glance, { tasks: 4, newest: at(16) });
    },
    // The worker's clock is six hours ahead.
    "INSERT INTO status VALUES (3, 'running', '2020-07-01 16:00:03', 'run-retries', 'n2')",
  ));

Deno.test("old: each row of a manager without a name is a manager of its own", () =>
  ofCase("managers-per-host", async (catalog) => {
    const run = await theRun(catalog);
    const managers = managersOf(run);
    assert.deepStrictEqual(
      managers.map(({ uid, hostname, workers }) => [uid, hostname, workers]),
      [["n1 (1)", "n1", 16], ["n1 (2)", "n1", 16], ["n1 (3)", "n1", 16], ["n2 (1)", "n2", 16]],
    );
    assert.deepStrictEqual(
      capacityChanges(run).at(-1),
      { time: at(1.7), workers: 64, cores: 96, memory: 4e11 },
    );
    assert.equal(resourcesView(run, 0).managers.total, 4);
  }));

Deno.test("old: a manager without a name that reports its end ends the first one of its host", () =>
  ofCase(
    "managers-per-host",
    async (catalog) => {
      const run = await theRun(catalog);
      assert.deepStrictEqual(
        managersOf(run).map(({ uid, until }) => [uid, until]),
        [["n1 (1)", at(30)], ["n1 (2)", null], ["n1 (3)", null], ["n2 (1)", null]],
      );
      assert.equal(capacityChanges(run).at(-1)?.workers, 48);
    },
    `INSERT INTO node VALUES (5,'run-nodes','n1',48,2e11,0,16,'3.7.4','2020-07-01 10:00:30'),
      (6,'run-nodes','n9',48,2e11,0,16,'3.7.4','2020-07-01 10:00:31')`,
  ));

const EPOCH = Date.UTC(2019, 1, 18, 10, 28, 47, 500);

Deno.test("old: seconds since 1970 as text are times of the submit host's zone", () =>
  ofCase("epoch-text", async (catalog) => {
    const [line] = await loadWorkflowLines(catalog);
    assert.deepStrictEqual(
      [line.status, line.began, line.duration, line.tasksCompleted, line.tasksFailed],
      ["completed", EPOCH, 30_250, 1, 0],
    );
    const { head } = summaryView(await theRun(catalog), 0);
    assert.deepStrictEqual(
      [head.began, head.completed, head.duration, head.finished],
      [EPOCH, EPOCH + 30_250, 30_250, 1],
    );
    const run = await theRun(catalog);
    assert.deepStrictEqual(csvOf(run), [
      "0,sleeper,done,1,,2019-02-18 10:28:48.500,2019-02-18 10:29:13.250,25,,threads,,,,",
    ]);
    const followed = (await catalog.run("run-epoch"))!;
    const record = (await followed.task(0))!;
    assert.equal(record.statuses.length, 2);
    assert.deepStrictEqual(record.tries.map(({ returned }) => returned), [EPOCH + 25_750]);
  }));

Deno.test("old: of a run whose zone nothing tells the times are UTC", () =>
  ofCase(
    "epoch-text",
    async (catalog) => {
      const [line] = await loadWorkflowLines(catalog);
      assert.deepStrictEqual([line.status, line.duration], ["completed", 30_250]);
      assert.equal(line.began, EPOCH + 6 * 3_600_000);
    },
    "DELETE FROM task; DELETE FROM status",
  ));

Deno.test("old: ids that are texts are found, by glances, by tasks' pages and by reading on", () =>
  ofCase("epoch-text", async (catalog, path) => {
    const followed = (await catalog.run("run-epoch"))!;
    const writer = new DatabaseSync(path);
    const task = writer.prepare(
      "INSERT INTO task VALUES (?,'run-epoch','threads','sleeper','1550507329','','0','None','None','','')",
    );
    const status = writer.prepare("INSERT INTO status VALUES (?,'pending',?,'run-epoch')");
    writer.exec("BEGIN; UPDATE workflow SET time_completed = NULL");
    for (let id = 1; id < 130; id++) {
      task.run(String(id));
      status.run(String(id), `2019-02-18 10:28:${49 + id % 10}`);
    }
    writer.exec("COMMIT");
    writer.close();
    await followed.refresh();
    assert.equal(followed.run.tasks, 130);
    assert.equal((await followed.task(129))?.statuses.length, 1);
    const [{ glance }] = await catalog.workflows();
    assert.deepStrictEqual(glance, { tasks: 130, newest: Date.UTC(2019, 1, 18, 10, 29, 13) });
  }));

Deno.test("old: the tables of 2018 had other names, and no keys", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = new DatabaseSync(path);
    writer.exec(`
      CREATE TABLE workflows (run_id TEXT NOT NULL, workflow_name TEXT NOT NULL, workflow_version TEXT NOT NULL, time_began TEXT NOT NULL, time_completed TEXT, host TEXT NOT NULL, user TEXT NOT NULL, rundir TEXT NOT NULL, tasks_failed_count TEXT NOT NULL, tasks_completed_count TEXT NOT NULL, PRIMARY KEY (run_id));
      CREATE TABLE task (task_id TEXT NOT NULL, run_id TEXT NOT NULL, task_executor TEXT NOT NULL, task_fn_hash TEXT NOT NULL, task_func_name TEXT NOT NULL, task_func TEXT NOT NULL, task_time_submitted TEXT NOT NULL, task_time_returned TEXT, task_memoize TEXT NOT NULL, task_inputs TEXT, task_outputs TEXT, task_stdin TEXT, task_stdout TEXT);
      CREATE TABLE task_status (task_id TEXT NOT NULL, task_status TEXT NOT NULL, task_status_name TEXT NOT NULL, timestamp TEXT NOT NULL, run_id TEXT NOT NULL, task_fail_count TEXT NOT NULL, task_fail_history TEXT);
      CREATE TABLE task_resources (task_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_id TEXT NOT NULL, psutil_process_pid TEXT, psutil_process_time_user TEXT, psutil_process_time_system TEXT, psutil_process_memory_resident TEXT);
      INSERT INTO workflows VALUES ('r','w','1','1540000000.5','None','h','u','/r','0','1');
      INSERT INTO task VALUES ('0','r','local','x','app','f','1540000001.5','1540000009.0','False','None','None','None','None');
      INSERT INTO task_status VALUES ('0','0','pending','2018-10-20 03:46:41','r','0','[]'),('0','7','launched','2018-10-20 03:46:42','r','0','[]'),('0','3','done','2018-10-20 03:46:49','r','0','[]');
      INSERT INTO task_resources VALUES ('0','2018-10-20 03:46:45','r','5','1.5','0.5','1000');
    `);
    writer.close();
    const catalog = await openCatalog([path]);
    const [{ workflow, glance }] = await catalog.workflows();
    const began = Date.UTC(2018, 9, 20, 3, 46, 40, 500);
    assert.deepStrictEqual([workflow.began, workflow.completed], [began, null]);
    assert.deepStrictEqual(glance, { tasks: 1, newest: Date.UTC(2018, 9, 20, 3, 46, 49) });
    const run = await theRun(catalog);
    assert.deepStrictEqual(csvOf(run), [
      "0,app,done,1,,2018-10-20 03:46:41.000,2018-10-20 03:46:49.000,,,local,1000,no,,",
    ]);
    assert.equal(summaryView(run, 0).head.finished, 1);
    catalog.close();
  }));
