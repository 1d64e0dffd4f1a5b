// Rows may come in any order, in any slices, and task and try rows again.
import assert from "node:assert/strict";
import { appFigures, failureGroups, peakMemory, stateCounts } from "../../model/figures/figures.ts";
import { emptyRows, type RunRows, type WorkflowRow } from "../../model/run/rows.ts";
import { Run } from "../../model/run/run.ts";
import { START } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import {
  appSeries,
  binsOf,
  cpuSeries,
  stateSeries,
  workerSeries,
} from "../../model/figures/series.ts";
import { parseTaskQuery, selectTasks, taskLine } from "../../model/tasks/table.ts";
import { climate } from "../support/fixtures.ts";
import { busyAt } from "./reference.ts";
import {
  block,
  memorySeries,
  node,
  rows,
  seeded,
  shuffled,
  status,
  T0,
  taskRow,
  tryRow,
  workflowRow,
} from "./synthetic.ts";

const LISTS = ["tasks", "tries", "statuses", "resources", "nodes", "blocks"] as const;

/** All rows of every run of climate.db. */
async function recordings(): Promise<{ workflow: WorkflowRow; all: RunRows }[]> {
  const file = await climate();
  const database = await openDatabase(file.path);
  try {
    const out = [];
    for (const workflow of await database.workflows()) {
      const all = emptyRows();
      for await (const slice of database.read(workflow.runId, START)) {
        all.tasks.push(...slice.rows.tasks);
        all.tries.push(...slice.rows.tries);
        all.statuses.push(...slice.rows.statuses);
        all.resources.push(...slice.rows.resources);
        all.nodes.push(...slice.rows.nodes);
        all.blocks.push(...slice.rows.blocks);
      }
      out.push({ workflow, all });
    }
    return out;
  } finally {
    database.close();
    await file.remove();
  }
}

/** Everything that pages show of a run, in an order of its own. */
function pictureOf(run: Run): unknown {
  const byName = <T extends { name: string }>(list: T[]) =>
    [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
  const round = (values: (number | null)[]) => values.map((v) => v && Math.round(v * 1e6) / 1e6);
  const series = [stateSeries(run), appSeries(run), workerSeries(run), memorySeries(run)];
  return {
    began: run.began,
    end: run.end,
    states: byName(stateCounts(run)),
    apps: appFigures(run).map((a) => ({
      ...a,
      states: byName(a.states),
      totalRun: Math.round((a.totalRun ?? -1) * 1e3),
    })),
    failures: failureGroups(run, Infinity).map(({ example: _, ...group }) => group),
    peak: peakMemory(run),
    lines: selectTasks(run, parseTaskQuery(new URLSearchParams())).map((t) => taskLine(run, t)),
    busy: busyAt(run, binsOf(run)),
    series: series.map((s) => byName(s.series)),
    cpu: cpuSeries(run).series.map((s) => round(s.values)),
    capacity: workerSeries(run).capacity,
  };
}

function folded(workflow: WorkflowRow, ...slices: RunRows[]): Run {
  const run = new Run(workflow);
  for (const slice of slices) run.fold(slice);
  return run;
}

/** The rows dealt out to some slices, each list in the order it has. */
function dealt(all: RunRows, slices: number, random: () => number): RunRows[] {
  const out = Array.from({ length: slices }, () => emptyRows());
  const deal = <T>(list: T[], into: (slice: RunRows) => T[]) => {
    for (const row of list) into(out[Math.floor(random() * slices)]).push(row);
  };
  deal(all.tasks, (s) => s.tasks);
  deal(all.tries, (s) => s.tries);
  deal(all.statuses, (s) => s.statuses);
  deal(all.resources, (s) => s.resources);
  deal(all.nodes, (s) => s.nodes);
  deal(all.blocks, (s) => s.blocks);
  return out;
}

function shuffledRows(all: RunRows, random: () => number): RunRows {
  return {
    workflow: null,
    tasks: shuffled(all.tasks, random),
    tries: shuffled(all.tries, random),
    statuses: shuffled(all.statuses, random),
    resources: shuffled(all.resources, random),
    nodes: shuffled(all.nodes, random),
    blocks: shuffled(all.blocks, random),
    totals: shuffled(all.totals, random),
    nodeSamples: shuffled(all.nodeSamples, random),
    gpuSamples: shuffled(all.gpuSamples, random),
  };
}

Deno.test("the order of the rows changes nothing that is shown", async (t) => {
  for (const { workflow, all } of await recordings()) {
    const expected = pictureOf(folded(workflow, all));
    for (const seed of [1, 2, 3]) {
      await t.step(`${workflow.name}, seed ${seed}`, () => {
        assert.deepEqual(
          pictureOf(folded(workflow, shuffledRows(all, seeded(seed)))),
          expected,
        );
      });
    }
  }
});

Deno.test("slices of the rows change nothing that is shown", async (t) => {
  for (const { workflow, all } of await recordings()) {
    const expected = pictureOf(folded(workflow, all));
    for (const slices of [2, 7, 40]) {
      await t.step(`${workflow.name}, ${slices} slices`, () => {
        assert.deepEqual(
          pictureOf(folded(workflow, ...dealt(all, slices, seeded(slices)))),
          expected,
        );
      });
    }
    await t.step(`${workflow.name}, table by table backwards`, () => {
      const tables = LISTS.map((key) => ({ ...emptyRows(), [key]: all[key] })).reverse();
      assert.deepEqual(pictureOf(folded(workflow, ...tables)), expected);
    });
  }
});

Deno.test("task and try rows that come again change nothing", async () => {
  for (const { workflow, all } of await recordings()) {
    const run = folded(workflow, all);
    const expected = pictureOf(run);
    const counts = [run.tasks, run.tryTask.length, run.depIds.length];
    run.fold(rows({ tasks: all.tasks, tries: all.tries }));
    run.fold(rows({ tries: all.tries, workflow }));
    assert.deepEqual(pictureOf(run), expected);
    assert.deepEqual([run.tasks, run.tryTask.length, run.depIds.length], counts);
  }
});

Deno.test("a task or try row that comes again brings its news", () => {
  const run = folded(workflowRow(), rows({ tasks: [taskRow(0)], tries: [tryRow(0)] }));
  run.fold(rows({
    tasks: [taskRow(0, { returned: T0 + 9000 })],
    tries: [tryRow(0, 0, { failHistory: "ValueError: x", returned: T0 + 8000 })],
  }));
  assert.equal(run.tasks, 1);
  assert.equal(run.tryTask.length, 1);
  assert.equal(run.taskReturned.get(0), T0 + 9000);
  assert.equal(run.tryEnded.get(0), T0 + 8000);
  assert.equal(failureGroups(run).length, 1);
});

Deno.test("rows of a task before the task's own are kept", () => {
  const run = folded(
    workflowRow(),
    rows({ statuses: [status(5, "running", 3), status(5, "exec_done", 6)] }),
  );
  assert.equal(run.tasks, 1);
  assert.equal(appFigures(run)[0].app, "unknown");
  run.fold(rows({ tasks: [taskRow(5, { app: "late", depends: "1,2" })] }));
  assert.equal(run.tasks, 1);
  assert.equal(appFigures(run)[0].app, "late");
  assert.deepEqual([...run.dependenciesOf(0)], [1, 2]);
  assert.equal(run.stateOf(0), "exec_done");
});

Deno.test("columns grow past their first size", () => {
  const all = rows({
    tasks: Array.from({ length: 1000 }, (_, id) => taskRow(id, { depends: id ? `${id - 1}` : "" })),
    statuses: Array.from({ length: 1000 }, (_, id) => status(id, "exec_done", 2 + id / 100)),
  });
  const run = folded(workflowRow(), all);
  assert.deepEqual(stateCounts(run), [{ name: "exec_done", count: 1000 }]);
  for (let task = 1; task < 1000; task++) {
    assert.deepEqual([...run.dependenciesOf(task)], [task - 1]);
  }
});

/** Every order in which rows can come, each row in a slice of its own, gives the same. */
function sameInAnyOrder(slices: RunRows[], figure: (run: Run) => unknown): void {
  const expected = figure(folded(workflowRow(), ...slices));
  for (let seed = 1; seed <= 12; seed++) {
    const run = folded(workflowRow(), ...shuffled(slices, seeded(seed)));
    assert.deepEqual(figure(run), expected);
  }
}

Deno.test("any order: two final states of one try", () => {
  sameInAnyOrder([
    rows({ statuses: [status(0, "failed", 5)] }),
    rows({ statuses: [status(0, "exec_done", 6)] }),
  ], (run) => [stateCounts(run), stateSeries(run).series]);
});

Deno.test("any order: a start reported twice, and in the try row", () => {
  sameInAnyOrder([
    rows({ statuses: [status(0, "running", 3)] }),
    rows({ statuses: [status(0, "running", 4)] }),
    rows({ tries: [tryRow(0, 0, { running: T0 + 3500 })] }),
    rows({ statuses: [status(0, "exec_done", 6)] }),
  ], (run) => run.tryRunning.get(0));
});

Deno.test("any order: a block that ended twice", () => {
  sameInAnyOrder([
    rows({ nodes: [node("m1", 10)] }),
    rows({ blocks: [block("COMPLETED", 50)] }),
    rows({ blocks: [block("SCALED_IN", 70)] }),
  ], (run) => workerSeries(run).capacity);
});

Deno.test("the version grows with news only", () => {
  const run = new Run(workflowRow());
  run.fold(rows({ tasks: [taskRow(0)] }));
  const { version } = run;
  run.fold(rows({}));
  run.fold(rows({ workflow: workflowRow() }));
  assert.equal(run.version, version);
  run.fold(rows({ workflow: workflowRow({ completed: T0 + 5 }) }));
  assert.equal(run.version, version + 1);
  run.fold(rows({ statuses: [status(0, "pending", 1)] }));
  assert.equal(run.version, version + 2);
});
