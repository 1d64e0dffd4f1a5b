// Figures of what workers told of themselves: exact where the system counted, and marked as such.

import assert from "node:assert/strict";
import { nodeFigures, nodeViews } from "../../model/figures/nodes.ts";
import { taskCpu, taskMemory, tryCpu, tryPeak } from "../../model/figures/measured.ts";
import type { NodeSampleRow, TotalsRow, TryTotals } from "../../model/run/own_rows.ts";
import { Run } from "../../model/run/run.ts";
import { taskLine, TASKS_CSV } from "../../model/tasks/columns.ts";
import { type Lanes, lanesOf } from "../../model/timeline/lanes.ts";
import { tryUses } from "../../model/views/try_totals.ts";
import { rows, sample, seeded, status, T0, taskRow, tryRow, workflowRow } from "./synthetic.ts";

function totals(taskId: number, news: Partial<TotalsRow> = {}): TotalsRow {
  return {
    ...{ taskId, tryId: 0, host: "node1", block: "0", manager: "m", rank: "0", pid: 10 },
    ...{ ended: "returned", cpu: 3, peak: 700, childrenPeak: null, exactPeak: true },
    ...news,
  };
}

function allTotals(news: Partial<TryTotals> = {}): TryTotals {
  return {
    ...totals(0),
    ...{ began: T0, over: T0 + 2000, ofThread: false, wall: 2, cpuUser: 2, cpuSystem: 1 },
    ...{ childrenCpuUser: 0, childrenCpuSystem: 0, read: 10, written: 20 },
    ...{ diskRead: 0, diskWritten: null, switchesVoluntary: 1, switchesInvoluntary: 2 },
    ...{ memoryStart: 300, samplesLate: 0 },
    ...news,
  };
}

function runOf(news: Parameters<typeof rows>[0]): Run {
  const run = new Run(workflowRow());
  run.fold(rows(news));
  return run;
}

Deno.test("exact: totals stand before samples, in whatever order they come", () => {
  const samples = [sample(0, 1, 1, 900), sample(0, 2, 3, 800)];
  for (const first of [true, false]) {
    const run = new Run(workflowRow());
    run.fold(rows(first ? { totals: [totals(0)] } : { resources: samples }));
    run.fold(rows(first ? { resources: samples } : { totals: [totals(0)] }));
    assert.deepStrictEqual(tryCpu(run, 0), { value: 3, unit: "seconds", exact: true });
    assert.deepStrictEqual(tryPeak(run, 0), { value: 700, unit: "bytes", exact: true });
    assert.equal(run.samples.peak, 700, "the sum of processes that samples saw counts no more");
  }
});

Deno.test("exact: not what was seen of a worker that was killed, nor the peak beside others' memory", () => {
  const samples = [sample(0, 1, 1, 900), sample(0, 2, 3, 800)];
  const killed = runOf({ resources: samples, totals: [totals(0, { ended: "killed", cpu: 4 })] });
  assert.deepStrictEqual(tryCpu(killed, 0), { value: 4, unit: "seconds", exact: false });
  assert.deepStrictEqual(tryPeak(killed, 0), { value: 900, unit: "bytes", exact: false });
  const children = runOf({ resources: samples, totals: [totals(0, { childrenPeak: 950 })] });
  assert.deepStrictEqual(tryPeak(children, 0), { value: 950, unit: "bytes", exact: false });
  assert.equal(tryCpu(children, 0).exact, true);
  const none = runOf({ totals: [totals(0, { cpu: null, peak: 0, exactPeak: true })] });
  assert.deepStrictEqual([tryCpu(none, 0).value, tryPeak(none, 0).value], [null, null]);
});

Deno.test("exact: a task's CPU time is that of all its tries, and exact when each of them is", () => {
  const second = totals(0, { tryId: 1, cpu: 5, peak: 300 });
  const tries = [tryRow(0, 0, { running: T0 }), tryRow(0, 1, { running: T0 + 5000 })];
  const half = runOf({ tasks: [taskRow(0)], tries, totals: [second] });
  assert.deepStrictEqual(taskCpu(half, 0), { value: 5, unit: "seconds", exact: false });
  half.fold(rows({ totals: [totals(0)] }));
  assert.deepStrictEqual(taskCpu(half, 0), { value: 8, unit: "seconds", exact: true });
  assert.deepStrictEqual(taskMemory(half, 0), { value: 700, unit: "bytes", exact: true });
  const names = TASKS_CSV.header.trimEnd().split(",");
  const cells = TASKS_CSV.line(taskLine(half, 0)).trimEnd().split(",");
  const told = ["peak_memory_bytes", "peak_memory_exact", "cpu_seconds", "cpu_exact"];
  assert.deepStrictEqual(told.map((name) => cells[names.indexOf(name)]), [
    "700",
    "yes",
    "8",
    "yes",
  ]);
});

/** Ids of the tasks of each lane. */
function tasksOf(run: Run, { tries, offsets, count }: Lanes): number[][] {
  return Array.from(
    { length: count },
    (_, lane) =>
      [...tries.slice(offsets[lane], offsets[lane + 1])]
        .map((attempt) => run.taskId.data[run.tryTask.data[attempt]]),
  );
}

Deno.test("lanes of workers: each worker has its own, the others' tries have what they need", async () => {
  const times = { running: T0, returned: T0 + 10_000 };
  const later = { running: T0 + 20_000, returned: T0 + 30_000 };
  const rank = (rank: string, pid: number, news = {}) => ({ rank, pid, ...news });
  const run = runOf({
    tasks: [0, 1, 2, 3, 4, 5, 6].map((id) => taskRow(id)),
    tries: [
      ...[0, 1, 2, 3].map((id) => tryRow(id, 0, { hostname: "node1", ...times })),
      ...[4, 5, 6].map((id) => tryRow(id, 0, { hostname: "node1", ...later })),
    ],
    statuses: [0, 1, 2, 3, 4, 5, 6].map((id) => status(id, "exec_done", 31)),
    totals: [
      totals(0, rank("10", 20)),
      totals(1, rank("9", 19)),
      // Who has a worker's place after it died is of the same lane.
      totals(4, rank("10", 99)),
      totals(5, { rank: null, pid: 7 }),
      // Told of a worker that was busy with another try: it cannot be.
      totals(2, rank("9", 19)),
    ],
  });
  const lanes = await lanesOf(run, false);
  assert.deepStrictEqual(tasksOf(run, lanes), [[1], [0, 4], [2, 5], [3, 6]]);
  const [host] = lanes.hosts;
  assert.deepStrictEqual(host.workers, [{ manager: "m", rank: "9" }, { manager: "m", rank: "10" }]);
  assert.deepStrictEqual([host.lanes, host.most], [4, 4]);
});

Deno.test("used and asked for: shares are of what was asked, unknown stays unknown", () => {
  const request = {
    ...{ taskId: 0, tryId: 0, specification: "{}", gpus: null },
    ...{ cores: 2, memory: 1, disk: null, walltime: 10 },
  };
  const told = allTotals({ peak: 2 ** 19 });
  const [use] = tryUses([told], [request], [], () => true);
  const line = (what: string) => use.lines.find((line) => line.what === what);
  assert.equal(line("Run time")?.share, 0.2);
  assert.equal(line("Cores in use, mean")?.share, 0.75);
  assert.equal(line("Peak memory")?.share, 0.5);
  assert.equal(line("Written to disks"), undefined, "nobody knows");
  assert.deepStrictEqual(line("Read from disks")?.exact, { value: 0, unit: "bytes", exact: true });
  const [children] = tryUses([{ ...told, childrenPeak: 3 * 2 ** 20 }], [request], [], () => true);
  assert.equal(children.lines.find(({ what }) => what === "Peak memory")?.share, 3);
  const [killed] = tryUses([{ ...told, ended: "killed" }], [], [], () => true);
  assert.ok(killed.lines.every(({ exact }) => exact.value === null));
  const [alone] = tryUses([], [request], [sample(0, 1, 1, 2 ** 20)], () => true);
  assert.deepStrictEqual(alone.ended, null);
  assert.equal(alone.lines.find(({ what }) => what === "Peak memory")?.share, 1);
  assert.deepStrictEqual(tryUses([told], [request], [], () => false), []);
});

function nodeSample(hostname: string, seconds: number, busy: number | null): NodeSampleRow {
  return {
    ...{ hostname, time: T0 + seconds * 1000, cpus: 4, busy, load: 1 },
    ...{ memoryTotal: 100, memoryAvailable: 40, swapTotal: 0, swapUsed: null },
    ...{ diskTotal: 10, diskFree: 5 },
  };
}

Deno.test("nodes: a host's samples over time; a time without a sampler is a gap", () => {
  const run = runOf({
    nodeSamples: [10, 20, 30, 100, 110].map((at) => nodeSample("n2", at, at === 20 ? null : 0.5)),
  });
  run.fold(rows({ nodeSamples: [nodeSample("n10", 10, 1), nodeSample("n2", 20, 0.75)] }));
  assert.deepStrictEqual(nodeFigures(run).map(({ host }) => host), ["n2", "n10"]);
  const [view] = nodeViews(run, 0, 1);
  assert.deepStrictEqual(view.x.map((x) => (x - T0) / 1000), [0, 10, 20, 30, 90, 100, 110]);
  assert.deepStrictEqual(view.busy, [2, null, 2, null, 2, 2], "the first of a time counts");
  assert.deepStrictEqual(view.used, [60, 60, 60, null, 60, 60]);
  assert.equal(view.swap, null);
  const [figures] = nodeFigures(run);
  assert.deepStrictEqual([figures.busyMean, figures.swapMost, figures.gpus], [0.5, null, null]);
});

Deno.test("nodes: however many samples there are, those that are kept are bounded", () => {
  const run = new Run(workflowRow());
  const random = seeded(7);
  for (let from = 0; from < 500_000; from += 50_000) {
    const nodeSamples = Array.from(
      { length: 50_000 },
      (_, i) => nodeSample(`n${i % 20}`, from + i, random()),
    );
    run.fold(rows({ nodeSamples }));
  }
  const kept = run.hosts.hosts.reduce((sum, { samples }) => sum + samples.length, 0);
  assert.ok(kept <= 2 ** 18, `${kept} samples`);
  const mean = nodeFigures(run)[0].busyMean!;
  assert.ok(Math.abs(mean - 0.5) < 0.02, `${mean}`);
  assert.ok(nodeViews(run, 0, 1)[0].busy.length <= 260);
});
