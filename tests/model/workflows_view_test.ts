import assert from "node:assert/strict";
import { csv } from "../../model/table/csv.ts";
import { ordered, parseOrder } from "../../model/table/order.ts";
import type { WorkflowLine } from "../../model/views/workflow_columns.ts";
import { workflowsView } from "../../model/views/workflows.ts";

function line(name: string, change: Partial<WorkflowLine> = {}): WorkflowLine {
  return {
    runId: `id-${name}`,
    name,
    version: null,
    user: "ada",
    host: "login1",
    began: null,
    completed: null,
    duration: null,
    tasksCompleted: 0,
    tasksFailed: 0,
    tasksNotRun: null,
    tasks: null,
    database: "monitoring.db",
    status: "completed",
    silence: null,
    ...change,
  };
}

const LINES = [
  line("montage", { began: 100, duration: 5, user: "bob" }),
  line("blast", { began: 300, duration: null }),
  line("sarek", { began: 200, duration: 9, status: "lost" }),
];

function names(query: string, perPage?: number): string[] {
  const view = workflowsView(LINES, ["monitoring.db"], new URLSearchParams(query), perPage);
  return view.workflows.map(({ name }) => name);
}

Deno.test("workflows come newest first", () => {
  assert.deepEqual(names(""), ["blast", "sarek", "montage"]);
});

Deno.test("workflows sort by any column, the unknown last either way round", () => {
  assert.deepEqual(names("sort=duration"), ["montage", "sarek", "blast"]);
  assert.deepEqual(names("sort=duration&order=desc"), ["sarek", "montage", "blast"]);
  assert.deepEqual(names("sort=name"), ["blast", "montage", "sarek"]);
});

Deno.test("a column that is not there sorts nothing", () => {
  assert.deepEqual(names("sort=constructor"), ["blast", "sarek", "montage"]);
  const fallback = { sort: "a", descending: true };
  assert.equal(parseOrder(new URLSearchParams("sort=b"), ["a"], fallback), fallback);
});

Deno.test("all words of a search must be found, in any field", () => {
  assert.deepEqual(names("q=ADA"), ["blast", "sarek"]);
  assert.deepEqual(names("q=ada lost"), ["sarek"]);
  assert.deepEqual(names("q=nobody"), []);
});

Deno.test("pages hold every workflow once, and one beyond the last is the last", () => {
  assert.deepEqual(names("page=1", 2), ["blast", "sarek"]);
  assert.deepEqual(names("page=2", 2), ["montage"]);
  assert.deepEqual(names("page=99", 2), ["montage"]);
});

Deno.test("ties stay in the order in which they came", () => {
  assert.deepEqual(ordered(["b1", "a", "b2"], (s) => s[0], true), ["b1", "b2", "a"]);
});

Deno.test("CSV keeps negative numbers as numbers and makes no text a formula", () => {
  assert.equal(csv("n,text", [[-1, "-1"], [null, "=A1"]]), "n,text\r\n-1,'-1\r\n,'=A1\r\n");
});
