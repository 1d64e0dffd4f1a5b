// What failed and why: which task is counted where, and in which words.

import { deepStrictEqual, equal } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import {
  type FailureGroup,
  failureGroups,
  NO_CAUSE,
  tasksOfCause,
  UNKNOWN_DEPENDENCY,
} from "../../model/figures/failures.ts";
import { Run } from "../../model/run/run.ts";
import { ROOT } from "../support/server.ts";
import { rows, runsOf, status, T0, taskRow, tryRow, workflowRow } from "./synthetic.ts";

/** What a group counts: cause, failed, not run, open, saved, failed again, tries. */
function counts(group: FailureGroup): (string | number)[] {
  const { cause, failed, notRun, open, saved, again, tries } = group;
  return [cause, failed, notRun, open, saved, again, tries];
}

/** A run of tasks by what is told of each: its tries' texts, its state, its dependencies. */
function runOf(
  tasks: { texts?: string[]; state: string; depends?: number[]; joins?: number[] }[],
): Run {
  const run = new Run(workflowRow());
  run.fold(rows({
    tasks: tasks.map(({ depends }, id) =>
      taskRow(id, { app: `app${id}`, depends: (depends ?? []).join() })
    ),
    tries: tasks.flatMap(({ texts = [""], joins }, id) =>
      texts.map((failHistory, n) => tryRow(id, n, { failHistory, joins: joins?.join() ?? null }))
    ),
    statuses: tasks.flatMap(({ texts = [""], state }, id) => [
      ...texts.slice(1).map((_, n) => status(id, "fail_retryable", 1 + id + n / 10, n)),
      status(id, state, 50 + id, texts.length - 1),
    ]),
  }));
  return run;
}

Deno.test("failures: each task is counted once, by how it ended and why it failed last", () => {
  const run = runOf([
    { texts: ["E('a 1')", "E('b')"], state: "failed" },
    { texts: ["E('a 2')", "E('a 3')", ""], state: "exec_done" },
    { texts: ["E('a 4')", ""], state: "running" },
    { texts: ["E('b')"], state: "fail_retryable" },
    { texts: ["", ""], state: "memo_done" },
    { texts: [""], state: "failed" },
    { texts: [""], state: "fail_retryable" },
    { state: "exec_done" },
    { texts: ["E('b')"], state: "failed" },
  ]);
  const groups = failureGroups(run);
  deepStrictEqual(groups.map(counts), [
    ["E: b", 2, 0, 1, 0, 0, 3],
    [NO_CAUSE, 1, 0, 1, 1, 0, 3],
    ["E: a …", 0, 0, 1, 1, 1, 4],
  ]);
  deepStrictEqual(groups[0], {
    cause: "E: b",
    example: "E('b')",
    ...{ failed: 2, notRun: 0, open: 1, saved: 0, again: 0, tries: 3, merges: 1 },
    first: T0 + 50_000,
    apps: ["app0", "app3", "app8"],
    hosts: ["node1"],
    moreHosts: 0,
    tasks: [0, 8, 3],
  });
  equal(groups[1].example, "");
  equal(groups[2].first, T0 + 1000);
  deepStrictEqual(failureGroups(run, 1)[0].tasks, [0]);
  for (const group of groups) {
    const marked = tasksOfCause(run, group.cause)!.reduce((sum, mark) => sum + mark, 0);
    equal(marked, group.failed + group.notRun + group.open + group.saved, group.cause);
  }
  equal(tasksOfCause(run, "E: c"), null);
});

Deno.test("failures: what was not run is counted under what it began with", () => {
  const of = (id: number, text: string) => `DependencyError([(${text}, 'task ${id}')], 9)`;
  const run = runOf([
    { texts: ["E('root 1')"], state: "failed" },
    { texts: [of(0, "E('root 1')")], state: "dep_fail", depends: [0] },
    // Texts that do not tell: the graph does.
    { texts: [of(1, "DependencyError(...)")], state: "dep_fail", depends: [1] },
    { state: "dep_fail", depends: [2, 12] },
    // One whose own text was not recorded: those behind it tell.
    { texts: [""], state: "failed" },
    { texts: [of(4, "TypeError('no future')")], state: "dep_fail", depends: [4] },
    { texts: [""], state: "dep_fail", depends: [4] },
    // Two causes at once.
    { texts: ["DependencyError(...)"], state: "dep_fail", depends: [3, 8] },
    { texts: ["F()"], state: "failed" },
    // Not tasks of this run.
    { texts: [of(99, "G()")], state: "dep_fail", depends: [99] },
    { texts: [""], state: "dep_fail", depends: [99] },
    // A join tells of its own, and so does what waited for it.
    { texts: ["JoinError(...)"], state: "failed", joins: [8] },
    { state: "exec_done" },
    { texts: [of(11, "JoinError(...)")], state: "dep_fail", depends: [11] },
  ]);
  deepStrictEqual(failureGroups(run).map(counts), [
    ["E: root …", 1, 3, 0, 0, 0, 1],
    ["F", 1, 1, 0, 0, 0, 1],
    [NO_CAUSE, 1, 1, 0, 0, 0, 1],
    ["JoinError from F", 1, 0, 0, 0, 0, 1],
    ["E: root …; F", 0, 1, 0, 0, 0, 0],
    ["G", 0, 1, 0, 0, 0, 0],
    ["TypeError: no future", 0, 1, 0, 0, 0, 0],
    [UNKNOWN_DEPENDENCY, 0, 1, 0, 0, 0, 0],
  ]);
  deepStrictEqual(failureGroups(run)[0].apps, ["app0"]);
  deepStrictEqual(failureGroups(run)[4].apps, ["app7"]);
});

Deno.test("failures: chains and rings of any length are followed", () => {
  const length = 20_000;
  const chain = Array.from(
    { length },
    (_, id) => ({ state: "dep_fail", depends: id > 0 ? [id - 1] : [] }),
  );
  chain[0] = { state: "failed", depends: [] };
  deepStrictEqual(failureGroups(runOf(chain)).map(counts), [[NO_CAUSE, 1, length - 1, 0, 0, 0, 1]]);
  const ring = [{ state: "dep_fail", depends: [1] }, { state: "dep_fail", depends: [0] }];
  deepStrictEqual(failureGroups(runOf(ring)).map(counts), [[UNKNOWN_DEPENDENCY, 0, 2, 0, 0, 0, 0]]);
});

Deno.test("failures: causes beyond the first 1,000 say how many they are", () => {
  const word = (n: number) => [...String(n)].map((digit) => "pqrstuvwxy"[Number(digit)]).join("");
  const run = runOf(
    Array.from({ length: 1500 }, (_, id) => ({ texts: [`E('${word(id)}')`], state: "failed" })),
  );
  const groups = failureGroups(run);
  equal(groups.length, 1001);
  deepStrictEqual([groups[0].cause, groups[0].merges, groups[0].failed], [
    "other failures",
    500,
    500,
  ]);
});

Deno.test("failures: causes that differ behind what is shown are told apart", () => {
  const long = (end: string) => `E('${"so ".repeat(100)}${end} ${"la ".repeat(100)}')`;
  const groups = failureGroups(runOf([
    { texts: [long("x")], state: "failed" },
    { texts: [long("y")], state: "failed" },
  ]));
  equal(groups.length, 2);
  equal(new Set(groups.map(({ cause }) => cause)).size, 2);
});

Deno.test("case multiline-cause: each of four exceptions is a cause of its own", async () => {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    const path = `${folder}/monitoring.db`;
    const database = new DatabaseSync(path);
    for (const name of ["schema.sql", "multiline-cause/rows.sql"]) {
      database.exec(await Deno.readTextFile(`${ROOT}tests/fixtures/cases/${name}`));
    }
    database.close();
    const [run] = await runsOf(path);
    const input = "Input should be a valid integer, unable to parse string as an integer";
    deepStrictEqual(failureGroups(run).map(({ cause, failed }) => [cause, failed]), [
      [`1 validation error for Patient: age: ${input}`, 1],
      [`1 validation error for Telescope: aperture: ${input}`, 1],
      ["BadStateException: HighThroughputExecutor(…), Executor htex is not usable", 1],
      ["ValueError: wrong )", 1],
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
