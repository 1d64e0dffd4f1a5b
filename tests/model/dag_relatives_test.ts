import assert from "node:assert/strict";
import { placeOf } from "../../model/dag/task_place.ts";
import { runDagView } from "../../model/dag/run.ts";
import { dagTask } from "../../model/dag/task.ts";
import { waitingFor } from "../../model/dag/waiting.ts";
import { relatives } from "../../model/dag/relatives.ts";
import { Run } from "../../model/run/run.ts";
import { places } from "./dag_places.ts";
import { closure, randomDag } from "./dag_random.ts";
import { rows, seeded, status, taskRow, tryRow, workflowRow } from "./synthetic.ts";

/** The ids of the tasks of each node in ascending order, told by where each task says it stands. */
function tasksByNode(run: Run, ids: number[]): Map<string, number[]> {
  const nodes = new Map<string, number[]>();
  for (const id of ids) {
    const { group, index } = placeOf(run, run.indexOf(id)!);
    const list = nodes.get(group) ?? [];
    assert.equal(index, list.length, "places are in order of ids");
    list.push(id);
    nodes.set(group, list);
  }
  return nodes;
}

function checkRelatives(seed: number, count: number): void {
  const { run, ids, deps, users } = randomDag(seed, count, seed % 3 > 0, seed % 4 === 3);
  const nodes = tasksByNode(run, ids);
  assert.deepEqual(
    new Set(nodes.keys()),
    new Set(runDagView(run, "apps").nodes.map((node) => node.id)),
  );
  const taskId = ids[Math.floor(seeded(seed)() * count)];
  const up = closure(taskId, deps);
  const down = closure(taskId, users);
  const found = relatives(run, taskId)!;
  assert.deepEqual([found.ancestors, found.descendants], [up.size, down.size]);
  for (const [node, tasks] of nodes) {
    const part = found.groups[node] ?? { ancestors: 0, descendants: 0, cells: "" };
    assert.equal(part.ancestors, tasks.filter((id) => up.has(id)).length);
    assert.equal(part.descendants, tasks.filter((id) => down.has(id)).length);
    assert.deepEqual(
      places(part.cells!).map((place) => tasks[place]),
      tasks.filter((id) => up.has(id) || down.has(id)),
    );
  }
}

Deno.test("relatives: of thousands of graphs ancestors and descendants are the closure", () => {
  for (let seed = 0; seed < 2000; seed++) checkRelatives(seed, 1 + seed % 40);
});

Deno.test("relatives: in groups their cells name the same tasks", () => {
  for (let seed = 0; seed < 30; seed++) checkRelatives(seed, 301 + seed);
});

Deno.test("relatives: a task that is not there has none", () => {
  assert.equal(relatives(randomDag(1, 10, true).run, 4711), null);
});

Deno.test("waiting: the unfinished ancestors of a task, those that wait for nothing first", () => {
  let waiting = 0;
  for (let seed = 0; seed < 1000; seed++) {
    const { run, ids, deps } = randomDag(seed, 1 + seed % 40, seed % 2 === 0);
    const isOpen = (id: number) => ["pending", "running"].includes(run.stateOf(run.indexOf(id)!));
    const open = new Map(ids.map((id) => [id, deps.get(id)!.filter(isOpen)]));
    const taskId = ids[Math.floor(seeded(seed)() * ids.length)];
    const expected = [...closure(taskId, open)].sort((a, b) =>
      Math.sign(open.get(a)!.length) - Math.sign(open.get(b)!.length) || a - b
    );
    const { unfinished, more } = waitingFor(run, run.indexOf(taskId)!);
    assert.deepEqual(unfinished.map((task) => task.taskId), expected);
    assert.equal(more, 0);
    waiting += expected.length;
  }
  assert.ok(waiting > 300, `${waiting} found`);
});

Deno.test("waiting: a task that joins waits for what it joins, and a join that does not for nothing of it", () => {
  let waiting = 0;
  for (let seed = 0; seed < 1000; seed++) {
    const random = seeded(seed);
    const below = (top: number) => Math.floor(random() * top);
    const count = 1 + below(12);
    const some = () => Array.from({ length: below(4) }, () => below(count));
    const states = ["pending", "running", "joining", "exec_done", "failed"];
    const tasks = Array.from({ length: count }, () => ({
      depends: some(),
      joins: some(),
      state: states[below(states.length)],
    }));
    const run = new Run(workflowRow({ completed: null }));
    run.fold(rows({
      tasks: tasks.map(({ depends }, id) => taskRow(id, { depends: depends.join(",") })),
      tries: tasks.map(({ joins }, id) => tryRow(id, 0, { joins: joins.join(",") })),
      statuses: tasks.map(({ state }, id) => status(id, state, 10)),
    }));
    const isOpen = (id: number) => !["exec_done", "failed"].includes(tasks[id].state);
    const open = new Map(tasks.map(({ state, depends, joins }, id) => {
      const needs = state === "joining" ? joins : depends;
      return [id, needs.filter((other) => other !== id && isOpen(other))];
    }));
    const asked = below(count);
    const expected = [...closure(asked, open)].sort((a, b) =>
      Math.sign(open.get(a)!.length) - Math.sign(open.get(b)!.length) || a - b
    );
    const { unfinished } = waitingFor(run, asked);
    assert.deepEqual(unfinished.map(({ taskId }) => taskId), expected, `seed ${seed}`);
    if (tasks[asked].state === "joining") waiting += expected.length;
  }
  assert.ok(waiting > 100, `${waiting} found`);
});

Deno.test("a task of the DAG names its neighbours and where they stand", () => {
  for (let seed = 0; seed < 100; seed++) {
    const { run, ids, deps, users } = randomDag(seed, 30, true, seed % 2 === 1);
    for (const taskId of ids) {
      const answer = dagTask(run, run.indexOf(taskId)!);
      const known = answer.dependencies.filter((dep) => dep.index >= 0).map((dep) => dep.taskId);
      assert.deepEqual(known.sort(), [...deps.get(taskId)!].sort());
      assert.deepEqual(
        answer.dependents.map((user) => user.taskId).sort(),
        [...users.get(taskId)!].sort(),
      );
      for (const { taskId: other, group, index } of [answer, ...answer.dependents]) {
        assert.deepEqual({ group, index }, { group: `t${other}`, index: 0 });
      }
    }
  }
});
