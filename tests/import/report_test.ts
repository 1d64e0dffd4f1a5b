// A report becomes the database again that it was made of.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { deflateSync, inflateSync } from "node:zlib";
import type { ReportOptions } from "../../state.ts";
import { makeReport } from "../../installation/make_report.ts";
import type { DataHeader } from "../../export/format/header.ts";
import { ImportError } from "../../import/import_error.ts";
import { type ImportedReport, importReport } from "../../import/import_report.ts";
import { claimOutput } from "../../import/output.ts";
import { parseTaskQuery } from "../../model/tasks/table.ts";
import { dagPageView } from "../../model/views/dag.ts";
import { resourcesView } from "../../model/views/resources.ts";
import { summaryView } from "../../model/views/summary.ts";
import { taskView } from "../../model/views/task.ts";
import { tasksView } from "../../model/views/tasks.ts";
import type { Run } from "../../model/run/run.ts";
import type { MonitoringDatabase } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { folded, spelledRows, tablesOf, TAKEN } from "../export/format_support.ts";
import { withDirectory } from "../store/helpers.ts";
import { climate, CLIMATE_RUN, large, LARGE_RUN } from "../support/fixtures.ts";
import { runCli } from "../support/server.ts";

/** The text of a run's report. */
async function reportOf(
  database: MonitoringDatabase,
  runId: string,
  options: ReportOptions = {},
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of await makeReport(database, runId, options, () => {})) {
    text += decoder.decode(piece, { stream: true });
  }
  return text;
}

/** What the edit makes of a report's page. */
function withHeader(page: string, edit: (data: DataHeader) => unknown): string {
  const tag = 'data-part="data/header">';
  const start = page.lastIndexOf(tag) + tag.length;
  const end = page.indexOf("<", start);
  const data = inflateSync(Uint8Array.fromBase64(page.slice(start, end))).toString();
  const edited = new TextEncoder().encode(JSON.stringify(edit(JSON.parse(data))));
  return page.slice(0, start) + deflated(edited) + page.slice(end);
}

/** Deflated bytes in base64, `off` added to the last byte of the checksum. */
function deflated(bytes: Uint8Array, off = 0): string {
  const made = new Uint8Array(deflateSync(bytes));
  made[made.length - 1] += off;
  return made.toBase64();
}

/** Imports a report and does something with the database that this makes. */
function imported(
  text: string,
  test: (database: MonitoringDatabase, made: ImportedReport, path: string) => Promise<void>,
): Promise<void> {
  return withDirectory(async (directory) => {
    const path = await claimOutput(`${directory}/out.db`, false);
    const shares: number[] = [];
    const made = await importReport(text, "r.html", path, false, (share) => shares.push(share));
    assert.deepEqual([...Deno.readDirSync(directory)].map(({ name }) => name), ["out.db"]);
    assert.equal(shares.at(-1), 1);
    assert.deepEqual(shares, shares.toSorted((a, b) => a - b));
    const database = await openDatabase(path);
    try {
      await test(database, made, path);
    } finally {
      database.close();
    }
  });
}

/** Says where two databases differ in a run: values, SQL types, tables, columns and their order. */
async function assertSameTables(
  after: MonitoringDatabase,
  before: MonitoringDatabase,
  runId: string,
): Promise<void> {
  const [own, expected] = [
    await tablesOf(after.tables(runId)),
    await tablesOf(before.tables(runId)),
  ];
  assert.deepEqual([...own.keys()], [...expected.keys()]);
  for (const [table, held] of expected) {
    assert.deepEqual(own.get(table)!.columns, held.columns, table);
    assert.deepEqual(spelledRows(own.get(table)!), spelledRows(held), `${runId} ${table}`);
  }
}

/** What the dashboard shows of a run, and of some of its tasks. */
async function pages(run: Run, database: MonitoringDatabase) {
  const query = parseTaskQuery(new URLSearchParams("sort=ran&desc=1"));
  const tasks = [];
  for (let task = 0; task < run.tasks; task += Math.ceil(run.tasks / 100)) {
    const taskId = run.taskId.data[run.tasksById()[task]];
    const record = await database.task(run.runId, taskId);
    assert.ok(record);
    tasks.push(taskView(run, TAKEN, taskId, record));
  }
  const summary = summaryView(run, TAKEN);
  return {
    // Causes that are as frequent as each other stand in the order of the rows.
    summary: { ...summary, failures: byText(summary.failures) },
    resources: resourcesView(run, TAKEN),
    dag: dagPageView(run, TAKEN, "apps"),
    list: tasksView(run, TAKEN, query, null),
    tasks,
  };
}

/** Things in an order that follows from what they are. */
function byText<T>(things: readonly T[]): T[] {
  const text = (thing: T) => JSON.stringify(thing);
  return things.toSorted((a, b) => text(a) < text(b) ? -1 : 1);
}

/** A database with what statements put into it. */
async function databaseOf(directory: string, sql: string): Promise<MonitoringDatabase> {
  const path = `${directory}/made.db`;
  const connection = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  connection.exec(sql);
  connection.close();
  return await openDatabase(path);
}

function declarationsOf(path: string): Map<string, string> {
  const connection = new DatabaseSync(path, { readOnly: true });
  try {
    const found = connection.prepare(
      "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    ).all();
    return new Map(found.map(({ name, sql }) => [String(name), String(sql)]));
  } finally {
    connection.close();
  }
}

for (const [name, make] of Object.entries({ climate, large })) {
  Deno.test(`report import: every run of ${name} comes back as it was`, async () => {
    const fixture = await make();
    const database = await openDatabase(fixture.path);
    try {
      for (const { runId } of await database.workflows()) {
        const text = await reportOf(database, runId);
        await imported(text, async (copy, { header, rows }, path) => {
          assert.deepEqual(
            await copy.workflows(),
            (await database.workflows()).filter((workflow) => workflow.runId === runId),
          );
          assert.equal(header.run.id, runId);
          const before = await tablesOf(database.tables(runId));
          assert.deepEqual(
            [...rows],
            [...before].map(([table, held]) => [table, held.rows.length]),
          );
          await assertSameTables(copy, database, runId);
          const [own, run] = [await folded(copy, runId), await folded(database, runId)];
          assert.deepEqual(await pages(own, copy), await pages(run, database));
          const theirs = declarationsOf(fixture.path);
          for (const [table, sql] of declarationsOf(path)) {
            if (theirs.has(table)) assert.equal(sql, theirs.get(table));
          }
        });
      }
    } finally {
      database.close();
      await fixture.remove();
    }
  });
}

Deno.test("report import: a report made with full has all rows", async () => {
  const fixture = await large();
  const database = await openDatabase(fixture.path);
  try {
    const text = await reportOf(database, LARGE_RUN, { full: true });
    await imported(text, async (copy, { header }) => {
      assert.deepEqual(header.data.left, []);
      await assertSameTables(copy, database, LARGE_RUN);
    });
  } finally {
    database.close();
    await fixture.remove();
  }
});

Deno.test("report import: a redacted report becomes a database without the names", async () => {
  const fixture = await climate();
  const database = await openDatabase(fixture.path);
  try {
    const text = await reportOf(database, CLIMATE_RUN, { redact: true });
    const [{ host, user, rundir }] = (await database.workflows())
      .filter(({ runId }) => runId === CLIMATE_RUN);
    const named = new RegExp(`\\b(${host}|${user})\\b|${rundir}`);
    await imported(text, async (copy, { header }) => {
      assert.equal(header.redacted, true);
      const [workflow] = await copy.workflows();
      assert.deepEqual([workflow.host, workflow.user], ["host-1", "user-1"]);
      const naming = async (from: MonitoringDatabase) =>
        [...await tablesOf(from.tables(CLIMATE_RUN))].flatMap(([table, held]) =>
          spelledRows(held).filter((row) => named.test(row)).map((row) => `${table}: ${row}`)
        );
      assert.notDeepEqual(await naming(database), []);
      assert.deepEqual(await naming(copy), []);
      const own = await tablesOf(copy.tables(CLIMATE_RUN));
      for (const [table, { rows }] of await tablesOf(database.tables(CLIMATE_RUN))) {
        assert.equal(own.get(table)?.rows.length, rows.length, table);
      }
    });
  } finally {
    database.close();
    await fixture.remove();
  }
});

Deno.test("report import: tables of another release, and values of other types, stay as they are", () =>
  withDirectory(async (directory) => {
    const database = await databaseOf(
      directory,
      `CREATE TABLE workflow (run_id TEXT, workflow_name TEXT, time_began TEXT, host ANY);
      INSERT INTO workflow VALUES ('r', 'old', '2019-01-01 10:00:00.5', NULL);
      CREATE TABLE task (task_id, run_id, task_func_name, task_depends, "a ""new"" one",
        task_time_submitted, task_fail_cost BLOB);
      INSERT INTO task VALUES (0, 'r', 'f', '', 7, '2019-01-01 10:00:01', '12'),
        (1, 'r', x'0066', '0', 2.0, 1546336801, 3), (2, 'r', 5, NULL, '7', 2.0, -0.0);
      CREATE TABLE try (task_id, run_id, task_try, hostname);
      INSERT INTO try VALUES (0, 'r', 9007199254740993, 'h'), (0, 'r', 9007199254740993, 'h');
      CREATE TABLE status (task_id, run_id, task_status_name, timestamp);
      INSERT INTO status VALUES (0, 'r', 'pending', '2019'), (0, 'r', 'pending', '2019'),
        (0, 'r', NULL, 'when?'), ('0', 'r', 'done', '2019-01-01 10:00:03');`,
    );
    try {
      await imported(await reportOf(database, "r"), async (copy, _made, path) => {
        const tables = await tablesOf(copy.tables("r"));
        assert.deepEqual([...tables.keys()].length, 7, "Parsl's other tables are there, and empty");
        for (const [table, before] of await tablesOf(database.tables("r"))) {
          assert.deepEqual(tables.get(table)!.columns, before.columns);
          assert.deepEqual(spelledRows(tables.get(table)!), spelledRows(before), table);
        }
        assert.match(declarationsOf(path).get("status")!, /task_status_name TEXT/);
      });
    } finally {
      database.close();
    }
  }));

Deno.test("report import: a page that is no report, or of a newer release, is refused", async () => {
  const fixture = await climate();
  const database = await openDatabase(fixture.path);
  const text = await reportOf(database, CLIMATE_RUN);
  database.close();
  await fixture.remove();
  const edited = (from: string | RegExp, to: string) => {
    const at = text.lastIndexOf('id="parsloscope-report"');
    const rest = text.slice(at);
    assert.notEqual(rest.replace(from, to), rest, `the report has no ${from}`);
    return text.slice(0, at) + rest.replace(from, to);
  };
  const begin = text.lastIndexOf('<script type="application/json" id="parsloscope-report">');
  const status = text.lastIndexOf('data-part="data/status"');
  assert.ok(begin > 0 && status > begin);
  const part = '<script type="text/plain" data-part="data/status">';
  const cases: Record<string, [page: string, reason: RegExp]> = {
    "no report": ["<!doctype html><p>Report", /is a page, but no report; give one/],
    "newer": [edited('"version":1', '"version":7'), /newer release.*version 7.*version 1/],
    "newer data": [
      withHeader(text, (data) => ({ ...data, version: 2 })),
      /newer release.*version 2.*version 1/,
    ],
    "other format": [
      edited('"format":"parsloscope-report"', '"format":"x"'),
      /its header does not/,
    ],
    "no JSON": [edited('{"format"', "{format"), /its header is no JSON/],
    "empty header": [edited(/\{"format".*?(?=<\/script>)/, "null"), /its header does not/],
    "odd tables": [
      withHeader(text, (data) => ({ ...data, tables: [null, ...data.tables] })),
      /its part header does not/,
    ],
    "no data": [withHeader(text, () => null), /its part header does not/],
    "cut before": [text.slice(0, begin), /cut off before its data/],
    "cut in header": [text.slice(0, begin + 100), /cut off in its header/],
    "cut in part": [text.slice(0, status + 100), /cut off in its part status/],
    "cut between": [text.slice(0, status - 26), /its part status is not in it/],
    "base64": [edited(part, `${part}*`), /its part status is no base64/],
    "short base64": [edited(part, `${part}A`), /its part status is no base64/],
    "deflate": [edited(part, `${part}////`), /its part status cannot be inflated/],
    "checksum": [
      edited(new RegExp(`${part}[^<]*`), part + deflated(new Uint8Array(3), 1)),
      /its part status cannot be inflated/,
    ],
    "too short": [
      edited(new RegExp(`${part}[^<]*`), part + deflated(new Uint8Array(3))),
      /Part status is shorter than the header says/,
    ],
  };
  await withDirectory(async (directory) => {
    for (const [name, [page, reason]] of Object.entries(cases)) {
      const failed = importReport(page, "r.html", `${directory}/out.db`, false);
      await assert.rejects(failed, (error: Error) => {
        assert.ok(error instanceof ImportError, `${name}: ${error.stack}`);
        assert.match(error.message, reason, name);
        assert.match(error.message, /^r\.html (is|was) .*[.]$/, name);
        return true;
      });
      assert.deepEqual([...Deno.readDirSync(directory)], [], name);
    }
  });
});

Deno.test("report import: the command says what came in and what the report lacks", () =>
  withDirectory(async (directory) => {
    const fixture = await climate();
    const database = await openDatabase(fixture.path);
    const text = await reportOf(database, CLIMATE_RUN, { redact: true });
    database.close();
    await fixture.remove();
    const left = withHeader(text, (data) => ({
      ...data,
      left: [{ what: "resource", text: "No samples." }],
    }));
    assert.notEqual(left, text);
    await Deno.writeTextFile(`${directory}/r.html`, left);
    const out = `${directory}/out.db`;
    const result = await runCli(["import", `${directory}/r.html`, out]);
    assert.deepEqual([result.code, result.stderr], [0, ""]);
    const lines = result.stdout.trimEnd().split("\n");
    assert.match(lines[0], new RegExp(`is now run ${CLIMATE_RUN} of ${out}$`));
    assert.match(lines[1], /^ {2}\d+ tasks, from a report that Parsloscope \S+ made on \d{4}-/);
    assert.match(lines[2], /^ {2}Rows: workflow 1, task \d+, try \d+, status \d+, resource \d+, /);
    assert.match(lines[3], /samples of tasks are not in the report.*--full/);
    assert.match(lines[4], /redacted/);
    const again = await runCli(["import", `${directory}/r.html`, out]);
    assert.ok(again.code === 1 && /is there already.*--force/.test(again.stderr), again.stderr);
    const forced = await runCli(["import", `${directory}/r.html`, out, "--force"]);
    assert.deepEqual([forced.code, forced.stderr], [0, ""]);
  }));
