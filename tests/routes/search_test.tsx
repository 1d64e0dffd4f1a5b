// The task table's search and its downloads, as pages and programs get them.

import assert from "node:assert/strict";
import { join } from "node:path";
import { renderToString } from "preact-render-to-string";
import TasksPage from "../../islands/TasksPage.tsx";
import { TRIES_HEADER } from "../../model/tasks/try_table.ts";
import type { TasksView } from "../../model/views/tasks.ts";
import { broadcastOf } from "../../live/broadcast/broadcasts.ts";
import { csvRequest, taskCsvStream, triesCsvStream } from "../../routes/(_lib)/task_csv.ts";
import { runView, showRun } from "../../live/views/views.ts";
import type { State } from "../../state.ts";
import { Catalog } from "../../live/runs/catalog.ts";
import { type MonitoringDatabase, START } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { CLIMATE, withDirectory } from "../store/helpers.ts";
import { caseDatabase } from "../support/case_db.ts";
import { CLIMATE_RUN } from "../support/fixtures.ts";
import { GrowingRun } from "../support/growing_run.ts";
import { startViewer } from "../support/server.ts";

/** A catalog of a database whose texts are searched only once `go` was called. */
async function held(path: string): Promise<{ catalog: Catalog; go: () => void; asked: string[] }> {
  const { promise: gate, resolve: go } = Promise.withResolvers<void>();
  const asked: string[] = [];
  const database = new Proxy(await openDatabase(path), {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name !== "searchTexts") return typeof value === "function" ? value.bind(target) : value;
      const search: MonitoringDatabase["searchTexts"] = async function* (run, word, since, until) {
        asked.push(
          `${word.field}:${word.text} ${since.task + since.try > 0 ? "again" : ""}`.trim(),
        );
        yield { found: [], lost: [], watermark: START, done: 1, total: 4 };
        await gate;
        yield* target.searchTexts(run, word, since, until);
      };
      return search;
    },
  });
  return { catalog: new Catalog([database]), go, asked };
}

function page(view: TasksView): string {
  return renderToString(<TasksPage view={view} live={null} loading={null} />);
}

function at(q: string) {
  return { run: CLIMATE_RUN, params: new URLSearchParams({ q }) };
}

/** Rows of a CSV text, by RFC 4180, by the names of their columns. */
function parsed(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  for (
    const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)
  ) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") rows.push([]);
  }
  const [header, ...lines] = rows.slice(0, -1);
  return lines.map((line) => {
    assert.equal(line.length, header.length);
    return Object.fromEntries(header.map((name, i) => [name, line[i]]));
  });
}

async function tries(
  catalog: Catalog,
  run: string,
  query: string,
): Promise<Record<string, string>[]> {
  const url = new URL(`http://localhost/workflow/${run}/tries.csv?${query}`);
  const request = await csvRequest({ state: { catalog, hub: null }, url });
  return parsed(await new Response(triesCsvStream(request)).text());
}

Deno.test("search: until all texts were searched no page says that no task matches", async () => {
  const { catalog, go, asked } = await held(CLIMATE);
  const state: State = { catalog, hub: null };
  const shown = await showRun(state, "tasks", at("bf.err"));
  assert.equal(shown.view.searched.texts?.done, 1);
  const early = page(shown.view);
  assert.match(early, /Searching texts… \d+ %/);
  assert.doesNotMatch(early, /No task matches/);
  assert.ok(shown.live, "the page fills in");
  assert.equal(state.refresh, 1, "also without scripts");
  go();
  const followed = (await catalog.run(CLIMATE_RUN))!;
  await followed.texts.ask(
    [{ field: "file", text: "bf.err" }, { field: "error", text: "bf.err" }],
    1e6,
  );
  const after = await showRun({ catalog }, "tasks", at("bf.err"));
  assert.deepStrictEqual(after.view.lines.map((line) => line.taskId), [34]);
  assert.equal(after.view.searched.texts, null);
  assert.equal(after.live, null, "nothing can change any more");
  assert.doesNotMatch(page(after.view), /Searching/);
  const none = await showRun({ catalog }, "tasks", at("nowhere"));
  assert.match(page(none.view), /No task matches.*Fields to search in: id:28, /s);
  assert.deepStrictEqual(asked, [
    "file:bf.err",
    "error:bf.err",
    "file:nowhere",
    "error:nowhere",
  ]);
  catalog.close();
});

Deno.test("search: who watches is sent what the texts turn out to hold, also of a run that is over", async () => {
  const { catalog, go } = await held(CLIMATE);
  const broadcast = await broadcastOf(catalog, "tasks", at("task_0012_wc.stderr"));
  const reader = broadcast.subscribe().getReader();
  const next = async () => {
    const { value } = await reader.read();
    return new TextDecoder().decode(value ?? assert.fail("it ended"));
  };
  const first = await next();
  assert.match(first, /"total":0/);
  assert.match(first, /"texts":{"done":1/);
  go();
  let text = "";
  while (!/"taskId":12/.test(text)) text = await next();
  assert.match(text, /"patch"/);
  await reader.cancel();
  catalog.close();
});

Deno.test("search: a live page looks at what is new, not at everything again", async () => {
  const run = await GrowingRun.begin();
  for (let i = 0; i < 50; i++) run.add("a");
  await run.commit();
  const { catalog, go, asked } = await held(run.path);
  go();
  try {
    const followed = (await catalog.run(run.runId))!;
    const address = { run: run.runId, params: new URLSearchParams({ q: "error:nothing" }) };
    const unwatch = followed.watch(() => {});
    for (let i = 0; i < 5; i++) {
      run.now(i, "exec_done");
      await run.commit();
      await followed.refresh();
      const view = await runView(catalog, followed, "tasks", address);
      await runView(catalog, followed, "tasks", address);
      assert.equal(view.total, 0);
    }
    unwatch();
    assert.equal(asked.filter((word) => word === "error:nothing").length, 1, `${asked}`);
    assert.ok(asked.length <= 6, `${asked}`);
  } finally {
    catalog.close();
    await run.end();
  }
});

Deno.test("search: what cannot be understood is a sentence on the page", async () => {
  const catalog = new Catalog([await openDatabase(CLIMATE)]);
  const shown = await showRun({ catalog }, "tasks", at("id:x"));
  const html = page(shown.view);
  assert.match(html, /id: takes the number of a task, such as id:28\./);
  assert.match(html, /No task was found\./);
  const short = await showRun({ catalog }, "tasks", at("28"));
  assert.match(page(short.view), /28 was looked for in ids and names only/);
  catalog.close();
});

Deno.test("tries CSV: every try of the tasks that are found, with what the run and the texts say", async () => {
  const catalog = new Catalog([await openDatabase(CLIMATE)]);
  const lines = await tries(catalog, CLIMATE_RUN, "q=bf.err");
  assert.deepStrictEqual(Object.keys(lines[0]), TRIES_HEADER.trimEnd().split(","));
  assert.deepStrictEqual(lines.map((line) => [line.task_id, line.try_id, line.try_state]), [
    ["34", "0", "fail_retryable"],
    ["34", "1", "fail_retryable"],
    ["34", "2", "failed"],
  ]);
  for (const line of lines) {
    assert.equal(line.app, "bash_fail");
    assert.equal(line.task_state, "failed");
    assert.equal(line.hostname, "vm");
    assert.equal(line.executor, "htex_udptap");
    assert.equal(line.block_id, "0");
    assert.equal(line.job_id, "19974");
    assert.equal(line.error, "BashExitFailure('bash_fail', 7)");
    assert.match(line.exit_reason, /^BashExitFailure/);
    assert.equal(line.stdout, "/scratch/alps-2026/run2/runinfo.work/bf.out");
    assert.equal(line.stderr, "/scratch/alps-2026/run2/runinfo.work/bf.err");
    assert.equal(line.task_fail_cost, "3");
    for (const time of ["launched", "started", "ended", "returned"]) {
      assert.match(line[time], /^2026-11-23 23:46:\d\d\.\d{3}$/, time);
    }
    assert.ok(Number(line.wait_seconds) >= 0 && line.wait_seconds !== "");
    assert.ok(Number(line.run_seconds) > 0);
  }
  // What is not known is empty: task 35 never ran, for what it depends on had failed.
  const [never] = await tries(catalog, CLIMATE_RUN, "q=id:35");
  const unknown = ["hostname", "block_id", "job_id", "started", "run_seconds", "wait_seconds"];
  for (const name of [...unknown, "cpu_seconds", "peak_memory_bytes", "stdout", "stderr"]) {
    assert.equal(never[name], "", name);
  }
  catalog.close();
});

Deno.test("tries CSV: one line for each row of the table, in the order of the page", async () => {
  const catalog = new Catalog([await openDatabase(CLIMATE)]);
  const { run } = (await catalog.run(CLIMATE_RUN))!;
  const all = await tries(catalog, CLIMATE_RUN, "");
  assert.equal(all.length, run.tryTask.length);
  const failed = await tries(catalog, CLIMATE_RUN, "state=failed&sort=host&order=desc");
  const request = await csvRequest({
    state: { catalog, hub: null },
    url: new URL(
      `http://localhost/workflow/${CLIMATE_RUN}/tasks.csv?state=failed&sort=host&order=desc`,
    ),
  });
  const tasks = parsed(await new Response(taskCsvStream(run, request.params)).text());
  assert.deepStrictEqual([...new Set(failed.map((l) => l.task_id))], tasks.map((l) => l.task_id));
  assert.deepStrictEqual(await tries(catalog, CLIMATE_RUN, "q=nowhere"), []);
  catalog.close();
});

Deno.test("tries CSV: errors of several lines and formulas are cells, and each try has its own", () =>
  withDirectory(async (directory) => {
    const path = caseDatabase(
      "host-of-failed-try",
      join(directory, "bad.db"),
      `UPDATE try SET task_fail_history = 'Trace' || char(10) || 'ValueError("a, b")' WHERE task_id = 0 AND try_id = 0;
       UPDATE task SET task_stdout = '=1+1', task_stderr = NULL WHERE task_id = 1;
       INSERT INTO block VALUES ('run-bad','htex','0','4711','2025-09-07 10:00:00.000000','RUNNING');`,
    );
    const catalog = new Catalog([await openDatabase(path)]);
    const lines = await tries(catalog, "run-bad", "q=host:bad7");
    assert.deepStrictEqual(lines.map((l) => [l.task_id, l.try_id, l.hostname, l.job_id, l.error]), [
      ["0", "0", "bad7", "4711", 'Trace\nValueError("a, b")'],
      ["0", "1", "ok1", "4711", ""],
      ["1", "0", "bad7", "4711", "OSError(5, 'Input/output error')"],
      ["1", "1", "ok2", "4711", ""],
    ]);
    assert.deepStrictEqual(lines.map((l) => l.run_seconds), ["80", "80", "80", "80"]);
    assert.deepStrictEqual(lines.map((l) => l.wait_seconds), ["10", "10", "10", "10"]);
    assert.deepStrictEqual(lines.map((l) => l.stdout), ["", "", "'=1+1", "'=1+1"]);
    catalog.close();
  }));

Deno.test({
  name: "search: pages and downloads over the network",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withDirectory(async (directory) => {
      const path = caseDatabase("blocks-cut", join(directory, "cut.db"));
      const viewer = await startViewer([path]);
      try {
        const get = (route: string) => fetch(`${viewer.url}workflow/run-cut/${route}`);
        const html = await (await get("task/?q=isr_17")).text();
        assert.match(html, /<a href="\/workflow\/run-cut\/task\/0">0<\/a>/);
        assert.match(html, /href="\/workflow\/run-cut\/tries\.csv\?q=isr_17"/);
        assert.match(html, /href="\/workflow\/run-cut\/tasks\.csv\?q=isr_17"/);
        const app = await (await get("app/a?q=isr_17")).text();
        assert.match(app, /href="\/workflow\/run-cut\/tries\.csv\?q=isr_17&(?:amp;)?app=a"/);
        const csv = await get("tries.csv?q=isr_17&app=a");
        assert.equal(csv.headers.get("content-type"), "text/csv; charset=utf-8");
        assert.match(csv.headers.get("content-disposition") ?? "", /test_run-tries\.csv";/);
        const [line, ...more] = parsed(await csv.text());
        assert.equal(line.stderr, "/r/logs/deadbeef-0000-0000-0000-000000000000_isr_17.stderr");
        assert.equal(line.job_id, "job0");
        assert.deepStrictEqual(more, []);
        const tasks = parsed(await (await get("tasks.csv?q=isr_17")).text());
        assert.deepStrictEqual(tasks.map(({ task_id }) => task_id), ["0"]);
        const none = await get("tries.csv?q=isr_18");
        assert.equal(await none.text(), TRIES_HEADER);
        for (const name of ["tasks.csv", "tries.csv"]) {
          const refused = await get(`${name}?q=id:x`);
          assert.equal(refused.status, 400);
          assert.match(await refused.text(), /id: takes the number of a task/);
        }
        const unknown = await fetch(`${viewer.url}workflow/none/tries.csv`);
        assert.equal(unknown.status, 404);
        await unknown.body?.cancel();
      } finally {
        await viewer.stop();
      }
    }),
});
