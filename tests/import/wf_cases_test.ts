// Traces that went wrong, each with its right values; see the README beside them.

import { deepStrictEqual, equal, match, ok, rejects } from "node:assert/strict";
import { type Imported, importTrace } from "../../import/import_trace.ts";
import { Run } from "../../model/run/run.ts";
import { openDatabase } from "../../store/open.ts";
import { readAll, withDirectory } from "../store/helpers.ts";
import { ROOT, runCli } from "../support/server.ts";
import { flatTrace } from "./helpers.ts";

const CASES = `${ROOT}tests/fixtures/cases/wf/`;

/** What was said, and per task in seconds after the run's beginning. */
interface Result extends Imported {
  depends: number[][];
  starts: number[];
  ends: number[];
}

async function importText(text: string): Promise<Result> {
  let result: Result | null = null;
  await withDirectory(async (directory) => {
    const path = `${directory}/out.db`;
    const imported = await importTrace(text, "t.json", path, false);
    const database = await openDatabase(path);
    try {
      const [workflow] = await database.workflows();
      const run = new Run(workflow);
      run.fold((await readAll(database, run.runId)).rows);
      const places = Array.from({ length: run.tasks }, (_, id) => run.indexOf(id)!);
      const tries = places.map((place) => run.triesOf(place)[0]);
      const seconds = (ms: number) => (ms - workflow.began!) / 1000;
      result = {
        ...imported,
        depends: places.map((place) => [...run.dependenciesOf(place)]),
        starts: tries.map((attempt) => seconds(run.tries.running.data[attempt])),
        ends: tries.map((attempt) => seconds(run.returned(attempt))),
      };
    } finally {
      database.close();
    }
  });
  return result!;
}

const importCase = async (name: string) =>
  importText(await Deno.readTextFile(`${CASES}${name}.json`));

Deno.test("trace case: the graph is in the files only", async () => {
  const { depends, starts, edges, remarks } = await importCase("files-only-edges");
  deepStrictEqual([depends, edges], [[[], [0]], 1]);
  ok(starts[1] >= 10, `the second starts at ${starts[1]} s`);
  match(remarks.join("\n"), /^1 dependency comes from files/);
});

Deno.test("trace case: starts are when the trace was made", async () => {
  const { starts, ends, known, refused, remarks } = await importCase("starts-contradict");
  deepStrictEqual([starts, ends], [[0, 100], [100, 150]]);
  deepStrictEqual([known, refused], [0, 2]);
  match(remarks[0], /starts of all 2 tasks .* contradict the dependencies/);
  match(remarks[1], /The makespan in the trace, 0 s, is less/);
});

Deno.test("trace case: ids, parents and children are numbers", async () => {
  const { depends, starts } = await importCase("number-ids");
  deepStrictEqual([depends, starts], [[[], [0]], [0, 1]]);
});

Deno.test("trace case: a generated trace of version 1.1", async () => {
  const { depends, ends, length } = await importCase("generated-jobs");
  deepStrictEqual(depends, [[], [0], [0]]);
  deepStrictEqual([ends, length], [[878.473, 879.973, 880.973], 880.973]);
});

Deno.test("trace case: recorded starts of another zone than the run's beginning", async () => {
  const { starts, ends, known, remarks } = await importCase("groundtruth");
  deepStrictEqual([starts, ends], [[2.25, 7], [6.5, 12.5]]);
  deepStrictEqual([known, remarks], [2, []]);
});

Deno.test("trace case: heft, Parsl's converter, no makespan, no run time", async () => {
  const heft = await importCase("heft");
  deepStrictEqual([heft.depends, heft.starts], [[[], [0], [0]], [0, 13, 29.5]]);
  const parsl = await importCase("parsl-converted");
  deepStrictEqual([parsl.depends, parsl.length], [[[2], [0], [], [1]], 30.327368]);
  const open = await importCase("null-makespan");
  deepStrictEqual([open.starts, open.length, open.remarks], [[0, 1], 3, []]);
  const zero = await importCase("zero-runtime");
  deepStrictEqual([zero.depends, zero.ends, zero.remarks], [[[], [0]], [0, 0], []]);
});

Deno.test("trace case: a number that is none is refused in one line", async () => {
  await rejects(importCase("nan"), (error: Error) => {
    match(error.message, /^t\.json is not JSON \(.*\)\.$/);
    return true;
  });
});

Deno.test("traces: run times that are none are refused, a makespan that is none is left out", async () => {
  const runtimes: [unknown, RegExp][] = [
    [-1, /"runtimeInSeconds" is not a number of 0 or more \(in t1\)/],
    ["12", /is not a number/],
    [1e300, /the run time of t1, 1e\+300 s, is none that a task takes/],
    [null, /1 of its 2 tasks have no run time, the first is t1/],
  ];
  for (const [runtimeInSeconds, reason] of runtimes) {
    await rejects(importText(flatTrace([{}, { runtimeInSeconds }])), (error: Error) => {
      match(error.message, reason);
      return true;
    });
  }
  for (const makespanInSeconds of [-5, "long", 1e300]) {
    const { length, remarks } = await importText(flatTrace([{}], { makespanInSeconds }));
    equal(length, 10);
    match(remarks.join(), /^The makespan in the trace, .* is no number of seconds/);
  }
  const late = flatTrace([{}], { executedAt: "9999-12-31T23:59:55Z" });
  await rejects(importText(late), /ends after the year 9999/);
});

Deno.test("traces: the command says what came from files and which starts are computed", () =>
  withDirectory(async (directory) => {
    const said = async (name: string) => {
      const result = await runCli(["import", `${CASES}${name}.json`, `${directory}/${name}.db`]);
      deepStrictEqual([result.code, result.stderr], [0, ""]);
      return result.stdout;
    };
    match(await said("files-only-edges"), /\n {2}1 dependency comes from files/);
    const doubts = await said("starts-contradict");
    match(doubts, /\n {2}No task's start is taken from the trace;/);
    match(doubts, /\n {2}The starts of all 2 tasks that have one .* computed ones replace them\./);
  }));
