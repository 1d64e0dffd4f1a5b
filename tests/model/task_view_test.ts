// A task's page: of what it does not list, it says how much there is and where.
import assert from "node:assert/strict";
import type { TaskText, TryRow } from "../../model/run/rows.ts";
import { Run } from "../../model/run/run.ts";
import { parseTaskQuery, selectTasks } from "../../model/tasks/table.ts";
import { type TaskRecordLike, taskView } from "../../model/views/task.ts";
import { tasksView } from "../../model/views/tasks.ts";
import { rows, sample, status, T0, taskRow, tryRow, workflowRow } from "./synthetic.ts";

const TEXT: TaskText = {
  hashsum: null,
  inputs: null,
  outputs: null,
  stdin: null,
  stdout: null,
  stderr: null,
};

/** A task with so many tries, each with two states, a failure and a sample. */
function retried(tries: number): { run: Run; record: TaskRecordLike } {
  const numbers = Array.from({ length: tries }, (_, number) => number);
  const record: TaskRecordLike = {
    text: TEXT,
    tries: numbers.map((n) => tryRow(0, n, { failHistory: `ValueError(${n})`, blockId: `${n}` })),
    statuses: numbers.flatMap((n) => [
      status(0, "running", n, n),
      status(0, "fail_retryable", n + 0.5, n),
    ]),
    resources: numbers.map((n) => ({ ...sample(0, n, n, n), tryId: n })),
  };
  const run = new Run(workflowRow());
  run.fold(rows({ ...record, tasks: [taskRow(0)] }));
  return { run, record };
}

Deno.test("task page: thousands of tries are on pages, each with its states and samples", () => {
  const { run, record } = retried(3210);
  const last = taskView(run, T0, 0, record)!;
  assert.deepStrictEqual(last.triesPage, { page: 33, pages: 33, total: 3210 });
  assert.deepStrictEqual(last.tries.map(({ tryId }) => tryId), [
    ...Array.from({ length: 10 }, (_, i) => 3200 + i),
  ]);
  const seen: number[] = [];
  for (let page = 1; page <= 33; page++) {
    const view = taskView(run, T0, 0, record, page)!;
    const numbers = view.tries.map(({ tryId }) => tryId);
    seen.push(...numbers);
    assert.equal(view.events.length, 2 * numbers.length);
    assert.deepStrictEqual(new Set(view.events.map(({ tryId }) => tryId)), new Set(numbers));
    assert.deepStrictEqual(view.tries.map(({ block }) => block), numbers.map(String));
    assert.deepStrictEqual(view.samples.tries.map(({ tryId }) => tryId), numbers.slice(-12));
    assert.equal(view.samples.moreTries, Math.max(0, numbers.length - 12));
  }
  assert.deepStrictEqual(seen, Array.from({ length: 3210 }, (_, i) => i));
  assert.equal(taskView(run, T0, 0, record, 99)!.triesPage.page, 33);
});

Deno.test("task page: few tries are on one page, with what the run has not yet read of them", () => {
  const { run, record } = retried(3);
  record.statuses.push(status(0, "running", 9, 3));
  const view = taskView(run, T0, 0, record)!;
  assert.deepStrictEqual(view.triesPage, { page: 1, pages: 1, total: 3 });
  assert.equal(view.events.length, 7);
  assert.equal(view.samples.tries.length, 3);
});

Deno.test("task page: more than it lists of connected tasks are in the table of tasks", () => {
  const ids = Array.from({ length: 1000 }, (_, id) => id);
  const joins = ids.filter((id) => id % 2 === 0);
  const first: TryRow = tryRow(1000, 0, { joins: ids.slice(0, 500).join(",") });
  const newest: TryRow = tryRow(1000, 1, { joins: joins.join(",") });
  const run = new Run(workflowRow());
  run.fold(rows({
    tasks: [
      ...ids.map((id) => taskRow(id, { app: id % 10 ? "many" : "few" })),
      taskRow(1000, { depends: [...ids, 77_777].join(",") }),
      ...ids.map((id) => taskRow(1001 + id, { depends: "1000,1000" })),
      taskRow(2001, { depends: "3" }),
    ],
    tries: [first, newest],
    statuses: [status(8, "failed", 5)],
  }));
  const record = { text: TEXT, tries: [first, newest], statuses: [], resources: [] };
  const view = taskView(run, T0, 1000, record)!;
  assert.deepStrictEqual([view.depends.length, view.moreDepends], [200, 801]);
  assert.deepStrictEqual([view.dependents.length, view.moreDependents], [200, 800]);
  const [old, own] = view.tries;
  assert.deepStrictEqual([own.joins.length, own.moreJoins, own.otherJoins], [200, 300, ""]);
  // The table has those of the newest try only: of others the page lists them itself.
  assert.deepStrictEqual([old.joins.length, old.moreJoins], [200, 300]);
  assert.equal(old.otherJoins, ids.slice(200, 500).join(", "));
  const found = (search: string) =>
    selectTasks(run, parseTaskQuery(new URLSearchParams(search)))
      .map((task) => run.taskId.data[task]);
  assert.deepStrictEqual(found("dependencies_of=1000"), ids);
  assert.deepStrictEqual(found("dependents_of=1000"), ids.map((id) => 1001 + id));
  assert.deepStrictEqual(found("joined_by=1000"), joins);
  assert.deepStrictEqual(found("dependents_of=3"), [1000, 2001]);
  assert.deepStrictEqual(found("joined_by=1000&app=few&order=desc").slice(0, 2), [990, 980]);
  assert.deepStrictEqual(found("joined_by=1000&state=failed"), [8]);
  assert.deepStrictEqual(found("dependencies_of=5"), []);
  assert.deepStrictEqual(found("dependencies_of=99999"), []);
  assert.equal(found("dependencies_of=x").length, run.tasks, "what makes no sense is not asked");
  const query = parseTaskQuery(new URLSearchParams("dependents_of=1000&page=3"));
  assert.equal(tasksView(run, T0, query, null)!.total, 1000);
});
