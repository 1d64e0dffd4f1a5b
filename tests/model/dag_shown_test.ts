// Where tasks stand while groups are open, and what a small graph is drawn of.

import assert from "node:assert/strict";
import { criticalPath } from "../../model/dag/critical_path.ts";
import type { DagColour } from "../../model/dag/view.ts";
import { cellBytes } from "../../model/dag/cells.ts";
import { bestNodes } from "../../model/dag/dense.ts";
import { dagLinks } from "../../model/dag/links.ts";
import { ALL_TASKS } from "../../model/dag/nodes.ts";
import { openedDagView, tasksOfNode } from "../../model/dag/open.ts";
import { type DagShown, placeOf } from "../../model/dag/task_place.ts";
import { runDag, runDagView } from "../../model/dag/run.ts";
import { dagTask, findTasks } from "../../model/dag/task.ts";
import { waitingFor } from "../../model/dag/waiting.ts";
import { relatives } from "../../model/dag/relatives.ts";
import { Run } from "../../model/run/run.ts";
import { places } from "./dag_places.ts";
import { closure, randomDag } from "./dag_random.ts";
import { rows, seeded, taskRow, workflowRow } from "./synthetic.ts";

/** Opens some groups at random; returns them, and the ids of the tasks of each node then drawn. */
function openSome(run: Run, random: () => number): [Set<string>, Map<string, number[]>] {
  const opened = new Set<string>();
  const drawn = new Map<string, number[]>();
  const queue = runDagView(run, "apps", "groups").nodes;
  for (let node = queue.pop(); node; node = queue.pop()) {
    const inside = node.kind === "group" && opened.size < 12 && random() < 0.6
      ? openedDagView(run, node.id, "apps")
      : null;
    if (inside) {
      opened.add(node.id);
      queue.push(...inside.nodes);
    } else {
      const own = tasksOfNode(run, node.id)!;
      drawn.set(node.id, Array.from(own, (task) => run.taskId.data[task]));
    }
  }
  return [opened, drawn];
}

Deno.test("while groups are open every answer's places are those of the nodes that are drawn", () => {
  let deeper = 0;
  let lit = 0;
  for (let seed = 0; seed < 60; seed++) {
    const count = seed % 2 ? 320 + (seed % 4) * 400 : 40 + seed * 4;
    const { run, ids, deps, users } = randomDag(seed, count, seed % 3 > 0, seed % 4 === 3);
    const [opened, drawn] = openSome(run, seeded(seed));
    const shown: DagShown = { nodes: "groups", opened };
    const placed = new Map<number, { group: string; index: number }>();
    for (const [group, tasks] of drawn) {
      tasks.forEach((id, index) => placed.set(id, { group, index }));
      if (group.includes("/")) deeper++;
    }
    assert.equal(placed.size, count);
    const check = ({ taskId, group, index }: { taskId: number; group: string; index: number }) =>
      assert.deepEqual({ group, index }, placed.get(taskId), `seed ${seed}, task ${taskId}`);
    for (const id of ids) check({ taskId: id, ...placeOf(run, run.indexOf(id)!, shown) });

    const taskId = ids[Math.floor(seeded(seed)() * count)];
    const task = run.indexOf(taskId)!;
    const { dependencies, dependents, ...self } = dagTask(run, task, shown);
    [self, ...dependents, ...dependencies.filter(({ index }) => index >= 0)].forEach(check);
    findTasks(run, "app0", shown).first.forEach(check);
    waitingFor(run, task, shown).unfinished.forEach(check);
    criticalPath(run, shown).steps.forEach(check);

    const up = closure(taskId, deps);
    const down = closure(taskId, users);
    const found = relatives(run, taskId, shown)!;
    assert.deepEqual([found.ancestors, found.descendants], [up.size, down.size]);
    const known = new Set(drawn.keys());
    assert.ok(Object.keys(found.groups).every((id) => known.has(id)), "what is not drawn is lit");
    for (const [node, tasks] of drawn) {
      assert.deepEqual(
        places(found.groups[node]?.cells ?? "").map((place) => tasks[place]),
        tasks.filter((id) => up.has(id) || down.has(id)),
      );
      lit += found.groups[node] ? 1 : 0;
    }
  }
  assert.ok(deeper > 100 && lit > 200, `${deeper} parts, ${lit} nodes with relatives`);
});

Deno.test("groups that are open no more change nothing", () => {
  const { run, ids } = randomDag(3, 700, true);
  const opened = new Set(["gone@0", "gone@0/1", "t5"]);
  for (const id of ids) {
    const task = run.indexOf(id)!;
    assert.deepEqual(placeOf(run, task, { opened }), placeOf(run, task));
  }
});

Deno.test("a small run is drawn of what is asked for, a large one of groups", () => {
  const { run } = randomDag(5, 50, true);
  assert.equal(runDagView(run, "apps").kind, "tasks");
  const groups = runDagView(run, "apps", "groups");
  assert.equal(groups.kind, "groups");
  assert.deepEqual(
    groups.nodes.map(({ id }) => tasksOfNode(run, id)!.length).reduce((sum, n) => sum + n),
    50,
  );
  assert.deepEqual(placeOf(run, 7, { nodes: "tasks" }).group, `t${run.taskId.data[7]}`);
  assert.ok(groups.nodes.some(({ id }) => id === placeOf(run, 7, { nodes: "groups" }).group));
  assert.equal(runDag(run, "tasks").structure, null);
  assert.equal(runDagView(randomDag(5, 301, true).run, "apps", "tasks").kind, "groups");
});

Deno.test("all tasks' bytes come together in the order of ids", () => {
  for (let seed = 0; seed < 40; seed++) {
    const { run, ids } = randomDag(seed, 60, true);
    for (const colour of ["apps", "states", "duration", "host", "tries"] as DagColour[]) {
      const all = cellBytes(run, ALL_TASKS, colour)!;
      assert.deepEqual([...all], ids.map((id) => cellBytes(run, `t${id}`, colour)![0]));
    }
  }
});

/** Links of a graph whose task depends on the tasks of its list. */
function linksOf(deps: number[][]) {
  const offsets = new Int32Array(deps.length + 1);
  deps.forEach((list, task) => offsets[task + 1] = offsets[task] + list.length);
  return dagLinks(deps.length, offsets, Int32Array.from(deps.flat()));
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

Deno.test("dense graphs of some size are drawn of groups, plain ones of tasks", () => {
  const shapes: [string, number[][], "tasks" | "groups"][] = [
    ["150 beside each other between two", [
      [],
      ...range(1, 151).map(() => [0]),
      range(1, 151),
    ], "groups"],
    ["150 that depend on nothing, and a few", [
      [],
      ...range(1, 40).map(() => [0]),
      range(1, 40),
      ...range(0, 150).map(() => []),
    ], "tasks"],
    ["ten pipelines of 30", range(0, 300).map((i) => i < 10 ? [] : [i - 10]), "tasks"],
    ["each of 30 after each of 30", [
      ...range(0, 30).map(() => []),
      ...range(30, 61).map(() => range(0, 30)),
    ], "groups"],
    ["dense, but few", [
      ...range(0, 30).map(() => []),
      ...range(30, 60).map(() => range(0, 30)),
    ], "tasks"],
    ["lines across all depths", range(0, 120).map((i) => i === 0 ? [] : [i - 1, 0]), "groups"],
    ["too many", range(0, 301).map(() => []), "groups"],
  ];
  for (const [name, deps, expected] of shapes) {
    assert.equal(bestNodes(linksOf(deps), undefined), expected, name);
  }
});

Deno.test("what a run is drawn of does not go to and fro while it grows", () => {
  let changed = 0;
  for (let seed = 0; seed < 100; seed++) {
    const random = seeded(seed);
    const density = 1 + random() * 5;
    const run = new Run(workflowRow());
    const kinds: string[] = [];
    for (let id = 0; id < 320; id++) {
      const depends = Array.from(
        { length: Math.floor(random() * density) },
        () => Math.floor(random() * id),
      );
      run.fold(rows({ tasks: [taskRow(id, { depends: id === 0 ? "" : depends.join(",") })] }));
      if (id % 8 === 0) kinds.push(runDagView(run, "apps").kind);
    }
    const turn = kinds.indexOf("groups");
    assert.ok(kinds.slice(turn).every((kind) => kind === "groups"), `seed ${seed}`);
    if (turn * 8 < 300) changed++;
  }
  assert.ok(changed > 30, `${changed} changed before they had to`);
});
