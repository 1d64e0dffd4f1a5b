// What of a file cannot be read is unknown, or left out and counted; what lies beside it is read.
import assert from "node:assert/strict";
import { blocksOf } from "../../model/figures/blocks.ts";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { managersOf } from "../../model/figures/capacity.ts";
import { taskIds } from "../../parsl/task_ids.ts";
import { summaryView } from "../../model/views/summary.ts";
import { taskView } from "../../model/views/task.ts";
import { loadWorkflowLines } from "../../live/views/views.ts";
import type { Catalog } from "../../live/runs/catalog.ts";
import { openDatabase } from "../../store/open.ts";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { START } from "../../store/database.ts";
import { ParslDatabase } from "../../store/sqlite/parsl_database.ts";
import { createTable, PARSL_TABLES } from "../../store/sqlite/ddl.ts";
import { tablesOf } from "../export/format_support.ts";
import { readAll, withDirectory } from "./helpers.ts";

const T0 = Date.UTC(2026, 0, 1, 10);

/** A database of one run "r" whose first rows are whole; more SQL may follow. */
function small(path: string, more = "", values: (string | number | bigint | null)[] = []): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  for (const { name, columns, constraints } of PARSL_TABLES) {
    const loose = columns.map((column) => column.replace(" NOT NULL", ""));
    const own = name === "node" ? ["id INTEGER PRIMARY KEY", ...loose.slice(1)] : loose;
    database.exec(
      createTable({ name, columns: own, constraints: name === "node" ? [] : constraints }),
    );
  }
  const at = (seconds: number) => `'2026-01-01 10:00:0${seconds}.000000'`;
  database.exec(`
    INSERT INTO workflow VALUES ('r','w','1',${at(0)},NULL,'h','u','/r',0,0);
    INSERT INTO task VALUES (0,'r','','app','0',NULL,'in','out','','/o','/e',${at(1)},NULL,0,0);
    INSERT INTO try VALUES (0,0,'r','0','n1','htex',${at(1)},${at(2)},${at(8)},'','');
    INSERT INTO status VALUES (0,'launched',${at(1)},'r',0),(0,'running',${
    at(2)
  },'r',0),(0,'exec_done',${at(8)},'r',0);
    INSERT INTO resource VALUES (0,0,'r',${at(3)},1,7,1,0,1,2,3e6,4e6,5,6,'s','0',1,2);
    INSERT INTO node VALUES (1,'r','n1','m1','0',4,8e9,1,4,'3.12',${at(1)},${at(1)});
    INSERT INTO block VALUES ('r','htex','0','j',${at(0)},'RUNNING');
  `);
  if (values.length > 0) database.prepare(more).run(...values);
  else database.exec(more);
  database.close();
}

/** Opens a small database with some more rows. */
function withSmall(
  more: string,
  test: (catalog: Catalog, path: string) => Promise<void>,
): Promise<void> {
  return withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    small(path, more);
    const catalog = await openCatalog([path]);
    try {
      await test(catalog, path);
    } finally {
      catalog.close();
    }
  });
}

Deno.test("unreadable: rows without an id or a time are left out and counted", () =>
  withSmall(
    `INSERT INTO task (task_id, run_id) VALUES (NULL,'r'),(-1,'r'),(2147483648,'r'),(9007199254740993,'r'),(1.5,'r'),('x','r');
     INSERT INTO try (try_id, task_id, run_id) VALUES (-3,0,'r'),(0,NULL,'r');
     INSERT INTO status VALUES (0,NULL,'2026-01-01 10:00:05','r',0),(0,'x',1e308,'r',0),(0,'x','never','r',0),(0,'x','2026-02-31 10:00:00','r',0);
     INSERT INTO resource (try_id, task_id, run_id, timestamp) VALUES (0,0,'r',NULL),(4294967296,0,'r','2026-01-01 10:00:05');
     INSERT INTO node (run_id, uid, timestamp) VALUES ('r','m2',NULL);`,
    async (catalog) => {
      const database = catalog.databases[0];
      const slices = [];
      for await (
        const slice of database.read("r", START)
      ) {
        slices.push(slice.skipped);
      }
      const lost = 6 + 2 + 4 + 2 + 1;
      assert.equal(slices.reduce((sum, skipped) => sum + skipped, 0), lost);
      assert.equal((database as ParslDatabase).skippedRows, lost);
      const followed = (await catalog.run("r"))!;
      assert.equal(followed.skipped, lost);
      const { head } = summaryView(followed.run, 0);
      assert.deepStrictEqual([head.tasks, head.states], [1, [{ name: "exec_done", count: 1 }]]);
      await followed.refresh();
      assert.equal(followed.skipped, lost, "each once");
    },
  ));

Deno.test("unreadable: figures and times that cannot be are unknown, great ones what they are", () =>
  withSmall(
    `INSERT INTO task VALUES (1,'r','0,4294967296,-5,9007199254740993,1e9','app','maybe',NULL,'','','','','',1e308,-1e308,9007199254740993,'x');
     INSERT INTO resource VALUES (0,1,'r','2026-01-01 10:00:03',1,7,1,0,1e999,-1,-5,1152921504606846976,x'00','many','s','0',1,2);
     UPDATE workflow SET tasks_failed_count = 9007199254740993, tasks_completed_count = -1, time_completed = 1e308;
     INSERT INTO node VALUES (2,'r','n2','m2','0',-4,1e308,5,9007199254740993,'3.12','2026-01-01 10:00:01',NULL);`,
    async (catalog) => {
      const followed = (await catalog.run("r"))!;
      const { run } = followed;
      const record = (await followed.task(1))!;
      assert.equal(record.resources[0].virtual, null);
      const view = taskView(run, 0, 1, record)!;
      assert.deepStrictEqual(view.depends.map(({ taskId }) => taskId), [0]);
      assert.deepStrictEqual([view.line.invoked, view.line.returned], [null, null]);
      assert.equal(view.line.memory.value, 2 ** 60);
      const { memory, cpu, read, write } = view.samples.tries[0];
      assert.deepStrictEqual([memory, cpu, read, write], [[2 ** 60], [null], [null], [null]]);
      const [line] = await loadWorkflowLines(catalog);
      assert.deepStrictEqual([line.tasksCompleted, line.completed], [null, null]);
      const manager = managersOf(run).find(({ uid }) => uid === "m2")!;
      assert.deepStrictEqual([manager.cores, manager.memory, manager.workers], [null, null, null]);
    },
  ));

Deno.test("unreadable: a list of tasks keeps what can be an id", () => {
  assert.deepStrictEqual(
    taskIds("1, 2,None,-3,4x,99999999999999999999,2147483647,2147483648,,7"),
    [1, 2, 2147483647, 7],
  );
  assert.deepStrictEqual(taskIds(""), []);
  assert.deepStrictEqual(taskIds("0"), [0]);
});

Deno.test("row ids: rows are read wherever they lie, and in no time", () =>
  withSmall(
    "INSERT INTO node SELECT id, 'r', 'n', 'm' || id, '0', 4, 8e9, 1, 4, '3.12', '2026-01-01 10:00:01', NULL" +
      " FROM (SELECT 0 AS id UNION SELECT -7 UNION SELECT -9007199254740993 UNION SELECT 9007199254740993" +
      " UNION SELECT 4611686018427387904 UNION SELECT 9223372036854775807 UNION SELECT 1000000000000);" +
      "INSERT INTO status (rowid, task_id, run_id, try_id, task_status_name, timestamp)" +
      " VALUES (123456789012, 1, 'r', 0, 'pending', '2026-01-01 10:00:01')",
    async (catalog) => {
      const followed = (await catalog.run("r"))!;
      assert.equal(managersOf(followed.run).length, 8);
      assert.equal(followed.run.tasks, 2);
      assert.equal(blocksOf(followed.run).length, 1, "tables behind it are read, too");
      const { node, status } = Object.fromEntries(
        await tablesOf(followed.database.tables("r")),
      );
      assert.deepStrictEqual([node.rows.length, status.rows.length], [8, 4]);
      await followed.refresh();
      assert.equal(managersOf(followed.run).length, 8);
    },
  ));

Deno.test("row ids: what is written behind the row 0 is read", () =>
  withSmall(
    "DELETE FROM node; INSERT INTO node (id, run_id, uid, timestamp) VALUES (0,'r','m1','2026-01-01 10:00:01')",
    async (catalog, path) => {
      const followed = (await catalog.run("r"))!;
      assert.equal(managersOf(followed.run).length, 1);
      const writer = new DatabaseSync(path);
      writer.exec(
        "INSERT INTO node (run_id, uid, timestamp) VALUES ('r','m2','2026-01-01 10:00:02')",
      );
      writer.close();
      await followed.refresh();
      assert.deepStrictEqual(managersOf(followed.run).map(({ uid }) => uid), ["m1", "m2"]);
    },
  ));

Deno.test("NUL: texts of a workflow and of a task's page are whole", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    small(
      path,
      "UPDATE task SET task_inputs = ?, task_stdout = ?, task_hashsum = ?",
      ["a\0b", "\0", "é\0ü"],
    );
    const writer = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    for (const { name } of PARSL_TABLES) {
      writer.prepare(`UPDATE ${name} SET run_id = ?`).run("r\0x");
    }
    writer.prepare("UPDATE workflow SET workflow_name = ?").run("w\0x");
    writer.prepare("UPDATE try SET task_fail_history = ?").run("boom\0!");
    writer.close();
    const catalog = await openCatalog([path]);
    const [{ workflow }] = await catalog.workflows();
    assert.deepStrictEqual([workflow.runId, workflow.name], ["r\0x", "w\0x"]);
    const followed = (await catalog.run("r\0x"))!;
    assert.equal(followed.run.tasks, 1);
    const record = (await followed.task(0))!;
    assert.deepStrictEqual(
      [record.text.inputs, record.text.stdout, record.text.hashsum],
      ["a\0b", "\0", "é\0ü"],
    );
    assert.equal(record.tries[0].failHistory, "boom\0!");
    catalog.close();
  }));

Deno.test("unreadable: a workflow without an id is left out and counted", () =>
  withSmall(
    "INSERT INTO workflow (run_id, workflow_name) VALUES (NULL,'lost'),('','nameless'),(x'0001','bytes')",
    async (catalog) => {
      assert.equal((await loadWorkflowLines(catalog)).length, 2);
      assert.equal((catalog.databases[0] as ParslDatabase).skippedWorkflows, 2);
    },
  ));

Deno.test("glance: only the submit side's clock tells how new a run is", () =>
  withSmall(
    "INSERT INTO status VALUES (0,'running','2026-01-01 16:00:02','r',1),(0,'running_ended','2026-01-01 16:00:09','r',1)," +
      "(0,'launched','zzz','r',1),(0,'pending',9e15,'r',1),(0,'pending',x'ff','r',1),(0,'pending','9999-99-99','r',1)",
    async (catalog) => {
      const [{ glance }] = await catalog.workflows();
      assert.deepStrictEqual(glance, { tasks: 1, newest: T0 + 8000 });
    },
  ));

Deno.test("glance: ids that are none of Parsl's do not make a run big", () =>
  withSmall(
    "INSERT INTO task (task_id, run_id) VALUES (1,'r'),(2147483647,'r'),(2147483648,'r'),(9007199254740993,'r'),(-8,'r'),(524288,'r')",
    async (catalog) => {
      const [{ glance }] = await catalog.workflows();
      assert.ok(glance!.tasks! >= 2 && glance!.tasks! <= 524_289, String(glance?.tasks));
      assert.equal(glance?.newest, T0 + 8000);
    },
  ));

Deno.test("glance: a file without keys is looked at all the same", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    small(path);
    const writer = new DatabaseSync(path);
    for (const table of ["task", "status"]) {
      writer.exec(
        `CREATE TABLE copy AS SELECT * FROM ${table}; DROP TABLE ${table}; ALTER TABLE copy RENAME TO ${table}`,
      );
    }
    writer.close();
    const database = await openDatabase(path);
    assert.deepStrictEqual(await database.glance(["r", "none"]), [
      { tasks: 1, newest: T0 + 8000 },
      { tasks: 0, newest: null },
    ]);
    assert.equal((await readAll(database, "r")).rows.statuses.length, 3);
    database.close();
  }));
