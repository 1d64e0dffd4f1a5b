import assert from "node:assert/strict";
import type { DagGroupNode } from "../../model/dag/view.ts";
import { cellBytes } from "../../model/dag/cells.ts";
import { tasksOfNode } from "../../model/dag/open.ts";
import { dagHosts, dagTurn, runDag, runDagView } from "../../model/dag/run.ts";
import { findTasks } from "../../model/dag/task.ts";
import { Run } from "../../model/run/run.ts";
import { climate, large } from "../support/fixtures.ts";
import { randomDag } from "./dag_random.ts";
import { rows, runsOf, status, T0, taskRow, tryRow, workflowRow } from "./synthetic.ts";

/** A run of `count` tasks that goes on or is over: one begins, all others follow it. */
function fan(count: number, news: Parameters<typeof workflowRow>[0] = {}): Run {
  const run = new Run(workflowRow(news));
  run.fold(rows({
    tasks: Array.from(
      { length: count },
      (_, id) => taskRow(id, { app: id === 0 ? "split" : "work", depends: id === 0 ? "" : "0" }),
    ),
    statuses: Array.from({ length: count }, (_, id) => status(id, "pending", 1)),
  }));
  return run;
}

const groupsOf = (run: Run) => runDagView(run, "states").nodes as DagGroupNode[];

Deno.test("a change of state changes tallies, but not the structure", () => {
  const run = fan(400);
  const before = runDagView(run, "states");
  const { generation } = runDag(run);
  run.fold(rows({ statuses: [status(7, "running", 2), status(8, "failed", 3)] }));
  const after = runDagView(run, "states");
  assert.equal(runDag(run).generation, generation);
  assert.equal(after.structure, before.structure);
  const [, work] = groupsOf(run);
  assert.deepEqual(
    [work.id, work.count, work.running, work.failed, work.finished, work.memo],
    ["work@1", 399, 1, 1, 1, 0],
  );
});

Deno.test("new tasks in known groups change counts, but not what has to be laid out", () => {
  const run = fan(400);
  const before = runDagView(run, "apps");
  run.fold(rows({ tasks: [taskRow(400, { app: "work", depends: "0" })] }));
  const after = runDagView(run, "apps");
  assert.equal(after.tasks, 401);
  assert.equal(after.structure, before.structure);
  run.fold(rows({ tasks: [taskRow(401, { app: "plot", depends: "5,6" })] }));
  const grown = runDagView(run, "apps");
  assert.notEqual(grown.structure, before.structure);
  assert.deepEqual(grown.nodes.map(({ id }) => id), ["split@0", "work@1", "plot@2"]);
});

Deno.test("while a run goes on its structure is not made again with every fold", () => {
  // A clock that goes on by a millisecond with each look at it.
  const { now } = performance;
  let clock = 0;
  performance.now = () => ++clock;
  const run = fan(50_000, { completed: null });
  let next = 50_000;
  try {
    runDagView(run, "apps");
    while (next < 50_100) {
      run.fold(rows({ tasks: [taskRow(next++, { app: "work", depends: "0" })] }));
      runDagView(run, "apps");
    }
    const again = runDag(run).generation - 1;
    assert.ok(again > 0 && again < 50, `made again with ${again} of 100 folds`);
  } finally {
    performance.now = now;
  }
  run.fold(rows({
    workflow: workflowRow(),
    tasks: [taskRow(next++, { app: "work", depends: "0" })],
  }));
  assert.equal(dagTurn(run), "due", "a run that is over keeps nothing back");
  assert.equal(runDagView(run, "apps").tasks, next, "when it is over all is there");
});

Deno.test("times of a group: of all tries, the median to 2 %", () => {
  const run = fan(400);
  const lengths = Array.from({ length: 399 }, (_, i) => 10 + ((i * 7919) % 4001));
  run.fold(rows({
    tries: lengths.map((ms, i) =>
      tryRow(i + 1, 0, { launched: T0, running: T0 + 1000, returned: T0 + 1000 + ms })
    ),
  }));
  const [split, work] = groupsOf(run);
  assert.deepEqual([split.medianRun, split.totalRun], [null, 0]);
  assert.equal(work.totalRun, lengths.reduce((a, b) => a + b));
  const median = lengths.toSorted((a, b) => a - b)[199];
  assert.ok(Math.abs(work.medianRun! / median - 1) < 0.02, `${work.medianRun}, not ${median}`);
});

Deno.test("cells: a byte for each task in the order of ids", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { run } = randomDag(seed, 320 + seed, true);
    const view = runDagView(run, "states");
    for (const { id } of view.nodes) {
      const tasks = tasksOfNode(run, id)!;
      const bytes = (colour: Parameters<typeof cellBytes>[2]) => [...cellBytes(run, id, colour)!];
      assert.deepEqual(
        bytes("states").map((byte) => view.states[byte]),
        Array.from(tasks, (task) => run.stateOf(task)),
      );
      assert.deepEqual(
        bytes("apps").map((byte) => view.apps[byte]),
        Array.from(tasks, (task) => run.apps.at(run.taskApp.data[task])),
      );
      assert.deepEqual(
        bytes("host").map((byte) => dagHosts(run)[byte]),
        Array.from(tasks, (task) => run.names.at(run.tryHost.data[run.taskLastTry.data[task]])),
      );
      assert.deepEqual(new Set(bytes("tries")), new Set([1]));
    }
  }
  assert.equal(cellBytes(fan(400), "nothing@0", "states"), null);
});

Deno.test("cells of durations: a doubling or so a bucket, 255 for none", () => {
  const run = fan(400);
  const ms = [1, 2, 1000, 2 ** 20, 2 ** 30];
  run.fold(rows({
    tries: ms.map((time, i) => tryRow(i + 1, 0, { running: T0, returned: T0 + time })),
  }));
  const bytes = cellBytes(run, "work@1", "duration")!;
  assert.deepEqual([...bytes.subarray(0, 6)], [0, 0, 6, 15, 15, 255]);
  run.fold(rows({ tasks: [taskRow(400, { app: "work", depends: "0" })] }));
  assert.deepEqual([...cellBytes(run, "work@1", "tries")!.subarray(398)], [1, 255]);
});

Deno.test("find: the task table's search, with places", () => {
  const run = fan(400);
  const { matches, first } = findTasks(run, "work");
  assert.equal(matches, 399);
  assert.equal(first.length, 50);
  assert.deepEqual(first[3], { taskId: 4, group: "work@1", index: 3 });
  assert.deepEqual(findTasks(run, " "), { matches: 0, first: [] });
});

Deno.test("recordings: never more than 200 groups, every task in one, all dependencies told", async () => {
  let condensed = 0;
  for (const database of [await climate(), await large()]) {
    for (const run of await runsOf(database.path)) {
      const view = runDagView(run, "states");
      assert.ok(view.nodes.length <= (view.kind === "tasks" ? 300 : 200));
      const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
      const groups = view.nodes.filter((node) => node.kind === "group");
      assert.equal(
        groups.length > 0 ? sum(groups.map((g) => g.count)) : view.nodes.length,
        run.tasks,
      );
      assert.equal(
        sum(groups.map((g) => g.inner)) + sum(view.edges.map((edge) => edge.count)),
        view.dependencies,
      );
      condensed += groups.length > 0 ? 1 : 0;
    }
    await database.remove();
  }
  assert.equal(condensed, 3);
});
