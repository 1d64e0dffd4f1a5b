// A page of a run, while its run is read and after that.

import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import { RunPage } from "../../components/run_page.tsx";
import { Empty } from "../../components/ui.tsx";
import Chart from "../../islands/Chart.tsx";
import { Run } from "../../model/run.ts";
import { runHead } from "../../model/views.ts";
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

Deno.test("run page: a run whose failures have not been read is not said to have none", () => {
  const run = new Run(workflowRow({ tasksFailed: 2 }));
  assert.equal(runHead(run, T0).status, "failed");
  run.fold(rows({ tasks: [taskRow(0)], statuses: [status(0, "exec_done", 5)] }));
  assert.equal(runHead(run, T0).status, "failed");
  assert.equal(runHead(new Run(workflowRow({ tasksFailed: 0 })), T0).status, "completed");
});
