import assert from "node:assert/strict";
import { Run } from "../../model/run/run.ts";
import {
  parseTaskQuery,
  selectTasks,
  taskLine,
  tasksCsv,
  tasksCsvParts,
} from "../../model/tasks/table.ts";
import { SORT_KEYS } from "../../model/tasks/columns.ts";
import type { TaskQuery } from "../../model/tasks/query.ts";
import { taskView } from "../../model/views/task.ts";
import { tasksView } from "../../model/views/tasks.ts";
import { rows, sample, status, T0, taskRow, tryRow, workflowRow } from "./synthetic.ts";

function query(news: Partial<TaskQuery> = {}): TaskQuery {
  return { ...parseTaskQuery(new URLSearchParams()), ...news };
}

function table(): Run {
  const run = new Run(workflowRow());
  run.fold(rows({
    tasks: [
      taskRow(3, { app: "beta", invoked: null }),
      taskRow(0, { app: "alpha", returned: T0 + 9000, invoked: T0 + 3000 }),
      taskRow(1, { app: "alpha", depends: "0", invoked: T0 + 2000 }),
      taskRow(2, { app: "gamma", depends: "0,1", invoked: T0 + 1000 }),
    ],
    tries: [
      tryRow(0, 0, { hostname: "node1", executor: "htex" }),
      tryRow(0, 1, { hostname: "node2", executor: "Htex" }),
      tryRow(1, 0, { hostname: "node1", executor: "threads" }),
      tryRow(2, 0, { hostname: null, executor: "_parsl_internal" }),
    ],
    statuses: [
      status(0, "running", 3),
      status(0, "fail_retryable", 4),
      status(0, "running", 5, 1),
      status(0, "exec_done", 9, 1),
      status(1, "running", 3),
      status(1, "failed", 4),
      status(2, "dep_fail", 4),
    ],
    resources: [sample(0, 3, 1, 700), sample(1, 3, 1, 500)],
  }));
  return run;
}

const ids = (run: Run, news: Partial<TaskQuery> = {}) =>
  selectTasks(run, query(news)).map((task) => run.taskId.data[task]);

Deno.test("sorts by every column, what is unknown last either way round", () => {
  const run = table();
  assert.deepEqual(ids(run), [0, 1, 2, 3]);
  assert.deepEqual(ids(run, { descending: true }), [3, 2, 1, 0]);
  assert.deepEqual(ids(run, { sort: "app" }), [0, 1, 3, 2]);
  assert.deepEqual(ids(run, { sort: "invoked" }), [2, 1, 0, 3]);
  assert.deepEqual(ids(run, { sort: "invoked", descending: true }), [0, 1, 2, 3]);
  assert.deepEqual(ids(run, { sort: "ran" }).slice(0, 2), [1, 0]);
  assert.deepEqual(ids(run, { sort: "ran", descending: true }).slice(0, 2), [0, 1]);
  assert.deepEqual(ids(run, { sort: "memory" }).slice(0, 2), [1, 0]);
  assert.deepEqual(ids(run, { sort: "memory", descending: true }).slice(0, 2), [0, 1]);
  assert.deepEqual(ids(run, { sort: "host" }).slice(0, 2), [1, 0]);
  assert.deepEqual(ids(run, { sort: "host", descending: true }).slice(0, 2), [0, 1]);
  assert.deepEqual(ids(run, { sort: "tries" }), [3, 1, 2, 0]);
  assert.deepEqual(ids(run, { sort: "returned", descending: true })[0], 0);
  for (const sort of SORT_KEYS) assert.equal(new Set(ids(run, { sort })).size, 4);
});

Deno.test("searches all words in id, app, state, host and executor, and filters", () => {
  const run = table();
  assert.deepEqual(ids(run, { search: "ALPHA" }), [0, 1]);
  assert.deepEqual(ids(run, { search: "alpha  failed" }), [1]);
  assert.deepEqual(ids(run, { search: "node2 htex" }), [0]);
  assert.deepEqual(ids(run, { search: "nowhere" }), []);
  assert.deepEqual(ids(run, { app: "alpha" }), [0, 1]);
  assert.deepEqual(ids(run, { app: "alpha", state: "failed" }), [1]);
  assert.deepEqual(ids(run, { app: "al" }), []);
  assert.deepEqual(ids(run, { state: "unknown" }), [3]);
  assert.deepEqual(ids(run, { state: "no such state" }), []);
});

Deno.test("a query that makes no sense becomes the default", () => {
  const parse = (text: string) => parseTaskQuery(new URLSearchParams(text));
  for (const text of ["page=0", "page=-7", "page=x", "page=", "page=NaN", "page=1.9"]) {
    assert.equal(parse(text).page, 1, text);
  }
  assert.equal(parse("page=3").page, 3);
  assert.equal(parse("sort=drop table").sort, "id");
  assert.equal(parse("order=sideways").descending, false);
  assert.deepEqual(parse("q=+a+&sort=ran&order=desc&state=failed&app=x"), {
    sort: "ran",
    descending: true,
    search: "a",
    state: "failed",
    app: "x",
    related: null,
    page: 1,
    perPage: 50,
  });
  assert.equal(parseTaskQuery(new URLSearchParams("app=x"), "y").app, "y");
});

Deno.test("pages hold every task once, and a page beyond the last is the last", () => {
  const run = new Run(workflowRow());
  run.fold(rows({ tasks: Array.from({ length: 101 }, (_, id) => taskRow(id)) }));
  const page = (n: number) => tasksView(run, T0, query({ page: n }), null)!;
  assert.deepEqual([page(1).pages, page(1).total], [3, 101]);
  assert.deepEqual([1, 2, 3].map((n) => page(n).lines.length), [50, 50, 1]);
  const all = [1, 2, 3].flatMap((n) => page(n).lines.map((l) => l.taskId));
  assert.deepEqual(all, Array.from({ length: 101 }, (_, id) => id));
  for (const beyond of [4, 1e9, Infinity]) {
    assert.equal(page(beyond).query.page, 3);
    assert.deepEqual(page(beyond).lines, page(3).lines);
  }
  const none = tasksView(run, T0, query({ search: "nowhere" }), null)!;
  assert.deepEqual([none.pages, none.total, none.query.page, none.lines.length], [1, 0, 1, 0]);
  assert.equal(tasksView(run, T0, query(), "no such app"), null);
});

Deno.test("a line says what is known of the newest try", () => {
  const run = table();
  assert.deepEqual(taskLine(run, run.indexOf(0)!), {
    taskId: 0,
    app: "alpha",
    state: "exec_done",
    tries: 2,
    depends: [],
    moreDepends: 0,
    invoked: T0 + 3000,
    returned: T0 + 9000,
    ran: 4000,
    host: "node2",
    executor: "Htex",
    memory: { value: 700, unit: "bytes", exact: false },
    cpu: { value: null, unit: "seconds", exact: false },
  });
  const many = taskLine(run, run.indexOf(2)!, 1);
  assert.deepEqual([many.depends, many.moreDepends], [[0], 1]);
});

/** Rows of a CSV text, by RFC 4180. */
function parseCsv(text: string): string[][] {
  const out: string[][] = [];
  let row: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    assert.ok(match, "not RFC 4180");
    row.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : match[2]);
    if (match[3] === "\r\n") {
      out.push(row);
      row = [];
    }
  }
  return out;
}

Deno.test("CSV survives any app name and is no formula", () => {
  const plain = ["a,b", 'say "x"', "line\nbreak", "cr\r\nlf", 'all,"of\r\nit"', "é…", " space"];
  const formulas = ["=1+1", '=HYPERLINK("http://x","y")', "+1", "-1", "@sum", "\tx", "\rx"];
  const run = new Run(workflowRow());
  const names = [...plain, ...formulas];
  run.fold(rows({ tasks: names.map((app, id) => taskRow(id, { app })) }));
  const lines = parseCsv(tasksCsv(run, selectTasks(run, query())));
  assert.equal(lines.length, names.length + 1);
  for (const line of lines) assert.equal(line.length, lines[0].length);
  const apps = lines.slice(1).map((line) => line[1]);
  assert.deepEqual(apps.slice(0, plain.length), plain);
  assert.deepEqual(apps.slice(plain.length), formulas.map((f) => `'${f}`));
});

Deno.test("CSV gives times, seconds and all dependencies, and nothing for the unknown", () => {
  const run = table();
  const [header, ...lines] = parseCsv(tasksCsv(run, selectTasks(run, query())));
  const cell = (line: string[], name: string) => line[header.indexOf(name)];
  assert.equal(cell(lines[0], "invoked"), "2026-01-01 12:00:03.000");
  assert.equal(cell(lines[0], "run_seconds"), "4");
  assert.equal(cell(lines[0], "peak_memory_bytes"), "700");
  assert.equal(cell(lines[2], "depends"), "0 1");
  assert.equal(cell(lines[3], "invoked"), "");
  assert.equal(cell(lines[3], "hostname"), "");
  assert.equal(tasksCsv(run, []).split("\r\n").length, 2);
});

Deno.test("CSV in parts is the CSV", () => {
  const run = table();
  const tasks = selectTasks(run, query());
  for (const size of [1, 2, 3, 4, 100]) {
    assert.equal([...tasksCsvParts(run, tasks, size)].join(""), tasksCsv(run, tasks));
  }
  assert.equal([...tasksCsvParts(run, tasks, 2)].length, 2);
});

Deno.test("a task page lists some of many dependencies, dependents, joins and samples", () => {
  const run = new Run(workflowRow());
  const ids = Array.from({ length: 1000 }, (_, id) => id);
  run.fold(rows({
    tasks: [
      ...ids.map((id) => taskRow(id)),
      taskRow(1000, { depends: ids.join(",") }),
      ...ids.map((id) => taskRow(1001 + id, { depends: "1000,1000" })),
    ],
    tries: [tryRow(1000)],
  }));
  const text = { hashsum: null, inputs: null, outputs: null, stdin: null, stdout: null };
  const view = taskView(run, T0, 1000, {
    text: { ...text, stderr: null },
    tries: [tryRow(1000, 0, { joins: ids.join(","), blockId: "7", returned: T0 + 5 })],
    statuses: [],
    resources: Array.from({ length: 50_001 }, (_, i) => sample(1000, i, 1, i)),
  })!;
  assert.deepEqual([view.depends.length, view.line.moreDepends], [200, 800]);
  assert.deepEqual([view.dependents.length, view.moreDependents], [200, 800]);
  assert.deepEqual(view.dependents[0], { taskId: 1001, app: "app", state: "unknown" });
  const [attempt] = view.tries;
  assert.deepEqual([attempt.joins.length, attempt.moreJoins], [200, 800]);
  assert.equal(attempt.block, "7");
  const { tries: [samples], recorded, shown } = view.samples;
  assert.ok(samples.time.length <= 2001 && samples.time.length > 1000);
  assert.deepEqual([samples.memory[0], samples.memory.at(-1)], [null, 50_000]);
  assert.deepEqual([recorded, shown], [50_001, samples.time.length]);
});
