// Programs read every table of a monitoring database `where run_id = …`: our own tables let them.

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { importReport } from "../../import/import_report.ts";
import { importTrace } from "../../import/import_trace.ts";
import { exporter } from "../../installation/exporter.ts";
import { openDatabase } from "../../store/open.ts";
import { openWriter } from "../../store/open_writer.ts";
import { recordedChanges } from "../hub/recorded.ts";
import { TRACE_PATH } from "../import/helpers.ts";
import { onPath } from "../support/chromium.ts";
import { ROOT } from "../support/server.ts";
import { climateIn, plainCount, withDirectory } from "./helpers.ts";
import { change, query } from "./writer_helpers.ts";

const PARSLS = ["block", "node", "resource", "status", "task", "try", "workflow"];
const OWN = [
  "parsloscope_client",
  "parsloscope_deferred",
  "parsloscope_gpu_sample",
  "parsloscope_node_sample",
  "parsloscope_request",
  "parsloscope_traceback",
  "parsloscope_try_totals",
];

/** What a file has of each table by run, as such a program asks for it. */
function rowsByRun(path: string, runId: string): Record<string, number> {
  const tables = query(path, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
  return Object.fromEntries(
    tables.map(([name]) => [name, plainCount(path, String(name), runId)]),
  );
}

/** Enough rows that SQLite would have been told to gather statistics. */
async function written(path: string): Promise<string> {
  const writer = await openWriter(path);
  const changes = await recordedChanges("udp");
  for (let n = 0; n < 4; n++) {
    const renamed = changes.map((c) => ({ ...c, runId: `r${n}`, cells: c.cells.with(0, `r${n}`) }));
    await writer.write(renamed, new Map([["program 1", n + 1]]));
  }
  await writer.tend();
  await writer.close();
  return "r0";
}

Deno.test("own tables: each table of a hub's file can be read by run, while it is written and after", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const run = await written(path);
    const rows = rowsByRun(path, run);
    assert.deepStrictEqual(Object.keys(rows), [...PARSLS, ...OWN].sort());
    assert.ok(rows.task > 0 && rows.status > 0);
    const writer = await openWriter(path);
    await writer.write([change("worker-start", { task_id: 9, hostname: "n" })]);
    assert.equal(rowsByRun(path, "r").parsloscope_deferred, 1);
    await writer.close();
  }));

Deno.test("own tables: a client is acknowledged as before, whatever runs it speaks for", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    await written(path);
    const writer = await openWriter(path);
    assert.equal(await writer.acknowledged("program 1"), 4);
    await writer.write([change("task", { run_id: "another" })], new Map([["program 1", 3]]));
    assert.equal(await writer.acknowledged("program 1"), 4, "it never goes back");
    assert.equal(await writer.acknowledged("nobody"), 0);
    await writer.close();
  }));

/** Makes a file as a hub of release 0.1 left it. */
function asBefore(path: string): void {
  const file = new DatabaseSync(path);
  file.exec(
    "DROP TABLE parsloscope_client; CREATE TABLE parsloscope_client (" +
      "client TEXT PRIMARY KEY NOT NULL, acknowledged INTEGER NOT NULL, seen INTEGER NOT NULL); " +
      "INSERT INTO parsloscope_client VALUES ('program 1', 41, 1700000000000); ANALYZE",
  );
  file.close();
}

Deno.test("own tables: a file of an earlier hub is brought up to date, and its clients stay known", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const run = await written(path);
    asBefore(path);
    assert.throws(() => rowsByRun(path, run), /no such column: run_id/);
    const writer = await openWriter(path);
    assert.equal(await writer.acknowledged("program 1"), 41);
    await writer.write([], new Map([["program 1", 42]]));
    await writer.close();
    assert.deepStrictEqual(Object.keys(rowsByRun(path, run)), [...PARSLS, ...OWN].sort());
    assert.deepStrictEqual(
      query(path, "SELECT client, acknowledged, run_id FROM parsloscope_client"),
      [["program 1", 42, null]],
    );
  }));

Deno.test("own tables: statistics that a user made of Parsl's file are the user's", () =>
  withDirectory(async (directory) => {
    const path = await climateIn(directory);
    const file = new DatabaseSync(path);
    file.exec("ANALYZE");
    file.close();
    await (await openWriter(path)).close();
    assert.ok(query(path, "SELECT * FROM sqlite_stat1").length > 0);
  }));

Deno.test("own tables: imports of traces and of reports have Parsl's tables alone", () =>
  withDirectory(async (directory) => {
    const ofTrace = join(directory, "trace.db");
    const text = await Deno.readTextFile(TRACE_PATH);
    const { runId } = await importTrace(text, TRACE_PATH, ofTrace, false);
    assert.deepStrictEqual(Object.keys(rowsByRun(ofTrace, runId)), PARSLS);

    const source = join(directory, "source.db");
    const run = await written(source);
    const database = await openDatabase(source);
    const options = { theme: "auto", redact: false, full: true } as const;
    const report = await exporter(database, run, options, { signal: new AbortController().signal });
    let html = "";
    const decoder = new TextDecoder();
    for await (const chunk of report) html += decoder.decode(chunk, { stream: true });
    database.close();
    const ofReport = join(directory, "report.db");
    await importReport(html, "report.html", ofReport, false);
    const rows = rowsByRun(ofReport, run);
    assert.deepStrictEqual(Object.keys(rows), PARSLS);
    assert.equal(rows.task, plainCount(source, "task", run));
  }));

const python = onPath("python3");

Deno.test({
  name: "own tables: a reader of all tables reads a hub's file (case hub-own-table)",
  ignore: python === null,
  fn: () =>
    withDirectory(async (directory) => {
      const path = join(directory, "monitoring.db");
      await written(path);
      const script = `${ROOT}tests/fixtures/cases/hub-own-table/query.py`;
      const read = () => new Deno.Command(python!, { args: [script, path] }).output();
      const { success, stdout, stderr } = await read();
      assert.ok(success, new TextDecoder().decode(stderr));
      const lines = new TextDecoder().decode(stdout).trim().split("\n");
      assert.equal(lines.length, PARSLS.length + OWN.length);
      asBefore(path);
      assert.equal((await read()).success, false);
      await (await openWriter(path)).close();
      assert.equal((await read()).success, true);
    }),
});
