// Runs of old releases, packed and opened: the same pages as from the database.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { PackOptions } from "../../export/format/pack_run.ts";
import { redact } from "../../export/redact/redact.ts";
import type { Run } from "../../model/run/run.ts";
import { cpuSeries, levelSeries } from "../../model/figures/series.ts";
import { parseTaskQuery, selectTasks, tasksCsv } from "../../model/tasks/table.ts";
import { dagPageView } from "../../model/views/dag.ts";
import { resourcesView } from "../../model/views/resources.ts";
import { summaryView } from "../../model/views/summary.ts";
import { taskView } from "../../model/views/task.ts";
import { copyTables } from "../../store/copy_tables.ts";
import type { MonitoringDatabase } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { withDirectory } from "../store/helpers.ts";
import { caseFile } from "../support/case_file.ts";
import { folded, open, packed, tablesOf, TAKEN } from "./format_support.ts";

const CASES = ["done-state", "old-retries", "epoch-text", "managers-per-host"];

function eachCase(
  test: (database: MonitoringDatabase, runId: string, directory: string) => Promise<void>,
): Promise<void> {
  return withDirectory(async (directory) => {
    for (const name of CASES) {
      const database = await openDatabase(caseFile(name, join(directory, `${name}.db`)));
      const [{ runId }] = await database.workflows();
      await test(database, runId, directory);
      database.close();
    }
  });
}

/** What pages show of a run, without samples of single tasks. */
async function pages(database: MonitoringDatabase, runId: string) {
  const run = await folded(database, runId);
  return {
    workflows: await database.workflows(),
    summary: summaryView(run, TAKEN),
    resources: resourcesView(run, TAKEN),
    dag: dagPageView(run, TAKEN, "host"),
    cpu: cpuSeries(run),
    memory: levelSeries(run, "memory"),
    csv: csvOf(run),
    tasks: await Promise.all(
      Array.from(run.tasksById(), async (task) => {
        const taskId = run.taskId.data[task];
        const view = taskView(run, TAKEN, taskId, (await database.task(runId, taskId))!)!;
        return { tries: view.tries, events: view.events, text: view.text };
      }),
    ),
  };
}

function csvOf(run: Run): string {
  return tasksCsv(run, selectTasks(run, parseTaskQuery(new URLSearchParams())));
}

for (const without of [[], ["resource"]] as NonNullable<PackOptions["without"]>[]) {
  Deno.test(`old runs: a report has the pages of the database, without ${without}`, () =>
    eachCase(async (database, runId) => {
      const opened = open(await packed(database, runId, { without }));
      assert.deepStrictEqual(await pages(opened, runId), await pages(database, runId), runId);
    }));
}

Deno.test("old runs: what is imported of a report has the pages of the database", () =>
  eachCase(async (database, runId, directory) => {
    const opened = open(await packed(database, runId));
    const path = join(directory, `${runId}-imported.db`);
    await copyTables(path, opened.tables(runId));
    const copy = await openDatabase(path);
    assert.deepStrictEqual(await pages(copy, runId), await pages(database, runId), runId);
    copy.close();
  }));

Deno.test("old runs: hosts that only tables of old releases name are redacted", () =>
  withDirectory(async (directory) => {
    const path = caseFile(
      "old-retries",
      join(directory, "old.db"),
      "UPDATE task SET task_fail_history = 'lost on n1' WHERE task_id = 0;" +
        "UPDATE task SET hostname = 'n2' WHERE task_id = 1",
    );
    const database = await openDatabase(path);
    const tables = (only?: readonly string[]) => {
      const all = database.tables("run-retries");
      return (async function* () {
        for await (const batch of all) if (!only || only.includes(batch.table)) yield batch;
      })();
    };
    const rows = (await tablesOf(redact(tables))).get("task")!;
    assert.doesNotMatch(JSON.stringify(rows.rows.map((row) => row.map(String))), /\bn[12]\b/);
    database.close();
  }));
