// Lists that show the first of many say how many more there are, and where.
import assert from "node:assert/strict";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { DagLegend } from "../../components/dag/legend.tsx";
import { DagList } from "../../components/dag/list.tsx";
import { DagTip } from "../../components/dag/tip.tsx";
import type { Study } from "../../picture/dag/task_details.ts";
import type { Hit } from "../../picture/dag/layout/scene.ts";
import { BlocksTable } from "../../components/fleet_tables.tsx";
import { HubRuns } from "../../components/hub/parts.tsx";
import { appsSpec } from "../../picture/chart/series.ts";
import { HostsTable } from "../../components/timeline/hosts.tsx";
import { TimelineLegend } from "../../components/timeline/legend.tsx";
import type { DagView } from "../../model/dag/view.ts";
import type { LaneHost } from "../../model/timeline/lanes.ts";
import { blocksOf } from "../../model/figures/blocks.ts";
import { Run } from "../../model/run/run.ts";
import { appSeries } from "../../model/figures/series.ts";
import { timelineView } from "../../model/timeline/view.ts";
import { block, node, rows, status, T0, taskRow, tryRow, workflowRow } from "../model/synthetic.ts";
import { healthy } from "../support/hub_accounts.ts";
import { smallView } from "./dag_views.ts";

const NONE: ReadonlySet<number> = new Set();

function text(element: VNode): string {
  return renderToString(element).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

/** A run of so many apps, of each a task that ran a second longer than that of the app before. */
function ofApps(names: string[]): Run {
  const run = new Run(workflowRow({ completed: T0 + 1e6 }));
  run.fold(rows({
    tasks: names.map((app, id) => taskRow(id, { app })),
    tries: names.map((_, id) => tryRow(id)),
    statuses: names.flatMap((_, id) => [status(id, "running", 1), status(id, "exec_done", 2 + id)]),
  }));
  return run;
}

const apps = (count: number) => Array.from({ length: count }, (_, i) => `app${i}`);

Deno.test("apps without a series of their own are counted in the legend, whatever they are named", () => {
  const labels = (run: Run) => appsSpec(appSeries(run)).series.map(({ label }) => label);
  assert.equal(labels(ofApps(apps(8))).length, 8);
  assert.equal(labels(ofApps(apps(9))).at(-1), "1 other app");
  assert.equal(labels(ofApps(apps(20))).at(-1), "12 other apps");
  // 255 have counts of their own, of which 8 are drawn; the others were met later.
  assert.equal(labels(ofApps(apps(300))).at(-1), "292 other apps");
  const named = appsSpec(appSeries(ofApps([...apps(9), "other"]))).series;
  assert.deepStrictEqual([named[0].label, named.at(-1)!.label], ["other", "2 other apps"]);
  assert.equal(new Set(named.map(({ name }) => name)).size, named.length);
  assert.notEqual(named[0].color, named.at(-1)!.color);
});

Deno.test("the timeline's legend leads to the apps that it does not list", async () => {
  const shown = async (count: number) => {
    const view = await timelineView(ofApps(apps(count)), T0, false);
    return renderToString(
      <TimelineLegend {...{ view, colour: "apps", picked: NONE }} onPick={() => {}} />,
    );
  };
  assert.ok(!(await shown(40)).includes("more"));
  assert.match(await shown(45), /<a href="\/workflow\/synthetic\/#apps">and 5 more<\/a>/);
  const many = await shown(300);
  assert.match(many, /and 260 more/);
  // The last count is of many apps: it is not that of the 256th.
  assert.ok(!many.includes("app255<"));
});

Deno.test("the DAG's legend leads to the apps that it does not list", () => {
  const view: DagView = { ...smallView(), apps: apps(60), appCounts: apps(60).map(() => 1) };
  const html = renderToString(
    <DagLegend
      {...{ view, colour: "apps", picked: NONE, basePath: "/workflow/r" }}
      onPick={() => {}}
    />,
  );
  assert.match(html, /<a href="\/workflow\/r\/#apps">and 20 more<\/a>/);
});

Deno.test("every host is in the timeline's table, those out of sight too", () => {
  const host = (i: number): LaneHost => ({
    host: `n${i}.`,
    executor: "htex",
    first: i,
    lanes: 1,
    workers: [],
    most: 1,
    tries: 1,
    failed: 0,
    busy: 1,
    began: T0,
    ended: T0 + 1,
  });
  const found = text(<HostsTable hosts={Array.from({ length: 250 }, (_, i) => host(i))} />);
  assert.match(found, / 50 more hosts /);
  for (let i = 0; i < 250; i++) assert.ok(found.includes(` n${i}. `), `n${i}`);
});

Deno.test("the graph as a list says how many boxes come after one", () => {
  const small = smallView();
  const list = (targets: number) => {
    const nodes = Array.from({ length: targets + 1 }, (_, i) => ({
      ...small.nodes[0],
      id: `t${i}`,
      taskId: i,
    })) as DagView["nodes"];
    const edges = Array.from({ length: targets }, (_, i) => ({
      ...small.edges[0],
      from: "t0",
      to: `t${i + 1}`,
    }));
    const tree = { view: { ...small, nodes, edges }, opened: new Map() };
    const [, after] = /then ([^<]*?)(?: fetch:1|$)/.exec(
      text(<DagList {...{ tree, basePath: "" }} onFocus={() => {}} onToggle={() => {}} />),
    ) ?? [];
    return after;
  };
  assert.equal(list(7)?.split(", ").length, 7);
  assert.match(list(40)!, /fetch:6, 34 more/);
});

Deno.test("a tip says that not all of a task's many lines are drawn", () => {
  const [, second] = smallView().nodes;
  const placed = { taskId: 5, group: "g", index: 0 };
  const task = (more: number): Study => ({
    task: {
      ...placed,
      app: "merge",
      state: "exec_done",
      invoked: null,
      began: null,
      ended: null,
      duration: null,
      host: null,
      executor: null,
      tries: 1,
      join: false,
      failure: null,
      dependencies: [placed, placed],
      moreDependencies: more,
      dependents: [placed],
      moreDependents: 2 * more,
    },
    related: undefined,
    waiting: undefined,
  });
  const hit = { part: "cell", at: { node: second, view: smallView() }, index: 0 } as unknown as Hit;
  const tip = (more: number) =>
    text(
      <DagTip
        {...{ hit, at: { x: 0, y: 0 }, window: { width: 9, height: 9 } }}
        study={task(more)}
      />,
    );
  assert.ok(!tip(0).includes("lines"));
  assert.match(tip(800), /3 of its 2,403 lines are drawn/);
});

Deno.test("a block's line opens to every change of its status", () => {
  const run = new Run(workflowRow());
  run.fold(rows({
    blocks: [block("PENDING", 5), block("SCALED_IN", 90), block("FAILED", 6, { blockId: "1" })],
    nodes: [node("m1", 30)],
  }));
  const html = renderToString(<BlocksTable blocks={blocksOf(run)} />);
  assert.equal(html.match(/<details/g)?.length, 1, "one change is no history");
  const found = text(<BlocksTable blocks={blocksOf(run)} />);
  assert.match(
    found,
    /htex 0 1 2026-01-01 12:00:05 2026-01-01 12:00:30 2026-01-01 12:01:30 SCALED_IN PENDING 2026-01-01 12:00:05 first manager joined 2026-01-01 12:00:30 SCALED_IN 2026-01-01 12:01:30/,
  );
  assert.match(found, /htex 1 1 – – 2026-01-01 12:00:06 FAILED/);
});

Deno.test("the hub says how many runs it does not list, and where they are", () => {
  const shown = (runsForgotten: number, linked: boolean) => {
    const accounts = { ...healthy(T0), runsForgotten };
    return renderToString(<HubRuns snapshot={{ at: T0, zone: 0, accounts }} linked={linked} />);
  };
  assert.ok(!shown(0, true).includes("more"));
  assert.match(shown(1, true), /1 more run was heard of .*<a href="\/">in the list of workflows/);
  assert.match(shown(2345, false), /2,345 more runs were heard of .* in the database/);
});
