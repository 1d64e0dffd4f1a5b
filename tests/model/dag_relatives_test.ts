import assert from "node:assert/strict";
import { placeOf } from "../../model/dag_place.ts";
import { runDagView } from "../../model/dag_run.ts";
import { dagTask, waitingFor } from "../../model/dag_task.ts";
import { relatives } from "../../model/relatives.ts";
import type { Run } from "../../model/run.ts";
import { closure, randomDag } from "./dag_random.ts";
import { seeded } from "./synthetic.ts";

/** The places that a list of runs names. */
function places(cells: string): number[] {
  const bytes = Uint8Array.from(atob(cells), (c) => c.charCodeAt(0));
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const byte of bytes) {
    value += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte < 128) {
      numbers.push(value);
      value = shift = 0;
    }
  }
  const found: number[] = [];
  let at = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    at += numbers[i];
    for (let n = 0; n < numbers[i + 1]; n++) found.push(at++);
  }
  return found;
}

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
  const { run, ids, deps, users } = randomDag(seed, count, seed % 3 > 0);
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

Deno.test("a task of the DAG names its neighbours and where they stand", () => {
  for (let seed = 0; seed < 100; seed++) {
    const { run, ids, deps, users } = randomDag(seed, 30, true);
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
