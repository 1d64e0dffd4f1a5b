// A run of 200,000 tasks: every figure is what counting its rows one by one gives.
import assert from "node:assert/strict";
import { slices, workflowRow } from "../../bench/model/fold_rows.ts";
import {
  appFigures,
  failureGroups,
  median,
  peakMemory,
  stateCounts,
} from "../../model/figures/figures.ts";
import { emptyRows, type RunRows } from "../../model/run/rows.ts";
import { Run } from "../../model/run/run.ts";
import { appSeries, binsOf, cpuSeries, stateSeries } from "../../model/figures/series.ts";
import { type Series, workerSeries } from "../../model/figures/series.ts";
import { parseTaskQuery } from "../../model/tasks/table.ts";
import type { TaskQuery } from "../../model/tasks/query.ts";
import { resourcesView } from "../../model/views/resources.ts";
import { summaryView } from "../../model/views/summary.ts";
import { taskView } from "../../model/views/task.ts";
import { tasksView } from "../../model/views/tasks.ts";
import { memorySeries, seeded, shuffled } from "./synthetic.ts";

const TASKS = 200_000;

/** Every row, and a run that folded them: task and try rows in order, the others late at times. */
function foldedLate(): { run: Run; all: RunRows } {
  const random = seeded(11);
  const run = new Run(workflowRow(false));
  const all: RunRows = emptyRows();
  for (const [rows] of slices(0, TASKS)) {
    for (const row of rows.tasks) all.tasks.push(row);
    for (const row of rows.tries) all.tries.push(row);
    for (const row of rows.statuses) all.statuses.push(row);
    for (const row of rows.resources) all.resources.push(row);
    const late = rows.tasks.length + rows.tries.length > 0 ? rows : {
      ...rows,
      statuses: shuffled(rows.statuses, random),
      resources: shuffled(rows.resources, random),
    };
    run.fold(late);
  }
  return { run, all };
}

function counted<T>(rows: Iterable<T>, key: (row: T) => string | number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(String(key(row)), (counts.get(String(key(row))) ?? 0) + 1);
  return counts;
}

/** How many intervals hold each edge. */
function holding(intervals: [number, number, number][], edges: number[]): number[] {
  const steps = intervals.flatMap(([from, to, by]): [number, number][] => [[from, by], [to, -by]])
    .sort((a, b) => a[0] - b[0]);
  let next = 0;
  let sum = 0;
  return edges.map((edge) => {
    for (; next < steps.length && steps[next][0] <= edge; next++) sum += steps[next][1];
    return sum;
  });
}

const valuesOf = (series: Series, name: string) =>
  series.series.find((one) => one.name === name)?.values;

Deno.test("200,000 tasks: every figure and series is as counted, in bounded memory", async (t) => {
  const { run, all } = foldedLate();
  const edges = binsOf(run);
  const ends = edges.slice(1);
  const tries = new Map(all.tries.map((row) => [`${row.taskId} ${row.tryId}`, row]));
  const appOf = all.tasks.map(({ app }) => app);
  const ended = new Map<string, number>();
  for (const { taskId, tryId, state, time } of all.statuses) {
    if (state === "running_ended") ended.set(`${taskId} ${tryId}`, time);
  }

  await t.step("size", () => {
    assert.equal(run.tasks, TASKS);
    assert.equal(run.events, all.statuses.length);
    assert.equal(run.samples.count, all.resources.length);
    const each = run.bytes / TASKS;
    // Some 25 of them are lines over time of the samples of 400 hosts.
    assert.ok(each > 150 && each < 275, `${each} bytes a task`);
    assert.ok(edges.length > 140 && edges.length <= 301, `${edges.length} edges`);
  });
  await t.step("states", () => {
    const last = new Map<number, string>();
    for (const { taskId, tryId, state } of all.statuses) {
      if (!/^(exec_done|failed)$/.test(state)) continue;
      assert.ok(tries.has(`${taskId} ${tryId}`));
      last.set(taskId, state);
    }
    const expected = counted(last.values(), (state) => state);
    for (const { name, count } of stateCounts(run)) assert.equal(count, expected.get(name));
  });
  await t.step("apps", () => {
    const ran = new Map<string, number[]>();
    const queued = new Map<string, number[]>();
    for (const [key, row] of tries) {
      const app = appOf[row.taskId];
      const of = (map: Map<string, number[]>) => map.get(app) ?? map.set(app, []).get(app)!;
      of(ran).push(ended.get(key)! - row.running!);
      of(queued).push(row.running! - row.launched!);
    }
    const peaks = new Map<string, number>();
    for (const { taskId, resident } of all.resources) {
      peaks.set(appOf[taskId], Math.max(peaks.get(appOf[taskId]) ?? 0, resident!));
    }
    const tasks = counted(all.tasks, ({ app }) => app);
    const figures = appFigures(run);
    assert.equal(figures.length, tasks.size);
    for (const f of figures) {
      assert.equal(f.tasks, tasks.get(f.app));
      assert.equal(f.tries, ran.get(f.app)!.length);
      assert.equal(f.medianRun, median(ran.get(f.app)!));
      assert.equal(f.medianQueue, median(queued.get(f.app)!));
      assert.equal(f.longestRun, ran.get(f.app)!.reduce((a, b) => Math.max(a, b)));
      const total = ran.get(f.app)!.reduce((a, b) => a + b);
      assert.ok(Math.abs((f.totalRun ?? NaN) - total) < total * 1e-9);
      assert.equal(f.peakMemory, peaks.get(f.app));
    }
    assert.equal(peakMemory(run), Math.max(...peaks.values()));
  });
  await t.step("failures", () => {
    const retried = new Set(all.tries.filter((row) => row.failHistory).map((row) => row.taskId));
    const failed = all.statuses.filter((row) => row.state === "failed");
    const again = failed.filter((row) => retried.has(row.taskId)).length;
    const [final, flaky, ...others] = failureGroups(run);
    assert.deepEqual([final.cause, final.failed], ["no cause recorded", failed.length]);
    assert.deepEqual([flaky.cause, flaky.again], ["OSError: flaky disk", again]);
    assert.deepEqual([flaky.saved, others.length], [retried.size - again, 0]);
    assert.equal(flaky.tasks.length, 20);
  });
  await t.step("workers, apps and memory over time", () => {
    const intervals = [...tries].map(([key, row]): [string, [number, number, number]] => {
      return [appOf[row.taskId], [row.running!, ended.get(key)!, 1]];
    });
    const busy = holding(intervals.map(([, interval]) => interval), ends);
    assert.ok(Math.max(...busy) > 100);
    assert.deepEqual(valuesOf(workerSeries(run), "busy"), busy);
    const apps = appSeries(run);
    for (const { name, values } of apps.series) {
      if (name === "other") continue;
      const own = intervals.filter(([app]) => app === name).map(([, interval]) => interval);
      assert.deepEqual(values, holding(own, ends), name);
    }
    const held: [number, number, number][] = [];
    for (let i = 0; i < all.resources.length; i++) {
      const row = all.resources[i];
      const next = all.resources[i + 1];
      const follows = next?.taskId === row.taskId && next.tryId === row.tryId;
      const until = follows ? next.time : ended.get(`${row.taskId} ${row.tryId}`)!;
      held.push([row.time, until, row.resident!]);
    }
    assert.deepEqual(valuesOf(memorySeries(run), "used"), holding(held, ends));
  });
  await t.step("CPU over time", () => {
    const used = new Float64Array(ends.length);
    const width = edges[1] - edges[0];
    for (let i = 0; i + 1 < all.resources.length; i++) {
      const [a, b] = [all.resources[i], all.resources[i + 1]];
      if (a.taskId !== b.taskId || a.tryId !== b.tryId) continue;
      const seconds = b.cpuUser! + b.cpuSystem! - a.cpuUser! - a.cpuSystem!;
      for (let bin = Math.floor((a.time - edges[0]) / width); edges[bin] < b.time; bin++) {
        const share = Math.min(b.time, edges[bin + 1]) - Math.max(a.time, edges[bin]);
        used[bin] += seconds * share / (b.time - a.time) / (width / 1000);
      }
    }
    // Times of samples are rounded up to the millisecond: that much CPU time may be one bin late.
    const slack = Math.max(...used) / width;
    valuesOf(cpuSeries(run), "used")!.forEach((cores, bin) => {
      assert.ok(Math.abs(cores! - used[bin]) <= slack, `bin ${bin}: ${cores}, not ${used[bin]}`);
    });
  });
  await t.step("states over time", () => {
    const byTask = new Map<number, { state: string; time: number }[]>();
    // The rows were made in the order of each task's life.
    for (const row of all.statuses) {
      if (!byTask.has(row.taskId)) byTask.set(row.taskId, []);
      byTask.get(row.taskId)!.push(row);
    }
    const held = new Map<string, [number, number, number][]>();
    for (const life of byTask.values()) {
      for (let i = life.length - 2; i >= 0; i--) {
        life[i] = { ...life[i], time: Math.min(life[i].time, life[i + 1].time) };
      }
      life.forEach(({ state, time }, i) => {
        if (!held.has(state)) held.set(state, []);
        held.get(state)!.push([time, life[i + 1]?.time ?? Infinity, 1]);
      });
    }
    const series = stateSeries(run);
    assert.equal(series.series.length, held.size);
    for (const { name, values } of series.series) {
      assert.deepEqual(values, holding(held.get(name)!, ends), name);
    }
  });
  await t.step("tables: every page is a page of the whole, sorted", () => {
    const page = (news: Partial<TaskQuery>) => {
      const query = { ...parseTaskQuery(new URLSearchParams()), ...news };
      return tasksView(run, 0, query, null)!;
    };
    const returned = all.tasks.map(({ taskId, returned }) => ({ taskId, returned: returned! }))
      .sort((a, b) => b.returned - a.returned || a.taskId - b.taskId);
    for (const number of [1, 2, 777, 4000]) {
      const { lines } = page({ sort: "returned", descending: true, page: number });
      const expected = returned.slice((number - 1) * 50, number * 50);
      assert.deepEqual(lines.map((line) => line.taskId), expected.map(({ taskId }) => taskId));
    }
    const hosts = new Map<number, string>();
    for (const { taskId, hostname } of all.tries) {
      hosts.set(taskId, `${hosts.get(taskId) ?? ""} ${hostname}`);
    }
    const byApp = all.tasks
      .filter(({ taskId }) => `${taskId} ${hosts.get(taskId)}`.includes("47"))
      .sort((a, b) => a.app < b.app ? -1 : a.app > b.app ? 1 : a.taskId - b.taskId);
    for (const number of [1, 20, 150]) {
      const { lines, total } = page({ sort: "app", search: "47 htex", page: number });
      const expected = byApp.slice((number - 1) * 50, number * 50);
      assert.deepEqual(lines.map((line) => line.taskId), expected.map(({ taskId }) => taskId));
      assert.equal(total, byApp.length);
    }
    const failed = page({ state: "failed" });
    assert.equal(failed.total, stateCounts(run).find(({ name }) => name === "failed")!.count);
  });
  await t.step("no response grows with the tasks", () => {
    const text = { hashsum: null, inputs: null, outputs: null, stdin: null, stdout: null };
    const record = { text: { ...text, stderr: null }, tries: [], statuses: [], resources: [] };
    const query = parseTaskQuery(new URLSearchParams());
    const views = [
      summaryView(run, 0),
      resourcesView(run, 0),
      tasksView(run, 0, query, null),
      taskView(run, 0, 5, record),
    ];
    for (const view of views) assert.ok(JSON.stringify(view).length < 60_000);
  });
});
