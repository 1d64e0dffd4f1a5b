// Cells that can be no value of their column, in the tables of old releases.
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { packRun } from "../../export/format/pack_run.ts";
import { tasksCsv } from "../../model/tasks/table.ts";
import { resourcesView } from "../../model/views/resources.ts";
import { summaryView } from "../../model/views/summary.ts";
import { taskView } from "../../model/views/task.ts";
import { loadWorkflowLines } from "../../live/views/views.ts";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { folded, open } from "../export/format_support.ts";
import { caseFile } from "../support/case_file.ts";
import { withDirectory } from "./helpers.ts";

const VALUES = [null, 9223372036854775807n, 1e308, new Uint8Array([255, 0])];

for (const name of ["old-retries", "epoch-text"]) {
  Deno.test(`hostile cells: ${name}, each column in turn`, () =>
    withDirectory(async (directory) => {
      const path = caseFile(name, join(directory, "whole.db"));
      const whole = new DatabaseSync(path);
      // Tables without types hold whatever they are given.
      const tables = whole.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
        .map((row) => String(row.name));
      for (const table of tables) {
        whole.exec(`CREATE TABLE plain AS SELECT * FROM ${table}; DROP TABLE ${table}`);
        const columns = whole.prepare("SELECT name FROM pragma_table_info('plain')").all()
          .map((row) => String(row.name));
        whole.exec(
          `CREATE TABLE ${table} (${columns.join()}); INSERT INTO ${table} SELECT * FROM plain`,
        );
        whole.exec("DROP TABLE plain");
      }
      const columns = tables.flatMap((table) =>
        whole.prepare("SELECT name FROM pragma_table_info(?)").all(table)
          .map((row): [string, string] => [table, String(row.name)])
      ).filter((column) => column.join(".") !== "workflow.run_id");
      whole.close();
      for (const [table, column] of columns) {
        for (const value of VALUES) {
          const what = `${table}.${column} = ${value}`;
          const own = join(directory, "hostile.db");
          await Deno.copyFile(path, own);
          const database = new DatabaseSync(own);
          database.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = 1`).run(value);
          database.close();
          const catalog = await openCatalog([own]);
          const [{ runId }] = await loadWorkflowLines(catalog);
          const followed = (await catalog.run(runId))!;
          const { run } = followed;
          assert.ok(run.tasks > 0, what);
          summaryView(run, 0);
          resourcesView(run, 0);
          assert.ok(tasksCsv(run, run.tasksById()).length > 0, what);
          for (const taskId of run.taskId.data.subarray(0, run.tasks)) {
            const record = await followed.task(taskId);
            if (record) assert.ok(taskView(run, 0, taskId, record), what);
          }
          const packed = open(await packRun(followed.database.tables(runId)));
          assert.equal((await folded(packed, runId)).tasks, run.tasks, what);
          catalog.close();
          await Deno.remove(own);
        }
      }
    }));
}
