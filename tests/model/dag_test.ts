import assert from "node:assert/strict";
import type { DagView } from "../../model/dag/view.ts";
import { type DagInput, dagView } from "./dag_view.ts";

/** A seeded generator of numbers in 0..1 (mulberry32). */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function workflow(apps: number[], deps: number[][], states = apps.map(() => 0)): DagInput {
  const offsets = new Int32Array(apps.length + 1);
  deps.forEach((list, task) => offsets[task + 1] = offsets[task] + list.length);
  return {
    count: apps.length,
    ids: Int32Array.from(apps, (_, task) => task),
    app: Int32Array.from(apps),
    state: Uint8Array.from(states),
    apps: Array.from({ length: Math.max(-1, ...apps) + 1 }, (_, app) => `app${app}`),
    states: ["pending", "running", "exec_done", "failed"],
    offsets,
    deps: Int32Array.from(deps.flat()),
  };
}

function randomWorkflow(seed: number, acyclic: boolean): DagInput {
  const random = seeded(seed);
  const below = (top: number) => Math.floor(random() * top);
  const count = 1 + below(60);
  const kinds = 1 + below(random() < 0.2 ? 40 : 4);
  const density = random() * 3;
  return workflow(
    Array.from({ length: count }, () => below(kinds)),
    Array.from({ length: count }, (_, task) =>
      Array.from(
        { length: Math.floor(random() * density * 2) },
        () => acyclic ? task - 1 - below(8) : below(count + 4) - 2,
      )),
    Array.from({ length: count }, () => below(4)),
  );
}

/** Distinct dependencies between known tasks, as [dependency, dependent]. */
function dependencies(input: DagInput): [number, number][] {
  const found: [number, number][] = [];
  for (let task = 0; task < input.count; task++) {
    const list = new Set(input.deps.subarray(input.offsets[task], input.offsets[task + 1]));
    for (const dep of list) {
      if (dep >= 0 && dep < input.count && dep !== task) found.push([dep, task]);
    }
  }
  return found;
}

/** The longest path to each task of an acyclic workflow, by relaxing until nothing changes. */
function longestPaths(input: DagInput): number[] {
  const depth = new Array<number>(input.count).fill(0);
  for (let changed = true; changed;) {
    changed = false;
    for (const [from, to] of dependencies(input)) {
      if (depth[to] > depth[from]) continue;
      depth[to] = depth[from] + 1;
      changed = true;
    }
  }
  return depth;
}

/** The edges between groups of tasks, counted one dependency at a time. */
function bruteEdges(input: DagInput, nodeOf: (task: number) => string) {
  const pairs = new Map<string, [number, number][]>();
  for (const [from, to] of dependencies(input)) {
    if (nodeOf(from) === nodeOf(to)) continue;
    const key = `${nodeOf(from)} ${nodeOf(to)}`;
    pairs.set(key, [...(pairs.get(key) ?? []), [from, to]]);
  }
  const most = (list: number[]) => Math.max(...list.map((x) => list.filter((y) => y === x).length));
  return [...pairs].map(([key, list]) => {
    const spreads = most(list.map(([from]) => from)) > 1;
    const gathers = most(list.map(([, to]) => to)) > 1;
    const kind = spreads ? gathers ? "m:n" : "1:n" : gathers ? "n:1" : "1:1";
    return `${key} ${list.length} ${kind}`;
  }).sort();
}

const drawnEdges = (view: DagView) =>
  view.edges.map(({ from, to, count, kind }) => `${from} ${to} ${count} ${kind}`).sort();

function checkTotals(view: DagView, input: DagInput): void {
  const groups = view.nodes.filter((node) => node.kind === "group");
  const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
  assert.equal(sum(groups.map((g) => g.count)), input.count);
  for (const group of groups) assert.equal(sum(group.states.map(([, n]) => n)), group.count);
  assert.equal(
    sum(groups.map((g) => g.inner)) + sum(view.edges.map((e) => e.count)),
    view.dependencies,
  );
  assert.equal(new Set(view.nodes.map((node) => node.id)).size, view.nodes.length);
}

Deno.test("a small workflow is drawn task by task, with its own edges", () => {
  for (let seed = 0; seed < 300; seed++) {
    const input = randomWorkflow(seed, seed % 2 === 0);
    const view = dagView(input, { colour: "apps" });
    assert.equal(view.kind, "tasks");
    assert.equal(view.nodes.length, input.count);
    assert.deepEqual(drawnEdges(view), bruteEdges(input, (task) => `t${task}`));
  }
});

Deno.test("groups are (app, longest path), their edges and multiplicities as counted one by one", () => {
  let compared = 0;
  for (let seed = 0; seed < 600; seed++) {
    const input = randomWorkflow(seed, true);
    const depth = longestPaths(input);
    const nodeOf = (task: number) => `app${input.app[task]}@${depth[task]}`;
    const names = new Set(depth.map((_, task) => nodeOf(task)));
    if (names.size >= input.count) continue;
    compared++;
    const view = dagView(input, { colour: "states", maxNodes: names.size, level: 0 });
    assert.equal(view.kind, "groups");
    assert.deepEqual(new Set(view.nodes.map((node) => node.id)), names);
    assert.deepEqual(drawnEdges(view), bruteEdges(input, nodeOf));
    checkTotals(view, input);
  }
  assert.ok(compared > 300, `${compared} compared`);
});

Deno.test("cycles, self loops, unknown dependencies: every task counted, never too many nodes", () => {
  for (let seed = 0; seed < 600; seed++) {
    const input = randomWorkflow(seed, seed % 3 === 0);
    for (const maxNodes of [1, 2, 5, 20, 59]) {
      const view = dagView(input, { colour: "apps", maxNodes });
      assert.ok(view.nodes.length <= maxNodes || input.count <= maxNodes);
      assert.equal(view.dependencies, dependencies(input).length);
      if (view.kind === "groups") checkTotals(view, input);
    }
  }
});

Deno.test("the same workflow gives the same view", () => {
  for (let seed = 0; seed < 100; seed++) {
    const once = dagView(randomWorkflow(seed, false), { colour: "apps", maxNodes: 7 });
    const again = dagView(randomWorkflow(seed, false), { colour: "apps", maxNodes: 7 });
    assert.equal(JSON.stringify(once), JSON.stringify(again));
  }
});

Deno.test("fan-out and fan-in carry their multiplicity", () => {
  const apps = [0, ...new Array<number>(400).fill(1), 2];
  const deps = apps.map((app) =>
    app === 1 ? [0] : app === 2 ? Array.from({ length: 400 }, (_, i) => i + 1) : []
  );
  const view = dagView(workflow(apps, deps), { colour: "apps" });
  assert.deepEqual(drawnEdges(view), ["app0@0 app1@1 400 1:n", "app1@1 app2@2 400 n:1"]);
});

Deno.test("an empty workflow has an empty view", () => {
  const view = dagView(workflow([], []), { colour: "apps" });
  assert.deepEqual([view.nodes, view.edges], [[], []]);
});

const MILLION = 1_000_000;

function million(app: (task: number) => number, apps: number, chained: boolean): DagInput {
  return {
    count: MILLION,
    ids: Int32Array.from({ length: MILLION }, (_, task) => task),
    app: Int32Array.from({ length: MILLION }, (_, task) => app(task)),
    state: new Uint8Array(MILLION),
    apps: Array.from({ length: apps }, (_, i) => `app${i}`),
    states: ["exec_done"],
    offsets: Int32Array.from({ length: MILLION + 1 }, (_, i) => chained ? Math.max(0, i - 1) : 0),
    deps: Int32Array.from({ length: chained ? MILLION - 1 : 0 }, (_, i) => i),
  };
}

function viewed(input: DagInput): DagView {
  const view = dagView(input, { colour: "states" });
  checkTotals(view, input);
  return view;
}

Deno.test("1,000,000 independent tasks are one group per app", () => {
  assert.equal(viewed(million((task) => task % 3, 3, false)).nodes.length, 3);
});

Deno.test("a chain of 1,000,000 tasks of one app is one group", () => {
  const view = viewed(million(() => 0, 1, true));
  assert.equal(view.nodes.length, 1);
  assert.deepEqual(view.edges, []);
});

Deno.test("a chain of 1,000,000 tasks of two apps in turn is two groups, as no finer one reads better", () => {
  const view = viewed(million((task) => task % 2, 2, true));
  assert.deepEqual(drawnEdges(view), ["app0@0 app1@0 500000 1:1", "app1@0 app0@0 499999 1:1"]);
});

Deno.test("of more apps than can be told apart those with most tasks keep groups of their own", () => {
  const view = viewed(million((task) => task % 1000, 1000, false));
  assert.equal(view.nodes.length, 41);
  const several = view.nodes.filter((node) => node.app === -1);
  assert.deepEqual(several.map((node) => node.kind === "group" && [node.label, node.count]), [
    ["several apps", 960_000],
  ]);
});
