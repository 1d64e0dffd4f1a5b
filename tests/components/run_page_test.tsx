// A page of a run, while its run is read and after that.

import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import { RunPage } from "../../components/run_page.tsx";
import { RunFigures } from "../../components/run_header.tsx";
import { Empty } from "../../components/ui.tsx";
import Chart from "../../islands/Chart.tsx";
import { Run } from "../../model/run/run.ts";
import { runHead } from "../../model/views/head.ts";
import { rows, status, T0, taskRow, workflowRow } from "../model/synthetic.ts";

Deno.test("run page: what is missing while a run is read is not said to be missing", () => {
  const head = runHead(new Run(workflowRow()), T0);
  const page = (done: number | null) =>
    renderToString(
      <RunPage
        head={head}
        tab="summary"
        loading={done === null ? null : { done, total: 10 }}
        class="some"
      >
        <Empty why="No manager reported." what="Only some have managers." />
        <Chart
          title="Tasks"
          spec={{ kind: "histogram", bins: [], color: "red", x: { label: "", format: "count" } }}
        />
      </RunPage>,
    );
  const whole = page(null);
  assert.match(whole, /<main id="main" class="some">/);
  assert.match(whole, /No manager reported\..*Only some have managers\./);
  assert.match(whole, /No values recorded yet\./);
  const part = page(5);
  assert.doesNotMatch(part, /No manager|Only some|No values/);
  assert.equal(
    part.match(/Not read yet\./g)?.length,
    3,
    "the chart says it twice: also to readers",
  );
});

Deno.test("run page: a run that has been read stands as its tasks do, whatever Parsl counted", () => {
  const run = new Run(workflowRow({ tasksFailed: 2 }));
  run.fold(rows({ tasks: [taskRow(0)], statuses: [status(0, "exec_done", 5)] }));
  const { status: stands, failed, notRun } = runHead(run, T0);
  assert.deepEqual([stands, failed, notRun], ["completed", 0, 0]);
  run.fold(rows({ statuses: [status(1, "failed", 5), status(2, "dep_fail", 6)] }));
  const after = runHead(run, T0);
  assert.deepEqual([after.status, after.failed, after.notRun], ["failed", 1, 1]);
});

Deno.test("run page: figures of states are not told before the run has been read", () => {
  const run = new Run(workflowRow());
  run.fold(rows({ tasks: [taskRow(0)], statuses: [status(0, "failed", 5)] }));
  const page = (loading: { done: number; total: number } | null) =>
    renderToString(
      <RunPage head={runHead(run, T0)} tab="summary" loading={loading}>
        <RunFigures head={runHead(run, T0)} />
      </RunPage>,
    );
  const part = page({ done: 1, total: 2 });
  assert.match(part, /<dt>Finished<\/dt><dd>…<\/dd>/);
  assert.doesNotMatch(part, /<dt>failed<\/dt>/);
  assert.match(part, /aria-label="unknown: 1 \(100 %\)"/);
  const whole = page(null);
  assert.match(whole, /<dt>Finished<\/dt><dd>100 %<\/dd>/);
  assert.match(whole, /<dt>failed<\/dt>/);
});
