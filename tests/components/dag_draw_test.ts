// What is drawn: labels beside lines, the critical path, joins, names that are too long.

import assert from "node:assert/strict";
import type { DagView } from "../../model/dag/view.ts";
import { drawScene } from "../../picture/dag/draw/draw.ts";
import { crosses } from "../../picture/dag/draw/labels.ts";
import type { Link } from "../../picture/dag/draw/links.ts";
import { type Frame, pairOf } from "../../picture/dag/draw/frame.ts";
import { groupSize } from "../../picture/dag/layout/grid.ts";
import { layeredLayout } from "../../picture/dag/layout/layout.ts";
import { elideName, type Pen } from "../../picture/pen.ts";
import { Scene } from "../../picture/dag/layout/scene.ts";
import { dagShape } from "../../picture/dag/layout/shape.ts";
import { sidesOf } from "../../picture/dag/layout/sides.ts";
import { themeOf } from "../../looks/theme.ts";
import { nodeWords } from "../../components/dag/descriptions.ts";
import { group, groupsView, smallView } from "./dag_views.ts";

const WINDOW = { width: 1200, height: 800 };

interface Drawn {
  texts: { text: string; x: number; y: number; size: number }[];
  lines: { points: readonly { x: number; y: number }[]; stroke: string }[];
  heads: number;
  rects: number;
}

/** Draws a view and tells what was drawn. */
function draw(view: DagView, scale = 1, frame: Partial<Frame> = {}, path: Link[] = []): Drawn {
  const drawn: Drawn = { texts: [], lines: [], heads: 0, rects: 0 };
  const pen: Pen = {
    rect: () => drawn.rects++,
    line: (points, { stroke }) => drawn.lines.push({ points, stroke }),
    polygon: () => drawn.heads++,
    text: (text, x, y, { size }) => drawn.texts.push({ text, x, y, size }),
    measure: (text, size) => text.length * size * 0.55,
    image() {},
    begin() {},
    end() {},
  };
  const layout = layeredLayout(dagShape(view, new Map(), WINDOW));
  const scene = new Scene({ view, layout, plain: true, opened: new Map(), outer: [] });
  const all: Frame = {
    pen,
    camera: { x: 20, y: 20, scale },
    window: WINDOW,
    theme: themeOf((name) => name === "--accent" ? "#00aaff" : "#888888"),
    colour: "apps",
    colours: new Array(256).fill("#123456"),
    picked: new Set(),
    hovered: undefined,
    selected: undefined,
    lit: undefined,
    path: undefined,
    cells: () => undefined,
    byteOf: () => 0,
    ...frame,
  };
  drawScene(all, scene, { path, links: [], map: false }, undefined, 1);
  return drawn;
}

Deno.test("labels: a line goes through a box or past it", () => {
  const box = { x: 10, y: 10, width: 20, height: 10 };
  assert.ok(crosses([{ x: 0, y: 0 }, { x: 40, y: 30 }], box), "it goes through");
  assert.ok(crosses([{ x: 15, y: 12 }, { x: 16, y: 13 }], box), "it is inside");
  assert.ok(!crosses([{ x: 0, y: 0 }, { x: 40, y: 0 }], box), "it passes above");
  assert.ok(!crosses([{ x: 0, y: 15 }, { x: 9, y: 15 }, { x: 9, y: 40 }], box), "it turns before");
});

Deno.test("labels: they stand beside their line, not on it", () => {
  const { texts, lines } = draw(groupsView());
  const label = texts.find(({ text }) => text === "n:1 · 3,000")!;
  const half = { x: label.text.length * label.size * 0.55 / 2, y: label.size / 2 };
  const box = {
    x: label.x - half.x,
    y: label.y - half.y,
    width: 2 * half.x,
    height: 2 * half.y,
  };
  assert.ok(!lines.some(({ points }) => crosses(points, box)), "a line goes through the label");
});

Deno.test("labels: a line with no room beside it has none", () => {
  const view = groupsView();
  const crowd = Array.from({ length: 12 }, (_, at) => group(`c${at}`, 1, 20));
  const edges = crowd.map(({ id }) => ({ ...view.edges[0], to: id }));
  const { texts } = draw({ ...view, nodes: [view.nodes[0], ...crowd], edges }, 0.56);
  const labels = texts.filter(({ text }) => text.startsWith("n:1"));
  assert.ok(labels.length < edges.length, "all were written on each other");
});

Deno.test("path: seen whole, each pair of groups has one line however many steps there are", () => {
  const link = (from: string, to: string, index: number): Link => ({
    from: { group: from, index },
    to: { group: to, index },
  });
  const there = Array.from({ length: 500 }, (_, at) => link("a", "b", at));
  const back = Array.from({ length: 500 }, (_, at) => link("b", "a", at));
  const path = new Set([pairOf("a", "b"), pairOf("b", "a")]);
  const { lines } = draw(groupsView(), 0.5, { path, lit: new Map() }, [...there, ...back]);
  const lit = lines.filter(({ stroke }) => stroke === "#00aaff");
  assert.deepStrictEqual(lit.length, 2, "the edge that is there, and one line back");
});

Deno.test("path: near by, steps go from task to task, and many of them have no heads", () => {
  const view = { ...groupsView(), nodes: [group("a", 0, 60), group("b", 1, 60)], edges: [] };
  const steps = (length: number) =>
    Array.from({ length }, (_, at): Link => ({
      from: { group: "a", index: at },
      to: { group: "b", index: at },
    }));
  const few = draw(view, 2, {}, steps(5));
  assert.deepStrictEqual(few.heads, 5);
  const many = draw(view, 2, {}, steps(50));
  assert.deepStrictEqual([
    many.heads,
    many.lines.filter(({ stroke }) => stroke === "#00aaff").length,
  ], [
    0,
    50,
  ]);
});

Deno.test("joins: a second border, a figure in a group, words for both", () => {
  const view = smallView();
  const joining = { ...view, nodes: view.nodes.map((node, at) => ({ ...node, join: at === 3 })) };
  assert.deepStrictEqual(draw(joining as DagView).rects, draw(view).rects + 1);
  const joins = { ...group("a", 0, 3000), joins: 2 };
  const groups = { ...groupsView(), nodes: [joins, group("b", 1, 1000)] };
  assert.ok(draw(groups).texts.some(({ text }) => text.endsWith("2 joins")), "no figure");
  assert.ok(nodeWords(groups, joins).some((fact) => fact.startsWith("2 joins")), "no words");
});

Deno.test("tasks: a name is written in its box if that has the height, else beside it", () => {
  const texts = (scale: number) => draw(smallView(), scale).texts.map(({ text }) => text);
  assert.deepStrictEqual(texts(0.5).slice(0, 2), ["fetch", ":0"]);
  assert.deepStrictEqual(texts(0.3).sort(), ["fetch:0", "fetch:1", "fetch:2", "merge:3"]);
});

/** A row of groups whose names have no room in their boxes when it is seen from far. */
function namedView(...names: string[]): DagView {
  const view = groupsView();
  const nodes = names.map((label, at) => ({
    ...group(`g${at}`, at % 2, 10 + at),
    label,
    depth: at,
    deepest: at,
  }));
  return { ...view, nodes, edges: [] };
}

const LONG = ["QUANTIFY:SALMON_QUANT", "QUANTIFY:SALMON_INDEX", "QUANTIFY:SALMON_MERGE", "PLOT"];

Deno.test("names: seen from far, groups have theirs, and what tells them apart of it", () => {
  for (const scale of [0.6, 0.45, 0.3, 0.2]) {
    const texts = draw(namedView(...LONG), scale).texts.map(({ text }) => text);
    for (const end of ["QUANT", "INDEX", "MERGE", "PLOT"]) {
      assert.ok(texts.some((text) => text.endsWith(end)), `at ${scale} no ${end} in ${texts}`);
    }
  }
});

Deno.test("names: they are the same wherever the drawing is moved, and move with it", () => {
  const at = (x: number, y: number) =>
    draw(namedView(...LONG), 0.3, { camera: { x, y, scale: 0.3 } }).texts;
  const before = at(20, 200);
  assert.ok(before.length >= LONG.length, "names are missing");
  assert.deepStrictEqual(
    at(21.5, 240),
    before.map((text) => ({ ...text, x: text.x + 1.5, y: text.y + 40 })),
  );
});

Deno.test("names: of boxes too near each other those have names that failed or are on the path", () => {
  const crowd = namedView(...Array.from({ length: 24 }, (_, at) => `a_task_of_number_${at}`));
  const nodes = crowd.nodes.map((node) => ({ ...node, depth: 0 }));
  const drawn = (frame: Partial<Frame>, shown: DagView["nodes"] = nodes) =>
    draw({ ...crowd, nodes: shown }, 0.07, { window: { width: 400, height: 800 }, ...frame })
      .texts.map(({ text }) => text);
  const before = drawn({});
  const without = nodes.filter((_, at) => !before.some((text) => text.endsWith(`_${at}`)));
  assert.ok(without.length > 6, "nearly all have names");
  for (const { id } of without) {
    const isIn = (texts: string[]) => texts.some((text) => text.endsWith(id.replace("g", "_")));
    const failing = nodes.map((node) =>
      node.id === id ? { ...node, states: [[1, 1]] as [number, number][], failed: 1 } : node
    );
    assert.ok(isIn(drawn({}, failing)), `${id} has none when it failed`);
    const path = { path: new Set([pairOf(id, "g0")]), lit: new Map([[id, [0, 1]]]) };
    assert.ok(isIn(drawn(path)), `${id} has none on the path`);
  }
});

Deno.test("names: the box of a group has room for its name, within reason", () => {
  const name = "fertilizer_increase_cycles";
  assert.ok(groupSize(10, name).width > groupSize(10, "map").width, "no wider");
  assert.deepStrictEqual(groupSize(10, name.repeat(4)).width, groupSize(10, name.repeat(8)).width);
});

Deno.test("names: a long one keeps its end, a short one its beginning", () => {
  const pen = { measure: (text: string) => text.length };
  assert.deepStrictEqual(
    elideName(pen, "cycles_fertilizer_output_summary", 20, 12),
    "cycles_fertil…ummary",
  );
  assert.deepStrictEqual(elideName(pen, "preprocess", 6, 12), "prepr…");
  assert.deepStrictEqual(elideName(pen, "plot", 6, 12), "plot");
});

Deno.test("lines: they leave and enter boxes on the sides that face each other", () => {
  const box = (x: number, y: number) => ({ x, y, width: 10, height: 10 });
  const ends = (x: number, y: number) => {
    const { start, end } = sidesOf(box(0, 0), box(x, y));
    return [start.x, start.y, end.x, end.y];
  };
  assert.deepStrictEqual(ends(50, 0), [10, 5, 50, 5]);
  assert.deepStrictEqual(ends(0, 50), [5, 10, 5, 50]);
  assert.deepStrictEqual(ends(-50, 0), [0, 5, -40, 5]);
  assert.deepStrictEqual(ends(0, -50), [5, 0, 5, -40]);
});
