// The failures of every recording, to the letter, and that all pages say the same numbers.

import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { appFigures, failureGroups } from "../../model/figures/figures.ts";
import { emptyRows, type RunRows, type WorkflowRow } from "../../model/run/rows.ts";
import { Run } from "../../model/run/run.ts";
import { parseTaskQuery, selectTasks, taskPage, tasksCsv } from "../../model/tasks/table.ts";
import { runHead } from "../../model/views/head.ts";
import { summaryView } from "../../model/views/summary.ts";
import { loadWorkflowLines } from "../../live/views/views.ts";
import { START } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { climate, large } from "../support/fixtures.ts";
import { GrowingRun } from "../support/growing_run.ts";

type Counted = [cause: string, failed: number, notRun: number, open: number, saved: number];

const ALWAYS = "ValueError: this task always fails, x=…";
const IN_JOIN = "ValueError: this task always fails, x=in-join";
const BASH = "BashExitFailure: bash_fail, exit code 7";
const FLAKY = "RuntimeError: flaky: first try, with 'quotes', commas, and unicode é☃";

/** What the diverse workflow fails of on workers that can be lost. */
const CLIMATE: Counted[] = [
  [ALWAYS, 1, 2, 0, 0],
  [BASH, 1, 0, 0, 0],
  [`JoinError from ${IN_JOIN}`, 1, 0, 0, 0],
  [IN_JOIN, 1, 0, 0, 0],
  ["WorkerLost", 1, 0, 0, 0],
  ["no cause recorded", 1, 0, 0, 0],
  [FLAKY, 0, 0, 0, 1],
];

const EXPECTED: Record<string, Counted[]> = {
  "climate-udp": CLIMATE,
  "climate-htex": CLIMATE,
  "climate-fs": CLIMATE,
  "climate-threads": CLIMATE.filter(([cause]) => cause !== "WorkerLost"),
  "multi executors": CLIMATE,
  "killed -9 mid-run": [
    ["no cause recorded", 1, 0, 0, 0],
    [BASH, 0, 0, 1, 0],
    [ALWAYS, 0, 0, 1, 0],
    ["WorkerLost", 0, 0, 1, 0],
    [FLAKY, 0, 0, 0, 1],
  ],
  "os._exit without cleanup": [
    ...CLIMATE.filter(([cause, , , , saved]) => cause !== "WorkerLost" && saved === 0),
    ["WorkerLost", 0, 0, 1, 0],
    [FLAKY, 0, 0, 0, 1],
  ],
  "big-threads-10k": [["ValueError: bad …", 10, 0, 0, 0]],
  "big-htex-udp": [["ValueError: bad …", 3, 0, 0, 0]],
  "big-htex-noresource": [["ValueError: bad …", 5, 0, 0, 0]],
};

interface Recording {
  workflow: WorkflowRow;
  all: RunRows;
}

async function recordings(): Promise<Recording[]> {
  const out: Recording[] = [];
  for (const open of [climate, large]) {
    const file = await open();
    const database = await openDatabase(file.path);
    for (const workflow of await database.workflows()) {
      const all = emptyRows();
      for await (const { rows } of database.read(workflow.runId, START)) {
        for (const row of rows.tasks) all.tasks.push(row);
        for (const row of rows.tries) all.tries.push(row);
        for (const row of rows.statuses) all.statuses.push(row);
      }
      out.push({ workflow, all });
    }
    database.close();
    await file.remove();
  }
  return out;
}

function folded({ workflow, all }: Recording): Run {
  const run = new Run(workflow);
  run.fold(all);
  return run;
}

/** A recording as it stood at a time: its end is not known, nor what came later. */
function cut({ workflow, all }: Recording, time: number): Run {
  const statuses = all.statuses.filter((row) => row.time <= time);
  const seen = new Set(statuses.map((row) => row.taskId));
  const failed = new Set(
    statuses.filter((row) => /fail/.test(row.state)).map((row) => `${row.taskId} ${row.tryId}`),
  );
  const tries = all.tries.filter((row) => seen.has(row.taskId) && (row.launched ?? 0) <= time)
    .map((row) => failed.has(`${row.taskId} ${row.tryId}`) ? row : { ...row, failHistory: null });
  return folded({
    workflow: { ...workflow, completed: null },
    all: { ...all, statuses, tries, tasks: all.tasks.filter((row) => seen.has(row.taskId)) },
  });
}

const query = (text: string) => parseTaskQuery(new URLSearchParams(text));

/** Holds header, groups, apps, task table and its CSV to the same numbers. */
function sumsAgree(run: Run, what: string): void {
  const view = summaryView(run, run.end);
  const { failed, notRun } = view.head;
  const groups = failureGroups(run);
  const csv = tasksCsv(run, selectTasks(run, query(""))).split("\r\n").slice(1);
  for (
    const [state, key, tasks] of [["failed", "failed", failed], [
      "dep_fail",
      "notRun",
      notRun,
    ]] as const
  ) {
    equal(groups.reduce((sum, group) => sum + group[key], 0), tasks, `${what}: causes, ${state}`);
    equal(view.apps.reduce((sum, app) => sum + app[key], 0), tasks, `${what}: apps, ${state}`);
    equal(appFigures(run).reduce((sum, app) => sum + app[key], 0), tasks);
    equal(view.head.states.find(({ name }) => name === state)?.count ?? 0, tasks);
    equal(selectTasks(run, query(`state=${state}`)).length, tasks);
    equal(csv.filter((line) => line.split(",")[2] === state).length, tasks);
    for (const group of groups) {
      const params = new URLSearchParams({ cause: group.cause, state });
      equal(taskPage(run, parseTaskQuery(params)).total, group[key], `${what}: ${group.cause}`);
    }
  }
  for (const group of groups) {
    const { total } = taskPage(run, parseTaskQuery(new URLSearchParams({ cause: group.cause })));
    equal(total, group.failed + group.notRun + group.open + group.saved, group.cause);
  }
}

Deno.test("recordings: every failure is grouped as it is named here", async () => {
  const found: Record<string, Counted[]> = {};
  for (const recording of await recordings()) {
    found[recording.workflow.name!] = failureGroups(folded(recording))
      .map(({ cause, failed, notRun, open, saved }) => [cause, failed, notRun, open, saved]);
  }
  deepStrictEqual(found, EXPECTED);
});

Deno.test("recordings: header, causes, apps, tasks and CSV say the same, ended or cut mid-way", async () => {
  let open = 0;
  for (const recording of await recordings()) {
    const { workflow } = recording;
    const whole = folded(recording);
    sumsAgree(whole, workflow.name!);
    equal(runHead(whole, whole.end).failed, workflow.tasksFailed, "as Parsl counted");
    for (const part of [0.1, 0.3, 0.5, 0.7, 0.9]) {
      const run = cut(recording, whole.began + part * (whole.end - whole.began));
      sumsAgree(run, `${workflow.name}, ${part}`);
      equal(runHead(run, run.end).status, "running");
      for (const group of failureGroups(run)) open += group.open;
    }
  }
  ok(open > 10, "some of these tasks may be retried");
});

Deno.test("recordings: the list says of a run what its header says, read or not", async () => {
  for (const open of [climate, large]) {
    const file = await open();
    const catalog = await openCatalog([file.path]);
    try {
      const unread = await loadWorkflowLines(catalog);
      deepStrictEqual(unread.map(({ tasksNotRun }) => tasksNotRun), unread.map(() => null));
      for (const { runId } of unread) await catalog.run(runId);
      const read = await loadWorkflowLines(catalog);
      for (const [i, line] of read.entries()) {
        const head = runHead((await catalog.run(line.runId))!.run, 0);
        deepStrictEqual([line.tasksFailed, line.tasksNotRun], [head.failed, head.notRun]);
        equal(unread[i].tasksFailed, head.failed);
        equal(line.status, unread[i].status);
      }
    } finally {
      catalog.close();
      await file.remove();
    }
  }
});

Deno.test("a run that goes on: the list follows its states, where Parsl's counts are late", async () => {
  const growing = await GrowingRun.begin();
  const catalog = await openCatalog([growing.path]);
  try {
    for (let i = 0; i < 3; i++) growing.now(growing.add("step"), "failed");
    growing.add("step");
    await growing.commit();
    const head = async () => {
      const followed = (await catalog.run(growing.runId))!;
      sumsAgree(followed.run, "growing");
      return runHead(followed.run, followed.hostNow());
    };
    const line = async () => (await loadWorkflowLines(catalog))[0];
    equal((await line()).tasksFailed, 0, "what Parsl counted");
    equal((await head()).failed, 3);
    const { tasksFailed, tasksNotRun } = await line();
    deepStrictEqual([tasksFailed, tasksNotRun], [3, 0]);
  } finally {
    catalog.close();
    await growing.end();
  }
});
