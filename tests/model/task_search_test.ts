// What users write to find tasks, and which tasks a run has for it.

import assert from "node:assert/strict";
import { parseSearch, searchFor, searchNotes, textWords } from "../../model/tasks/search_terms.ts";
import { matchingTasks } from "../../model/tasks/search.ts";
import { NO_TEXTS, TaskSet, type Texts } from "../../model/tasks/texts.ts";
import { parseTaskQuery, selectTasks, taskPage } from "../../model/tasks/table.ts";
import { Run } from "../../model/run/run.ts";
import { block, rows, status, taskRow, tryRow, workflowRow } from "./synthetic.ts";

/** Tasks 0 … 31 of two executors whose blocks have the same numbers and different jobs. */
function fleet(): Run {
  const run = new Run(workflowRow());
  const ids = Array.from({ length: 32 }, (_, id) => id);
  run.fold(rows({
    tasks: ids.map((id) => taskRow(id, { app: id === 28 ? "reduce_sum" : `app${id % 3}` })),
    tries: [
      ...ids.map((id) =>
        tryRow(id, 0, {
          hostname: `n${id % 4}`,
          executor: id % 2 === 0 ? "cpu" : "gpu",
          blockId: String(id % 13),
        })
      ),
      tryRow(5, 1, { hostname: "n12", executor: "cpu", blockId: "3" }),
      tryRow(6, 0, { hostname: "bad7", failHistory: "OSError(28, 'No space left on device')" }),
      tryRow(6, 1, { hostname: "n1", blockId: "None" }),
      tryRow(7, 1, { hostname: "", blockId: "" }),
    ],
    statuses: ids.map((id) => status(id, id === 9 ? "failed" : "exec_done", id)),
    blocks: [
      block("RUNNING", 1, { executor: "cpu", blockId: "3", jobId: "48151" }),
      block("RUNNING", 1, { executor: "gpu", blockId: "3", jobId: "481" }),
      block("PENDING", 0, { executor: "cpu", blockId: "12", jobId: null }),
      block("RUNNING", 1, { executor: "cpu", blockId: "12", jobId: "7123.batch" }),
    ],
  }));
  return run;
}

function found(run: Run, search: string, texts: Texts = NO_TEXTS): number[] {
  const tasks = matchingTasks(run, { search, state: "", app: "" }, texts);
  return Array.from(tasks, (task) => run.taskId.data[task]);
}

Deno.test("search: a task is found by the host, executor and block of any of its tries", () => {
  const run = fleet();
  assert.deepStrictEqual(found(run, "bad7"), [6]);
  assert.deepStrictEqual(found(run, "host:BAD"), [6]);
  assert.deepStrictEqual(found(run, "n12"), [5]);
  assert.deepStrictEqual(found(run, "host:n1"), [1, 5, 6, 9, 13, 17, 21, 25, 29]);
  assert.deepStrictEqual(found(run, "host=n1"), [1, 5, 6, 9, 13, 17, 21, 25, 29]);
  assert.deepStrictEqual(found(run, "host=n12"), [5]);
  assert.deepStrictEqual(found(run, "host=n"), []);
  assert.deepStrictEqual(found(run, "block:3"), [3, 5, 16, 29], "not block 13, 30 …");
  assert.deepStrictEqual(found(run, "block:12"), [12, 25]);
  assert.deepStrictEqual(found(run, "block:2"), [2, 15, 28], "not block 12");
  assert.deepStrictEqual(found(run, "block:none"), []);
  assert.deepStrictEqual(found(run, "executor:gpu block:3"), [3, 29]);
});

Deno.test("search: what is asked of tries by name must be true of one of them", () => {
  const run = fleet();
  assert.deepStrictEqual(found(run, "host:n1 executor:gpu id:5"), [5]);
  assert.deepStrictEqual(found(run, "host=n12 executor:gpu"), [], "two tries of task 5");
  assert.deepStrictEqual(found(run, "n12 gpu"), [5], "any try has the one, any the other");
});

Deno.test("search: a block is found by the job that the batch system ran it as", () => {
  const run = fleet();
  assert.deepStrictEqual(found(run, "job:48151"), [5, 16]);
  assert.deepStrictEqual(found(run, "48151"), [5, 16]);
  assert.deepStrictEqual(found(run, "job:481"), [3, 29], "not job 48151");
  assert.deepStrictEqual(found(run, "job:7123"), [12]);
  assert.deepStrictEqual(found(run, "job=7123"), []);
  assert.deepStrictEqual(found(run, "7123.batch"), [12]);
  assert.deepStrictEqual(found(run, "job:9"), []);
  const none = new Run(workflowRow());
  none.fold(rows({ tries: [tryRow(0, 0, { blockId: "0" })] }));
  assert.deepStrictEqual(found(none, "job:1"), []);
});

Deno.test("search: a short number is an id, and a place in names; elsewhere only where it is sent", () => {
  const run = fleet();
  assert.deepStrictEqual(found(run, "28"), [28]);
  assert.deepStrictEqual(found(run, "id:2"), [2]);
  assert.deepStrictEqual(found(run, "id:999999999999999"), []);
  assert.deepStrictEqual(found(run, "481"), [], "a job that is not asked for");
  assert.deepStrictEqual(found(run, "reduce_sum:28"), [28]);
  assert.deepStrictEqual(found(run, "reduce_sum:2"), []);
  assert.deepStrictEqual(found(run, "app=reduce_sum"), [28]);
  assert.match(searchNotes("28 foo")[0], /block:28, job:28, file:28, error:28/);
  assert.deepStrictEqual(searchNotes("4711 foo id:3"), []);
  assert.deepStrictEqual(textWords("28 id:3"), []);
});

Deno.test("search: the task whose id was searched for stands first, unless another order is asked", () => {
  const run = new Run(workflowRow());
  run.fold(rows({
    tasks: Array.from({ length: 200 }, (_, id) => taskRow(id)),
    tries: Array.from({ length: 200 }, (_, id) => tryRow(id, 0, { hostname: "n123" })),
  }));
  const ids = (params: string) => {
    const query = parseTaskQuery(new URLSearchParams(params));
    const all = selectTasks(run, query).map((task) => run.taskId.data[task]);
    const page = taskPage(run, query).tasks.map((task) => run.taskId.data[task]);
    assert.deepStrictEqual(page, all.slice(0, 50));
    return all;
  };
  assert.deepStrictEqual(ids("q=123").slice(0, 3), [123, 0, 1]);
  assert.equal(new Set(ids("q=123")).size, 200);
  assert.deepStrictEqual(ids("q=123&order=desc").slice(0, 2), [199, 198]);
  assert.deepStrictEqual(ids("q=1234").slice(0, 2), []);
  assert.deepStrictEqual(ids("q=12").slice(0, 3), [12, 0, 1]);
});

Deno.test("search: causes of failures, apps and states are found by name, in either case", () => {
  const run = fleet();
  assert.deepStrictEqual(found(run, "OSERROR"), [6]);
  assert.deepStrictEqual(found(run, 'error:"no space left"'), [6]);
  assert.deepStrictEqual(found(run, '"no  space"'), []);
  assert.deepStrictEqual(found(run, "state:failed"), [9]);
  assert.deepStrictEqual(found(run, "failed app:APP0"), [9]);
  assert.deepStrictEqual(found(run, "app:app1 id:28"), []);
  assert.equal(found(run, "").length, 32);
  assert.equal(found(run, "   ").length, 32);
});

Deno.test("search: the tasks of one group of failures are found by what the group is called", () => {
  const run = new Run(workflowRow());
  const histories = [
    "ValueError('a \"b\"')",
    "Other, ValueError('a \"b\"')",
    "ValueError('a')",
    "",
  ];
  run.fold(rows({ tries: histories.map((failHistory, id) => tryRow(id, 0, { failHistory })) }));
  for (const cause of run.causes.list) {
    const search = searchFor("error", cause);
    const [index] = [run.causes.list.indexOf(cause)];
    const expected = histories.flatMap((_, id) => run.tryFailure.data[id] === index ? [id] : []);
    assert.deepStrictEqual(found(run, search), expected, search);
    assert.deepStrictEqual(textWords(search), [], "the run itself knows");
  }
  assert.deepStrictEqual(found(run, searchFor("error", "ValueError")), []);
  assert.deepStrictEqual(found(fleet(), searchFor("host", "n12")), [5]);
});

Deno.test("search: texts count for words that are not asked for elsewhere", () => {
  const run = fleet();
  const file = new TaskSet();
  for (const id of [3, 30]) file.add(run.indexOf(id)!);
  const texts: Texts = {
    ...NO_TEXTS,
    stamp: "1",
    of: ({ field }) => field === "file" ? file : null,
  };
  assert.deepStrictEqual(found(run, "isr_17", texts), [3, 30]);
  assert.deepStrictEqual(found(run, "isr_17 app0", texts), [3, 30]);
  assert.deepStrictEqual(found(run, "file:isr_17 id:3", texts), [3]);
  assert.deepStrictEqual(found(run, "error:isr_17", texts), []);
  assert.deepStrictEqual(found(run, "host:isr_17", texts), []);
  assert.deepStrictEqual(found(run, "isr_17"), [], "the last answer is not taken for this one");
});

Deno.test("search: words, fields and phrases are told apart", () => {
  const terms = (search: string) => parseSearch(search).terms;
  const word = (text: string, field: string | null = null, whole = false) => ({
    field,
    text,
    whole,
  });
  assert.deepStrictEqual(terms('a  "B c" ERROR:"d e"f'), [
    word("a"),
    word("b c"),
    word("d e", "error"),
    word("f"),
  ]);
  assert.deepStrictEqual(terms("host:n1 host=n1 block:3"), [
    word("n1", "host"),
    word("n1", "host", true),
    word("3", "block"),
  ]);
  // What only looks like a field.
  for (const text of ["zip:/scratch/a.zip", "x=in-join", "file=a", "http://h/p", "toString:1"]) {
    assert.deepStrictEqual(terms(text), [word(text.toLowerCase())], text);
  }
  assert.deepStrictEqual(terms(`ValueError('x="1"')`), [word(`valueerror('x="1"')`)]);
  assert.deepStrictEqual(terms('x="a b"'), [word('x="a'), word('b"')]);
  assert.deepStrictEqual(terms('""'), []);
  assert.deepStrictEqual(terms('"say ""x"" twice" b'), [word('say "x" twice'), word("b")]);
  assert.deepStrictEqual(terms('error="a b"'), [word("a b", "error", true)]);
  assert.deepStrictEqual(terms("a\0b"), [word("a"), word("b")]);
  assert.deepStrictEqual(textWords("a a error:a host:b stderr:c 17 1712"), [
    { field: "file", text: "a" },
    { field: "error", text: "a" },
    { field: "stderr", text: "c" },
    { field: "file", text: "1712" },
    { field: "error", text: "1712" },
  ]);
});

Deno.test("search: what cannot be understood is said in a sentence, and finds nothing", () => {
  const run = fleet();
  const cases: [string, RegExp][] = [
    ["id:x", /^id: takes the number of a task, such as id:28\.$/],
    ["id:1e3", /takes the number/],
    ["id:", /^id: says nothing to look for/],
    ["block: 3", /^block: says nothing to look for; write it without a space, such as block:3\.$/],
    ['error:""', /^error: says nothing/],
    ["host=", /^host= says nothing/],
    ['app "no end', /^The quotation mark in "no end is never closed\.$/],
    ['error:"no end', /never closed/],
    [Array.from({ length: 17 }, (_, i) => `w${i}`).join(" "), /may have 16 words; this one has 17/],
    ["x".repeat(1001), /may have 1000 characters; this one has 1001/],
  ];
  for (const [search, sentence] of cases) {
    assert.match(parseSearch(search).problem ?? "", sentence);
    assert.deepStrictEqual(found(run, search), []);
    assert.deepStrictEqual(textWords(search), []);
  }
});

Deno.test("a set of tasks holds what was added and not taken out, however far apart", () => {
  const set = new TaskSet();
  const tasks = [0, 7, 8, 511, 512, 1_000_003];
  for (const task of tasks) set.add(task);
  for (const task of tasks) assert.ok(set.has(task));
  for (const task of [1, 9, 510, 513, 1_000_002, 9_999_999]) assert.ok(!set.has(task));
  set.delete(512);
  set.delete(9_999_999);
  assert.ok(!set.has(512) && set.has(511));
  assert.ok(set.bytes < 300_000);
});
