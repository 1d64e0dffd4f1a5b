import assert from "node:assert/strict";
import { appFigures, cpuOf, queueTime, runTime, stateCounts } from "../../model/figures/figures.ts";
import { Run } from "../../model/run/run.ts";
import {
  appSeries,
  binsOf,
  busyNow,
  capacityOver,
  cpuSeries,
  type Series,
  stateSeries,
  workerSeries,
} from "../../model/figures/series.ts";
import { climate, large } from "../support/fixtures.ts";
import { busyAt, orderedEvents } from "./reference.ts";
import {
  block,
  memorySeries,
  node,
  rows,
  runsOf,
  sample,
  status,
  T0,
  taskRow,
  tryRow,
  workflowRow,
} from "./synthetic.ts";

/** Edges in seconds after the beginning. */
const at = (...seconds: number[]) => seconds.map((s) => T0 + s * 1000);
const valuesOf = (s: Series, name: string) => s.series.find((x) => x.name === name)?.values;
const sumAt = (s: Series, bin: number) => s.series.reduce((n, x) => n + (x.values[bin] ?? 0), 0);

for (const [name, open] of [["climate.db", climate], ["large.db", large]] as const) {
  Deno.test(`${name}: state series sum to the tasks known and end in the counts`, async (t) => {
    const file = await open();
    try {
      for (const run of await runsOf(file.path)) {
        const series = stateSeries(run);
        const first: number[] = [];
        for (let task = 0; task < run.tasks; task++) {
          const events = orderedEvents(run, task);
          if (events.length > 0) first.push(events[0].time);
        }
        await t.step(`${run.workflow.name}: sums`, () => {
          for (let bin = 0; bin + 1 < series.edges.length; bin++) {
            const edge = series.edges[bin + 1];
            assert.equal(sumAt(series, bin), first.filter((time) => time <= edge).length);
            for (const s of series.series) assert.ok(s.values[bin]! >= 0);
          }
        });
        await t.step(`${run.workflow.name}: final bin`, () => {
          const last = Object.fromEntries(
            series.series.map((s) => [s.name, s.values.at(-1)!]).filter(([, n]) => n !== 0),
          );
          const counts = stateCounts(run).map((c) => [c.name, c.count]);
          assert.deepEqual(last, Object.fromEntries(counts));
        });
        await t.step(`${run.workflow.name}: busy workers sum over the apps`, () => {
          const busy = valuesOf(workerSeries(run), "busy")!;
          const apps = appSeries(run);
          assert.deepEqual(busy.map((_, bin) => sumAt(apps, bin)), busy);
          // The last edge lies beyond the end: a run that goes on has then what is busy now.
          const goesOn = run.workflow.completed === null;
          assert.equal(busy.at(-1), goesOn ? busyNow(run) : 0);
          assert.deepEqual(busy.slice(0, -1), busyAt(run, binsOf(run).slice(1, -1)));
        });
      }
    } finally {
      await file.remove();
    }
  });
}

Deno.test("running logged before launched still reads pending, launched, running, done", () => {
  const run = new Run(workflowRow({ completed: T0 + 10_000 }));
  run.fold(rows({
    tasks: [taskRow(0)],
    tries: [tryRow(0, 0, { launched: T0 + 1500 })],
    statuses: [
      status(0, "running", 2),
      status(0, "pending", 1),
      status(0, "launched", 3),
      status(0, "running_ended", 6),
      status(0, "exec_done", 7),
    ],
  }));
  const events = orderedEvents(run, 0);
  assert.deepEqual(events.map((e) => run.states.at(e.state)), [
    "pending",
    "launched",
    "running",
    "running_ended",
    "exec_done",
  ]);
  for (let i = 1; i < events.length; i++) assert.ok(events[i].time >= events[i - 1].time);
  const series = stateSeries(run, at(0, 1, 2.5, 5, 6.5, 10));
  assert.deepEqual(valuesOf(series, "pending"), [1, 0, 0, 0, 0]);
  assert.deepEqual(valuesOf(series, "running"), [0, 1, 1, 0, 0]);
  assert.deepEqual(valuesOf(series, "running_ended"), [0, 0, 0, 1, 0]);
  assert.deepEqual(valuesOf(series, "exec_done"), [0, 0, 0, 0, 1]);
  assert.equal(queueTime(run, 0), 500);
  assert.equal(runTime(run, 0), 4000);
});

Deno.test("a retried task is in one state at a time", () => {
  const run = new Run(workflowRow({ completed: T0 + 10_000 }));
  run.fold(rows({
    tasks: [taskRow(0)],
    statuses: [
      status(0, "pending", 1),
      status(0, "running", 2),
      status(0, "fail_retryable", 4),
      status(0, "pending", 4, 1),
      status(0, "running", 5, 1),
      status(0, "exec_done", 8, 1),
    ],
  }));
  const series = stateSeries(run);
  for (let bin = 0; bin + 1 < series.edges.length; bin++) {
    assert.equal(sumAt(series, bin), series.edges[bin + 1] >= T0 + 1000 ? 1 : 0);
  }
  assert.deepEqual(stateCounts(run), [{ name: "exec_done", count: 1 }]);
  assert.deepEqual(busyAt(run, at(1, 2, 3.9, 4, 5, 7.9, 8)), [0, 1, 1, 0, 1, 1, 0]);
});

Deno.test("CPU that shrinks is no use, never a negative one", () => {
  const run = new Run(workflowRow({ completed: T0 + 10_000 }));
  run.fold(rows({
    tasks: [taskRow(0)],
    resources: [
      sample(0, 6, 5, 100),
      sample(0, 0, 1, 100),
      sample(0, 2, 5, 300),
      sample(0, 4, 3, 200),
      sample(0, 8, null, null),
    ],
  }));
  assert.equal(cpuOf(run, 0), 6);
  const used = valuesOf(cpuSeries(run, at(0, 2, 4, 6, 8)), "used");
  assert.deepEqual(used, [2, 0, 1, 0]);
  for (const value of valuesOf(cpuSeries(run), "used")!) assert.ok(value! >= 0);
});

Deno.test("memory holds from sample to sample and ends with the try", () => {
  const run = new Run(workflowRow({ completed: T0 + 10_000 }));
  run.fold(rows({
    tasks: [taskRow(0), taskRow(1)],
    tries: [tryRow(0, 0, { returned: T0 + 7000 })],
    resources: [sample(0, 2, 1, 300), sample(0, 4, 1, 200), sample(1, 4, 1, 50)],
  }));
  assert.deepEqual(valuesOf(memorySeries(run, at(0, 1, 3, 5, 8)), "used"), [0, 300, 250, 50]);
});

Deno.test("tries inside Parsl itself are on no worker; one without an end is busy to the last", () => {
  const run = new Run(workflowRow({ completed: null }));
  run.fold(rows({
    tasks: [taskRow(0), taskRow(1)],
    tries: [tryRow(0, 0, { executor: "_parsl_internal" }), tryRow(1)],
    statuses: [
      status(0, "running", 1),
      status(0, "exec_done", 5),
      status(1, "running", 2),
    ],
  }));
  assert.deepEqual(busyAt(run, at(1, 2, 4.9, 5)), [0, 1, 1, 0]);
  assert.equal(busyNow(run), 1);
  assert.equal(valuesOf(workerSeries(run), "busy")?.at(-1), 1);
  run.fold(rows({ workflow: workflowRow({ completed: T0 + 5000 }) }));
  assert.equal(busyNow(run), 0);
  assert.equal(valuesOf(workerSeries(run), "busy")?.at(-1), 0);
});

Deno.test("bins are a power of two wide, aligned, and cover the run", () => {
  for (const length of [1, 17, 299, 300, 301, 1e5, 86_400_000, 3e9]) {
    for (const began of [T0, T0 + 0.25, T0 - 12_345.678]) {
      const run = new Run(workflowRow({ began, completed: began + length }));
      const edges = binsOf(run);
      const width = edges[1] - edges[0];
      assert.equal(Math.log2(width) % 1, 0);
      assert.ok(edges.every((edge, i) => edge % width === 0 && edge === edges[0] + i * width));
      assert.ok(edges[0] <= began && edges[1] > began, `${length}`);
      assert.ok(edges.at(-1)! >= run.end && edges.at(-2)! < run.end, `${length}`);
      assert.ok(edges.length <= 301 && (width === 1 || edges.length > 150), `${edges.length}`);
    }
  }
});

Deno.test("a manager that reports often counts once, and is subtracted when it goes", () => {
  const run = new Run(workflowRow());
  run.fold(rows({
    nodes: [
      ...Array.from({ length: 20 }, (_, i) => node("m1", 10 + i)),
      node("m2", 20),
      node("m1", 40, { active: false }),
    ],
    blocks: [block("RUNNING", 5), block("SCALED_IN", 60)],
  }));
  const edges = at(0, 9, 10, 20, 39, 40, 59, 60, 99);
  assert.deepEqual(capacityOver(run, edges, "workers"), [0, 3, 6, 6, 3, 3, 0, 0]);
  // Two managers on one host share its cores.
  assert.deepEqual(capacityOver(run, edges, "cores"), [0, 8, 8, 8, 8, 8, 0, 0]);
});

Deno.test("a block that one executor alone has takes its managers with it", () => {
  const run = new Run(workflowRow());
  run.fold(rows({
    nodes: [node("a0", 10), node("a1", 10, { blockId: "1" }), node("b0", 10)],
    blocks: [
      block("RUNNING", 5),
      block("RUNNING", 5, { blockId: "1" }),
      block("RUNNING", 5, { executor: "other" }),
      block("SCALED_IN", 50, { blockId: "1" }),
    ],
  }));
  assert.deepEqual(capacityOver(run, at(0, 20, 49, 50, 90), "workers"), [9, 9, 6, 6]);
});

Deno.test("a block ends with its first final state", () => {
  const run = new Run(workflowRow());
  run.fold(rows({
    nodes: [node("m1", 10)],
    blocks: [block("RUNNING", 5), block("COMPLETED", 50), block("SCALED_IN", 70)],
  }));
  assert.deepEqual(capacityOver(run, at(0, 20, 50, 70), "workers"), [3, 0, 0]);
});

Deno.test("a run without managers, samples or duration has no series to show", () => {
  const run = new Run(workflowRow({ completed: T0 }));
  assert.deepEqual(binsOf(run), []);
  for (const make of [stateSeries, workerSeries, appSeries, cpuSeries, memorySeries]) {
    assert.deepEqual(make(run).series, []);
  }
  assert.deepEqual(capacityOver(run, at(0, 1, 2), "workers"), [null, null]);
  assert.deepEqual(appFigures(run), []);
});

Deno.test("an event at the very end of the run is in the last bin", () => {
  for (let i = 0; i < 2000; i++) {
    const end = T0 + 0.123 * (i + 1) + i * 7.001;
    const run = new Run(workflowRow({ began: T0 + 0.017 * i, completed: end + 100 }));
    const time = end + 100;
    run.fold(rows({ statuses: [{ taskId: 0, tryId: 0, state: "exec_done", time }] }));
    assert.deepEqual(valuesOf(stateSeries(run), "exec_done")?.at(-1), 1, `${i}`);
  }
});
