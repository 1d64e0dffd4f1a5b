// Which tasks of a run are joins, and what they wait for.

import assert from "node:assert/strict";
import type { DagGroupNode, DagTaskNode } from "../../model/dag/view.ts";
import { runDagView } from "../../model/dag/run.ts";
import { Run } from "../../model/run/run.ts";
import { climate } from "../support/fixtures.ts";
import { joinsOf, recordedJoins } from "./join_rows.ts";
import {
  rows,
  runsOf,
  seeded,
  shuffled,
  status,
  taskRow,
  tryRow,
  workflowRow,
} from "./synthetic.ts";

Deno.test("joins: as the newest try that names any says, in whatever order and how often rows come", () => {
  let compared = 0;
  for (let seed = 0; seed < 500; seed++) {
    const random = seeded(seed);
    const below = (top: number) => Math.floor(random() * top);
    const expected = new Map<number, number[]>();
    const tries = Array.from(
      { length: 20 },
      (_, taskId) =>
        Array.from({ length: 1 + below(3) }, (_, tryId) => {
          const joined = Array.from({ length: below(4) }, () => below(40));
          if (joined.length > 0) expected.set(taskId, joined);
          return tryRow(taskId, tryId, { joins: joined.length > 0 ? joined.join(",") : null });
        }),
    ).flat();
    const run = new Run(workflowRow());
    for (const row of shuffled([...tries, ...tries.slice(below(20))], random)) {
      run.fold(rows({ tries: [row] }));
    }
    assert.deepEqual(joinsOf(run), expected, `seed ${seed}`);
    const named = tries.filter(({ joins }) => joins !== null);
    const ids = named.reduce((sum, { joins }) => sum + joins!.split(",").length, 0);
    assert.ok(run.joins.ids.length <= 2 * ids, "what comes again takes no more memory");
    compared += expected.size;
  }
  assert.ok(compared > 5000, `${compared} compared`);
});

Deno.test("joins: what is in state joining is one, whatever it waits for", () => {
  const run = new Run(workflowRow());
  run.fold(rows({
    tasks: [taskRow(0), taskRow(1)],
    statuses: [status(0, "joining", 1), status(1, "running", 1)],
  }));
  run.fold(rows({ statuses: [status(0, "exec_done", 2)] }));
  assert.deepEqual([run.joins.has(0), run.joins.has(1)], [true, false]);
  assert.deepEqual([...run.joins.of(0)], []);
});

Deno.test("joins: a run without any pays nothing for them", () => {
  const bytesOf = (tasks: number) => {
    const run = new Run(workflowRow());
    run.fold(rows({
      tasks: Array.from({ length: tasks }, (_, id) => taskRow(id)),
      tries: Array.from({ length: tasks }, (_, id) => tryRow(id)),
    }));
    return run.joins.bytes;
  };
  assert.equal(bytesOf(20_000), bytesOf(1));
});

Deno.test("recordings: joins are what the database says, and the graph tells them", async () => {
  const database = await climate();
  let joins = 0;
  try {
    for (const run of await runsOf(database.path)) {
      const recorded = recordedJoins(database.path, run.runId);
      assert.deepEqual(joinsOf(run), recorded);
      const view = runDagView(run, "apps", "tasks");
      const nodes = view.nodes as DagTaskNode[];
      assert.deepEqual(
        nodes.filter(({ join }) => join).map(({ taskId }) => taskId),
        nodes.filter(({ taskId }) => run.joins.has(run.indexOf(taskId)!)).map((n) => n.taskId),
      );
      for (const [taskId, list] of recorded) {
        for (const other of list.filter((id) => run.indexOf(id) !== undefined)) {
          assert.ok(
            view.edges.some(({ from, to }) => from === `t${other}` && to === `t${taskId}`),
            `${taskId} joins ${other}`,
          );
        }
      }
      const groups = runDagView(run, "apps", "groups").nodes as DagGroupNode[];
      const told = groups.reduce((sum, group) => sum + group.joins, 0);
      assert.equal(told, nodes.filter(({ join }) => join).length);
      assert.ok(told >= recorded.size);
      joins += recorded.size;
    }
  } finally {
    await database.remove();
  }
  assert.ok(joins > 50, `${joins} joins`);
});
