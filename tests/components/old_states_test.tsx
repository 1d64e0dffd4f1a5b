// A run of an old release looks as one of today's: by its words, colours, order and textures.

import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import { cellColours } from "../../picture/dag/draw/colours.ts";
import { failures } from "../../picture/dag/layout/shape.ts";
import { stateClass, stateLabel, stateVar } from "../../looks/palette.ts";
import { RunFigures } from "../../components/run_header.tsx";
import { statesSpec } from "../../picture/chart/series.ts";
import { themeOf } from "../../looks/theme.ts";
import { TimelineLegend } from "../../components/timeline/legend.tsx";
import { StateBadge, StateBar } from "../../components/ui.tsx";
import { PaperBar } from "../../export/paper/bar.tsx";
import { textureOf } from "../../export/paper/textures.ts";
import type { DagTaskNode } from "../../model/dag/view.ts";
import { runDagView } from "../../model/dag/run.ts";
import { Run } from "../../model/run/run.ts";
import { stateSeries } from "../../model/figures/series.ts";
import { timelineView } from "../../model/timeline/view.ts";
import { runHead } from "../../model/views/head.ts";
import { rows, status, T0, taskRow, tryRow, workflowRow } from "../model/synthetic.ts";

/** Two tasks done, one failed; in the words of a release. */
function oldRun(done: string): Run {
  const run = new Run(workflowRow());
  run.fold(rows({
    tasks: [0, 1, 2].map((id) => taskRow(id)),
    tries: [0, 1, 2].map((id) => tryRow(id, 0, { running: T0 + 2000 })),
    statuses: [status(0, done, 20), status(1, done, 21), status(2, "failed", 22)],
  }));
  return run;
}

Deno.test("old states: figures of a run", () => {
  const head = runHead(oldRun("done"), T0);
  const html = renderToString(<RunFigures head={head} />);
  assert.match(html, /href="[^"]*\/task\/\?state=done"/, "completed leads to the tasks");
  assert.match(html, /data-figure="completed">2</);
  assert.match(html, />100 %</);
  assert.doesNotMatch(html, /<dt>done<\/dt>/, "told once");
  const today = renderToString(<RunFigures head={runHead(oldRun("exec_done"), T0)} />);
  assert.equal(html.replaceAll("state=done", "state=exec_done"), today);
});

Deno.test("old states: names stay, colours and marks are today's", () => {
  assert.equal(stateLabel("done"), "done");
  for (const [old, today] of [["done", "exec_done"], ["retry", "fail_retryable"]]) {
    assert.equal(stateVar(old), stateVar(today));
    assert.equal(stateClass(old), `state-${today}`);
    assert.equal(textureOf(old, 3), textureOf(today, 3));
  }
  const badge = renderToString(<StateBadge state="unsched" />);
  assert.match(badge, /class="state state-pending" title="unsched"/);
  assert.match(badge, />unsched</);
});

Deno.test("old states: bars and charts have them where today's are", () => {
  const counts = [{ state: "failed", count: 1 }, { state: "done", count: 2 }];
  for (const bar of [StateBar, PaperBar]) {
    const html = renderToString(bar({ counts, total: 3 }));
    assert.deepStrictEqual(
      [...html.matchAll(/class="(state-\w+)"/g)].map(([, name]) => name),
      ["state-exec_done", "state-failed"],
    );
  }
  const spec = statesSpec(stateSeries(oldRun("done")));
  assert.deepStrictEqual(spec.series.map(({ name }) => name), ["done", "failed"]);
  assert.equal(spec.series[0].color, stateVar("exec_done"));
});

Deno.test("old states: DAG and timeline have today's colours and legends", async () => {
  const run = oldRun("done");
  const dag = runDagView(run, "states");
  const theme = themeOf((property, otherwise) =>
    ({ "--state-exec_done": "#009e73" })[property] ?? otherwise
  );
  const done = run.states.find("done")!;
  assert.equal(cellColours(dag, "states", theme)[done], "#009e73");
  const failed = dag.nodes.filter((node): node is DagTaskNode => failures(dag, node) > 0);
  assert.deepStrictEqual(failed.map(({ id }) => id), ["t2"]);
  const view = await timelineView(run, T0, false);
  const legend = renderToString(
    <TimelineLegend view={view} colour="states" picked={new Set()} onPick={() => {}} />,
  );
  assert.match(legend, /--state-exec_done[^>]*><\/rect><\/svg>done</);
});
