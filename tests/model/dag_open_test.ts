import assert from "node:assert/strict";
import { openedDagView, tasksOfNode } from "../../model/dag/open.ts";
import { runDagView } from "../../model/dag/run.ts";
import type { DagNode } from "../../model/dag/view.ts";
import type { Run } from "../../model/run/run.ts";
import { bruteEdges, drawnEdges, randomDag } from "./dag_random.ts";

function idsOf(run: Run, node: string): number[] {
  return Array.from(tasksOfNode(run, node)!, (task) => run.taskId.data[task]);
}

const sizeOf = (node: DagNode) => node.kind === "group" ? node.count : 1;

Deno.test("opened groups add up, and their edges are as counted one by one", () => {
  let parts = 0;
  let outer = 0;
  let deeper = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { run, deps } = randomDag(seed, 310 + (seed % 4) * 300, seed % 2 === 0);
    const links = [...deps].flatMap(([to, list]) =>
      list.map((from): [number, number] => [from, to])
    );
    const view = runDagView(run, "states");
    const nodeOf = new Map<number, string>();
    for (const { id } of view.nodes) for (const task of idsOf(run, id)) nodeOf.set(task, id);
    for (const node of view.nodes) {
      assert.ok(node.kind === "group");
      const members = idsOf(run, node.id);
      assert.deepEqual(members, members.toSorted((a, b) => a - b));
      if (!node.openable) continue;
      const inside = openedDagView(run, node.id, "states")!;
      assert.equal(inside.tasks, node.count);
      assert.equal(inside.dependencies, node.inner);
      assert.equal(inside.kind, node.count <= 300 ? "tasks" : "groups");
      if (inside.kind === "groups") assert.ok(inside.nodes.length <= 60);
      const partOf = new Map<number, string>();
      for (const part of inside.nodes) {
        const own = idsOf(run, part.id);
        assert.equal(own.length, sizeOf(part));
        if (part.kind === "group") assert.ok(part.id.startsWith(`${node.id}/`));
        for (const task of own) partOf.set(task, part.id);
        parts++;
        if (part.kind === "group" && part.openable) {
          assert.equal(openedDagView(run, part.id, "apps")!.tasks, part.count);
          deeper++;
        }
      }
      assert.deepEqual([...partOf.keys()].sort(), members.toSorted());
      const within = links.filter(([a, b]) => partOf.has(a) && partOf.has(b));
      assert.deepEqual(drawnEdges(inside.edges), bruteEdges(within, (task) => partOf.get(task)!));
      const across = links.filter(([a, b]) => partOf.has(a) !== partOf.has(b));
      assert.deepEqual(
        drawnEdges(inside.outer),
        bruteEdges(across, (task) => partOf.get(task) ?? nodeOf.get(task)!),
      );
      outer += inside.outer.length;
    }
  }
  assert.ok(parts > 500 && outer > 500 && deeper > 20, `${parts} ${outer} ${deeper}`);
});

Deno.test("what is not a group cannot be opened", () => {
  const { run } = randomDag(1, 400, true);
  for (const id of ["", "t0", "t99999", "nothing@0", "app0@0/nothing@0", "/", "app0@0/"]) {
    assert.equal(openedDagView(run, id, "apps"), null, id);
  }
});
