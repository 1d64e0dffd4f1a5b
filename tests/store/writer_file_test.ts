// The file that the writer makes or is given: its schema, its place, its size, and who can read it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DatabaseError } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { openWriter } from "../../store/open_writer.ts";
import { openConnection } from "../../store/sqlite/writer_connection.ts";
import { differences, recordedChanges, tablesOf, testWriter, writeAll } from "../hub/recorded.ts";
import { findParsl, venvPython } from "../support/parsl.ts";
import { ROOT } from "../support/server.ts";
import { CLIMATE, climateIn, withDirectory } from "./helpers.ts";
import { AT, change, query } from "./writer_helpers.ts";

const parsl = await findParsl();

async function refusal(path: string): Promise<string> {
  try {
    await openConnection(path, { patience: 0 });
  } catch (error) {
    assert.ok(error instanceof DatabaseError, `not a DatabaseError: ${error}`);
    return error.message;
  }
  throw new Error("it was opened");
}

Deno.test("writer: a new database has Parsl's schema to the letter", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    await (await openWriter(path)).close();
    const sql = "SELECT type, name, tbl_name, sql FROM sqlite_master " +
      "WHERE name NOT LIKE 'parsloscope%' AND tbl_name NOT LIKE 'parsloscope%' ORDER BY name";
    const parsls = query(CLIMATE, sql);
    assert.ok(parsls.length > 12, "Parsl's tables and indexes");
    assert.deepStrictEqual(query(path, sql), parsls);
  }));

Deno.test("writer: what Parsl wrote is kept and written on", () =>
  withDirectory(async (directory) => {
    const path = await climateIn(directory);
    const before = tablesOf(path);
    const changes = await recordedChanges("udp");
    assert.deepStrictEqual(await writeAll(path, changes, [100]), [], "a run that is there already");
    assert.deepStrictEqual(differences(tablesOf(path), before), []);
    await writeAll(path, [change("task")]);
    assert.deepStrictEqual(tablesOf(path).task.rows.length, before.task.rows.length + 1);
    const database = await openDatabase(path);
    assert.deepStrictEqual((await database.workflows()).length, before.workflow.rows.length + 1);
    database.close();
  }));

Deno.test("writer: columns that an older release lacks are added", () =>
  withDirectory(async (directory) => {
    const path = await climateIn(directory);
    const older = new DatabaseSync(path);
    older.exec(
      "ALTER TABLE try DROP COLUMN task_joins; ALTER TABLE node DROP COLUMN last_heartbeat",
    );
    older.exec("DROP TABLE block");
    older.close();
    assert.deepStrictEqual(
      await writeAll(path, [change("task", { task_joins: "4" }), change("node")]),
      [],
    );
    await writeAll(path, [change("block")]);
    assert.deepStrictEqual(query(path, "SELECT task_joins FROM try WHERE run_id = 'r'"), [["4"]]);
    assert.deepStrictEqual(query(path, "SELECT last_heartbeat FROM node WHERE run_id = 'r'"), [[
      AT,
    ]]);
    assert.deepStrictEqual(query(path, "SELECT count(*) FROM block"), [[1]]);
  }));

Deno.test("writer: a file that is no use is refused and left as it was", () =>
  withDirectory(async (directory) => {
    const files: [string, string, RegExp][] = [
      ["other.db", "CREATE TABLE notes (text TEXT)", /is not a Parsl .* only notes\); name/],
      [
        "key.db",
        "CREATE TABLE workflow (run_id TEXT); CREATE TABLE task (task_id INTEGER)",
        /tables cannot be written any more \(.*ON CONFLICT.*\); name a database/,
      ],
      [
        "wants.db",
        "CREATE TABLE workflow (run_id TEXT PRIMARY KEY, owner TEXT NOT NULL)",
        /\(table workflow wants owner in each row\)/,
      ],
    ];
    for (const [name, sql, wanted] of files) {
      const path = join(directory, name);
      const other = new DatabaseSync(path);
      other.exec(sql);
      other.close();
      const before = await Deno.readFile(path);
      const words = await refusal(path);
      assert.ok(wanted.test(words), words);
      assert.deepStrictEqual([...await Deno.readFile(path)], [...before], `${name} is as it was`);
    }
    const text = join(directory, "text.db");
    await Deno.writeTextFile(
      text,
      "no database at all, but long enough to be looked at".repeat(40),
    );
    const words = await refusal(text);
    assert.ok(/is not an SQLite file; name another one/.test(words), words);
    const folder = await refusal(directory);
    assert.ok(/cannot be (written|opened)/.test(folder), folder);
  }));

Deno.test("writer: targets that are not there yet are made", () =>
  withDirectory(async (directory) => {
    const targets = [
      ["a/runinfo", "a/runinfo/monitoring.db"],
      ["b/run.1/other.db", "b/run.1/other.db"],
      [`sqlite:///${directory}/c/x.db`, "c/x.db"],
    ];
    for (const [target, file] of targets) {
      const writer = await openWriter(target.includes(":") ? target : join(directory, target));
      await writer.write([change("workflow-start")]);
      await writer.close();
      assert.deepStrictEqual(query(join(directory, file), "SELECT run_id FROM workflow"), [["r"]]);
    }
    await (await openWriter(join(directory, "a"))).close();
    assert.ok(
      !Deno.readDirSync(join(directory, "a")).some((e) => e.name === "monitoring.db"),
      "found",
    );
  }));

Deno.test("writer: the queries of Parsl's pages search indexes", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = await testWriter(path);
    const plans = () => {
      const scans: string[] = [];
      const queries = [
        "SELECT task_func_name, count(*) FROM task WHERE run_id = 'r' GROUP BY task_func_name",
        "SELECT * FROM node WHERE run_id = 'r'",
        "SELECT * FROM resource WHERE run_id = 'r'",
        "SELECT * FROM resource WHERE run_id = 'r' AND task_id = '1'",
        "SELECT run_id, task_id, task_status_name, timestamp FROM status WHERE run_id = 'r'",
        "SELECT * FROM task WHERE run_id = 'r'",
        "SELECT task.task_id, task_func_name, task_try_time_running FROM task, try " +
        "WHERE task.task_id = try.task_id AND task.run_id = 'r' AND try.run_id = 'r'",
        "SELECT task.task_id, status.task_status_name FROM task LEFT JOIN status " +
        "ON task.task_id = status.task_id AND task.run_id = status.run_id " +
        "AND status.timestamp = (SELECT MAX(status.timestamp) FROM status " +
        "WHERE status.task_id = task.task_id and status.run_id = task.run_id) " +
        "WHERE task.run_id = 'r'",
        "SELECT * FROM status WHERE run_id = 'r' AND task_id = 1 ORDER BY timestamp",
        "SELECT * FROM block WHERE run_id = 'r'",
      ];
      for (const sql of queries) {
        const plan = query(path, `EXPLAIN QUERY PLAN ${sql}`).map((row) => String(row[3]));
        assert.ok(plan.some((line) => line.startsWith("SEARCH")), `no plan: ${sql}`);
        scans.push(...plan.filter((line) => /^SCAN/.test(line)).map((line) => `${sql}: ${line}`));
      }
      const found = query(
        path,
        "EXPLAIN QUERY PLAN SELECT max(timestamp) FROM status WHERE run_id = 'r' AND task_id = 1 " +
          "AND task_status_name NOT IN ('running', 'running_ended')",
      );
      assert.ok(/task_id=\? AND run_id=\?/.test(String(found[0][3])), String(found[0][3]));
      return scans;
    };
    assert.deepStrictEqual(plans(), [], "while it is empty");
    const changes = await recordedChanges("udp");
    for (let n = 0; n < 4; n++) {
      await writer.write(
        changes.map((c) => ({ ...c, runId: `r${n}`, cells: c.cells.with(0, `r${n}`) })),
      );
    }
    await writer.tend();
    assert.deepStrictEqual(plans(), [], "with rows");
    await writer.close();
  }));

Deno.test("writer: the log shrinks when the reader that held it is done", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = await testWriter(path);
    const size = () => Deno.statSync(`${path}-wal`).size;
    const text = "x".repeat(100_000);
    const write = async (from: number, count: number) => {
      for (let n = from; n < from + count; n++) {
        await writer.write([change("task", { task_id: n, task_inputs: text })]);
      }
    };
    await write(0, 1);
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM task").get();
    await write(1, 250);
    const held = size();
    assert.ok(held > 24 << 20, `it grows while it is held: ${held}`);
    await writer.tend();
    assert.deepStrictEqual(size(), held, "it cannot be cut");
    reader.exec("COMMIT");
    await write(300, 15);
    await writer.tend();
    await write(320, 1);
    assert.ok(size() <= 16 << 20, `it is short again: ${size()}`);
    reader.close();
    await writer.close();
    assert.deepStrictEqual([...Deno.readDirSync(directory)].map(({ name }) => name), [
      "monitoring.db",
    ]);
  }));

Deno.test({
  name: "writer: Parsl's manager, its queries and parsl-visualize open the database",
  ignore: parsl === null,
  fn: () =>
    withDirectory(async (directory) => {
      const path = join(directory, "monitoring.db");
      const changes = await recordedChanges("udp");
      const writer = await testWriter(path);
      await writer.write(changes);
      const before = tablesOf(path);
      // The writer is at work all the while.
      const result = await new Deno.Command(venvPython(parsl!), {
        args: [join(ROOT, "tests/oracle/opens.py"), path, changes[0].runId],
        stdin: "null",
      }).output();
      assert.ok(result.success, new TextDecoder().decode(result.stderr));
      const { tables, rows, pages } = JSON.parse(new TextDecoder().decode(result.stdout)) as {
        tables: string[];
        rows: Record<string, number>;
        pages: Record<string, number>;
      };
      for (const table of Object.keys(before)) assert.ok(tables.includes(table), table);
      assert.deepStrictEqual(rows.tasks_for_workflow, before.task.rows.length);
      assert.deepStrictEqual(rows.tries_for_workflow, before.try.rows.length);
      assert.deepStrictEqual(rows.status_for_workflow, before.status.rows.length);
      assert.deepStrictEqual(rows.resources_for_workflow, before.resource.rows.length);
      assert.deepStrictEqual(rows.nodes_for_workflow, before.node.rows.length);
      assert.deepStrictEqual(Object.entries(pages).filter(([, status]) => status !== 200), []);
      assert.deepStrictEqual(Object.keys(pages).length, 6);
      assert.deepStrictEqual(await writer.write([change("task")]), [], "it can still be written");
      await writer.close();
    }),
});

Deno.test("writer: a log that could only be carried over in part, for want of room, is no fault", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = await openWriter(path);
    await writer.write([change("workflow-start")]);
    await writer.tend();
    // Another program's rows stand in the log; of them the first page alone gets to the file.
    const other = new DatabaseSync(path);
    other.exec("PRAGMA wal_autocheckpoint = 0");
    const insert = other.prepare("INSERT INTO parsloscope_client VALUES (?, ?, ?, NULL)");
    other.exec("BEGIN");
    for (let task = 100; task < 300; task++) insert.run(`${task} ${"x".repeat(1000)}`, 1, 1);
    other.exec("COMMIT");
    const copy = join(directory, "copy.db");
    for (const suffix of ["", "-wal"]) await Deno.copyFile(path + suffix, copy + suffix);
    const copied = new DatabaseSync(copy);
    copied.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    copied.close();
    using file = await Deno.open(path, { write: true });
    await file.write((await Deno.readFile(copy)).subarray(0, 4096));
    assert.ok(Deno.statSync(path).size < Deno.statSync(copy).size, "the file is whole already");
    await writer.write([change("task", { task_id: 1 })]);
    other.close();
    await writer.close();
    assert.deepStrictEqual(query(path, "SELECT count(*) FROM parsloscope_client"), [[200]]);
    assert.deepStrictEqual(query(path, "SELECT task_id FROM task"), [[1]]);
    assert.deepStrictEqual(query(path, "PRAGMA integrity_check"), [["ok"]]);
  }));
