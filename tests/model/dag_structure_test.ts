import assert from "node:assert/strict";
import { dagLinks } from "../../model/dag/links.ts";
import { BY_APP } from "../../model/dag/levels.ts";
import { type DagStructure, dagStructure } from "../../model/dag/structure.ts";
import type { DagTasks } from "../../model/dag/tasks.ts";
import { bruteEdges, drawnEdges } from "./dag_random.ts";
import { seeded } from "./synthetic.ts";

/** Tasks 0, 1, … of apps and with dependencies by index. */
function condensed(
  apps: number[],
  deps: number[][],
  options: Parameters<typeof dagStructure>[2],
): DagStructure {
  const offsets = new Int32Array(apps.length + 1);
  deps.forEach((list, task) => offsets[task + 1] = offsets[task] + list.length);
  const tasks: DagTasks = {
    count: apps.length,
    ids: apps.map((_, task) => task),
    order: null,
    app: apps,
    state: apps.map(() => 0),
    apps: [...Array.from({ length: Math.max(0, ...apps) + 1 }, (_, app) => `a${app}`), "unknown"],
    states: ["pending", "unknown"],
    joins: null,
    tries: null,
  };
  return dagStructure(tasks, dagLinks(apps.length, offsets, Int32Array.from(deps.flat())), options);
}

function randomGraph(seed: number): { apps: number[]; deps: number[][] } {
  const random = seeded(seed);
  const below = (top: number) => Math.floor(random() * top);
  const count = 1 + below(50);
  const kinds = 1 + below(random() < 0.2 ? 30 : 3);
  const density = random() * 4;
  const acyclic = random() < 0.5;
  return {
    apps: Array.from({ length: count }, () => below(kinds + 1) - (random() < 0.1 ? 1 : 0))
      .map((app) => Math.min(app, kinds - 1)),
    deps: Array.from({ length: count }, (_, task) =>
      Array.from(
        { length: below(density + 1) },
        () => acyclic ? task - 1 - below(6) : below(count + 4) - 2,
      )),
  };
}

function linksOf(deps: number[][]): [number, number][] {
  return deps.flatMap((list, task) =>
    [...new Set(list)].filter((dep) => dep >= 0 && dep < deps.length && dep !== task)
      .map((dep): [number, number] => [dep, task])
  );
}

const named = ({ groups, edges }: DagStructure) =>
  drawnEdges(
    edges.map((edge) => ({ ...edge, from: groups[edge.from].id, to: groups[edge.to].id })),
  );

Deno.test("DAG groups: counts and edges of thousands of graphs at any level are as counted one by one", () => {
  let edges = 0;
  for (let seed = 0; seed < 4000; seed++) {
    const { apps, deps } = randomGraph(seed);
    const level = [undefined, 0, 1, 2, 3, BY_APP][seed % 6];
    const structure = condensed(apps, deps, { most: 60, level, finest: seed % 7 === 0 });
    const { groups, group, start, members } = structure;
    assert.ok(groups.length <= 60);
    assert.equal(new Set(groups.map(({ id }) => id)).size, groups.length);
    const links = linksOf(deps);
    assert.deepEqual(named(structure), bruteEdges(links, (task) => groups[group[task]].id));
    edges += structure.edges.length;
    groups.forEach(({ app, inner }, g) => {
      const own = apps.keys().filter((task) => group[task] === g).toArray();
      assert.deepEqual([...members.subarray(start[g], start[g + 1])], own);
      assert.ok(own.length > 0);
      for (const task of own) if (app !== -2) assert.equal(apps[task], app);
      assert.equal(inner, links.filter(([a, b]) => group[a] === g && group[b] === g).length);
    });
  }
  assert.ok(edges > 10_000, `${edges} edges compared`);
});

Deno.test("DAG groups: never more than allowed", () => {
  for (let seed = 0; seed < 500; seed++) {
    const { apps, deps } = randomGraph(seed);
    for (const most of [1, 2, 3, 7]) {
      assert.ok(condensed(apps, deps, { most }).groups.length <= most);
      assert.ok(condensed(apps, deps, { most, finest: true }).groups.length <= most);
    }
  }
});

/** Whether groups can be put in an order in which every edge goes on. */
function turnsBack({ groups, edges }: DagStructure): boolean {
  const left = new Set(groups.keys());
  for (let size = -1; size !== left.size;) {
    size = left.size;
    for (const group of left) {
      if (!edges.some(({ from, to }) => to === group && left.has(from))) left.delete(group);
    }
  }
  return left.size > 0;
}

Deno.test("DAG groups: thousands of acyclic graphs have acyclic groups if any that are allowed have", () => {
  let tight = 0;
  let cyclic = 0;
  for (let seed = 0; seed < 4000; seed++) {
    const { apps, deps: any } = randomGraph(seed);
    const deps = any.map((list, task) => list.filter((dep) => dep < task));
    assert.ok(!turnsBack(condensed(apps, deps, {})), `seed ${seed}: all strata are allowed`);
    const kinds = new Set(apps).size;
    const most = kinds + seed % 12;
    if (!turnsBack(condensed(apps, deps, { most }))) {
      tight++;
      continue;
    }
    cyclic++;
    for (const level of [0, 1, 2, 3, 4, 5, 6, 7, BY_APP]) {
      const other = condensed(apps, deps, { most, level });
      assert.ok(turnsBack(other), `seed ${seed}: level ${level} would have been acyclic`);
    }
  }
  assert.ok(tight > 500 && cyclic > 200, `${tight} acyclic, ${cyclic} not`);
});

Deno.test("DAG groups: a workflow that goes round is a row of at most 60, beyond that what reads best", () => {
  const around = (depths: number) =>
    condensed(
      Array.from({ length: depths * 4 }, (_, task) => Math.floor(task / 4) % 5),
      Array.from({ length: depths * 4 }, (_, task) => task < 4 ? [] : [task - 4]),
      {},
    );
  for (const depths of [5, 20, 60]) {
    const row = around(depths);
    assert.equal(row.groups.length, depths);
    assert.ok(!turnsBack(row));
  }
  const ring = around(150);
  assert.equal(ring.groups.length, 5);
  assert.ok(turnsBack(ring));
});

Deno.test("DAG groups: a row is one as long as its lines are not far too long", () => {
  const row = (depths: number, far: number) =>
    condensed(
      Array.from({ length: depths }, (_, task) => task % 5),
      Array.from({ length: depths }, (_, task) => [task - 1, task - far].filter((t) => t >= 0)),
      {},
    );
  assert.equal(row(30, 10).groups.length, 30, "20 lines of 10");
  assert.equal(row(50, 31).groups.length, 5, "19 lines of 31");
});

Deno.test("DAG groups: the part of one app of an acyclic graph is split into acyclic groups", () => {
  for (let seed = 0; seed < 1000; seed++) {
    const { deps: any } = randomGraph(seed);
    const deps = any.map((list, task) => list.filter((dep) => dep < task));
    const options = { most: 1 + seed % 9, finest: true };
    assert.ok(!turnsBack(condensed(deps.map(() => 0), deps, options)));
  }
});

Deno.test("DAG groups: a group keeps its id while tasks are added", () => {
  let kept = 0;
  for (let seed = 0; seed < 300; seed++) {
    const random = seeded(seed);
    const below = (top: number) => Math.floor(random() * top);
    const apps = Array.from({ length: 400 }, (_, task) => Math.floor(task / 100) + below(2));
    const deps = apps.map((_, task) => task === 0 || random() < 0.2 ? [] : [below(task)]);
    let before: DagStructure | undefined;
    for (let count = 100; count <= 400; count += 50) {
      const now = condensed(apps.slice(0, count), deps.slice(0, count), { before });
      if (before && before.level === now.level && now.level !== 1) {
        for (let task = 0; task < before.count; task++) {
          assert.equal(now.groups[now.group[task]].id, before.groups[before.group[task]].id);
        }
        kept++;
      }
      before = now;
    }
  }
  assert.ok(kept > 900, `${kept} of 1800 steps at one level`);
});

Deno.test("DAG groups: chains of one app are one group, and forks end them", () => {
  // 0 → 1 → 2 of app 0, then 3, 4 of app 1 after 2.
  const { groups } = condensed([0, 0, 0, 1, 1], [[], [0], [1], [2], [2]], { level: 1 });
  assert.deepEqual(groups.map(({ id, depth, deepest }) => [id, depth, deepest]), [
    ["a0@0", 0, 2],
    ["a1@3", 3, 3],
  ]);
});
