// The command as a user starts it, and what the dashboard's model makes of its database.

import assert from "node:assert/strict";
import { ImportError } from "../../import/import_error.ts";
import { claimOutput, writeOutput } from "../../import/output.ts";
import { Run } from "../../model/run/run.ts";
import {
  appFigures,
  cpuOf,
  peakMemory,
  runTime,
  stateCounts,
} from "../../model/figures/figures.ts";
import { managersOf } from "../../model/figures/capacity.ts";
import { openDatabase } from "../../store/open.ts";
import { runCli } from "../support/server.ts";
import { climateIn, readAll, withDirectory } from "../store/helpers.ts";
import { TRACE_PATH, traceText } from "./helpers.ts";

const HOUR = Date.UTC(2024, 4, 7, 9, 30);

async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function runIn(path: string): Promise<{ run: Run; inputs: string | null }> {
  const database = await openDatabase(path);
  try {
    const workflows = await database.workflows();
    assert.deepStrictEqual(workflows.length, 1);
    const run = new Run(workflows[0]);
    run.fold((await readAll(database, run.runId)).rows);
    const record = await database.task(run.runId, 2);
    return { run, inputs: record!.text.inputs };
  } finally {
    database.close();
  }
}

Deno.test("import: the dashboard's model finds the trace in the database", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/out.db`;
    const result = await runCli(["import", TRACE_PATH, path]);
    assert.deepStrictEqual([result.code, result.stderr], [0, ""]);
    assert.ok(/4 tasks, 4 dependencies, 2 machines, 65 s/.test(result.stdout), result.stdout);
    assert.deepStrictEqual([...Deno.readDirSync(directory)].map((entry) => entry.name), ["out.db"]);

    const { run, inputs } = await runIn(path);
    const { workflow } = run;
    assert.deepStrictEqual([workflow.name, workflow.version], ["tiny survey", "Loom 2.1"]);
    assert.deepStrictEqual([workflow.user, workflow.rundir], ["ada", "trace.json"]);
    assert.deepStrictEqual([workflow.began, workflow.completed], [HOUR, HOUR + 65_000]);
    assert.deepStrictEqual([workflow.tasksCompleted, workflow.tasksFailed], [4, 0]);
    assert.deepStrictEqual(stateCounts(run), [{ name: "exec_done", count: 4 }]);
    const depends = [0, 1, 2, 3].map((id) => [...run.dependenciesOf(run.indexOf(id)!)]);
    assert.deepStrictEqual(depends, [[], [0], [0], [1, 2]]);
    assert.deepStrictEqual(appFigures(run).map(({ app }) => app).sort(), [
      "merge",
      "scan",
      "split",
    ]);
    const tries = [0, 1, 2, 3].map((id) => run.triesOf(run.indexOf(id)!)[0]);
    assert.deepStrictEqual(tries.map((attempt) => runTime(run, attempt)), [
      10_000,
      20_000,
      30_000,
      5000,
    ]);
    assert.deepStrictEqual(tries.map((attempt) => cpuOf(run, attempt)), [null, 10, 45, null]);
    assert.deepStrictEqual(peakMemory(run), 5e6);
    const managers = managersOf(run);
    assert.deepStrictEqual(
      managers.map((m) => [m.hostname, m.cores, m.memory, m.workers]),
      [["alpha", 1, 8e9, 1], ["beta", 2, 0, 2]],
    );
    assert.deepStrictEqual(managers.map((m) => m.until), [HOUR + 65_000, HOUR + 65_000]);
    assert.deepStrictEqual(inputs, "['it\\'s west.raw']");
  }));

Deno.test("import: gzip is told by content, and the same trace gets the same run id", () =>
  withDirectory(async (directory) => {
    await Deno.writeFile(`${directory}/packed`, await gzip(await traceText()));
    const [plain, packed] = await Promise.all([
      runCli(["import", TRACE_PATH, `${directory}/a.db`]),
      runCli(["import", `${directory}/packed`, `${directory}/b.db`]),
    ]);
    assert.deepStrictEqual([plain.code, packed.code], [0, 0], plain.stderr + packed.stderr);
    const [a, b] = [await runIn(`${directory}/a.db`), await runIn(`${directory}/b.db`)];
    assert.deepStrictEqual(a.run.runId, b.run.runId);
    assert.ok(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(a.run.runId), a.run.runId);
  }));

Deno.test("import: a database is replaced by --force only, and another file never", () =>
  withDirectory(async (directory) => {
    const path = await climateIn(directory);
    const before = await Deno.readFile(path);
    const refused = await runCli(["import", TRACE_PATH, path]);
    assert.ok(
      refused.code === 1 && /is there already.*--force/.test(refused.stderr),
      refused.stderr,
    );
    assert.deepStrictEqual(await Deno.readFile(path), before, "the database was changed");

    // What another program left of its log must not be taken for the new database's.
    await Deno.writeTextFile(`${path}-wal`, "old");
    const forced = await runCli(["import", TRACE_PATH, path, "--force"]);
    assert.deepStrictEqual(forced.code, 0, forced.stderr);
    assert.deepStrictEqual((await runIn(path)).run.tasks, 4);
    assert.deepStrictEqual([...Deno.readDirSync(directory)].map((entry) => entry.name), [
      "monitoring.db",
    ]);

    const swapped = `${directory}/trace.json`;
    await Deno.copyFile(TRACE_PATH, swapped);
    const guarded = await runCli(["import", TRACE_PATH, swapped, "--force"]);
    assert.ok(guarded.code === 1 && /is no database/.test(guarded.stderr), guarded.stderr);
    assert.deepStrictEqual(await Deno.readTextFile(swapped), await traceText());
  }));

Deno.test("import: a database that comes while an import runs stays", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/out.db`;
    const theirs = await Deno.readFile(await climateIn(directory, "theirs.db"));
    function* changes() {
      Deno.writeFileSync(path, theirs);
      yield* [];
    }
    const claimed = await claimOutput(path, false);
    const error = await writeOutput(claimed, changes(), { force: false }).catch((error) => error);
    assert.ok(error instanceof ImportError && /is there already/.test(error.message), `${error}`);
    assert.deepStrictEqual(await Deno.readFile(path), theirs);
    const left = [...Deno.readDirSync(directory)].map((entry) => entry.name).sort();
    assert.deepStrictEqual(left, ["out.db", "theirs.db"]);
  }));

Deno.test("import: what cannot be imported is answered with one sentence, and nothing is made", () =>
  withDirectory(async (directory) => {
    const packed = await gzip(await traceText());
    const files: Record<string, [content: string | Uint8Array, reason: RegExp]> = {
      "notes.txt": ["Some notes.", /notes\.txt is not JSON/],
      "notes.json.gz": ["Some notes.", /is not gzip, though its name says so/],
      "cut.json.gz": [packed.subarray(0, packed.length - 40), /damaged gzip/],
      "empty.json": ["", /is empty/],
      "list.json": ["[1, 2]", /not a workflow trace/],
      "page.html": ["<!doctype html><p>Report", /is a page, but no report/],
      "circle.json": [
        await traceText(['"parents": []', '"parents": ["merge_ID04"]']),
        /circle\.json cannot be imported: .* in a circle/,
      ],
    };
    const encoder = new TextEncoder();
    for (const [name, [content]] of Object.entries(files)) {
      const bytes = typeof content === "string" ? encoder.encode(content) : content;
      await Deno.writeFile(`${directory}/${name}`, bytes);
    }
    await climateIn(directory, "old.db");
    const reasons: [string, RegExp][] = Object.entries(files).map(([name, [, r]]) => [name, r]);
    reasons.push(["old.db", /visualize/], ["nothing.json", /There is no file/], [".", /directory/]);
    for (const [name, reason] of reasons) {
      const result = await runCli(["import", `${directory}/${name}`, `${directory}/out.db`]);
      const lines = result.stderr.trim().split("\n");
      assert.ok(
        result.code === 1 && lines.length === 1,
        `${name}: ${result.code} ${result.stderr}`,
      );
      assert.ok(reason.test(lines[0]), `${name}: ${lines[0]}`);
    }
    const usage = await runCli(["import", TRACE_PATH]);
    assert.ok(usage.code === 2 && /OUT\.db/.test(usage.stderr), usage.stderr);
    const made = [...Deno.readDirSync(directory)].filter(({ name }) => name.startsWith("out"));
    assert.deepStrictEqual(made, []);
  }));
