// Where things of the graph are: layout, camera, what is under the pointer, what a file says.

import assert from "node:assert/strict";
import { cameraBetween, fitted, inDrawing, onScreen, zoomed } from "../../picture/dag/camera.ts";
import { changedGroups } from "../../picture/dag/changes.ts";
import { legendEntries } from "../../picture/dag/draw/colours.ts";
import { durationBucket } from "../../model/dag/buckets.ts";
import { cellBox, gridOf } from "../../picture/dag/layout/grid.ts";
import { layeredLayout } from "../../picture/dag/layout/layout.ts";
import { elide } from "../../picture/pen.ts";
import { buttonOf, frameSize, type Laid, Scene } from "../../picture/dag/layout/scene.ts";
import { middleOf } from "../../picture/geometry.ts";
import { dagShape } from "../../picture/dag/layout/shape.ts";
import { SvgPen } from "../../picture/svg_pen.ts";
import { mixed, spread } from "../../looks/theme.ts";
import type { DagView } from "../../model/dag/view.ts";
import { group, groupsView, smallView } from "./dag_views.ts";

const ROOM = { width: 1200, height: 600 };

function laid(view: DagView, opened = new Map<string, Laid>()): Laid {
  const sizes = new Map([...opened].map(([id, { layout }]) => [id, frameSize(layout)]));
  return {
    view,
    layout: layeredLayout(dagShape(view, sizes, ROOM)),
    plain: true,
    opened,
    outer: [],
  };
}

Deno.test("layout: the plain one has depths from left to right and no two boxes on each other", () => {
  const { boxes } = laid(smallView()).layout;
  const all = [...boxes.values()];
  assert.deepStrictEqual(all.length, 4);
  assert.ok(boxes.get("t0")!.x < boxes.get("t1")!.x, "0 is left of 1");
  assert.deepStrictEqual(boxes.get("t1")!.x, boxes.get("t2")!.x, "1 and 2 stand in one column");
  assert.ok(boxes.get("t2")!.x < boxes.get("t3")!.x, "2 is left of 3");
  assert.ok(boxes.get("t2")!.y >= boxes.get("t1")!.y + boxes.get("t1")!.height, "1 is above 2");
});

Deno.test("layout: the plain one puts neighbours side by side, so that lines need not cross", () => {
  const view = smallView();
  const node = (id: string, depth: number) => ({ ...view.nodes[0], id, depth });
  const edge = (from: string, to: string) => ({ ...view.edges[0], from, to });
  const { boxes } = laid({
    ...view,
    nodes: [node("a", 0), node("b", 0), node("x", 1), node("y", 1)],
    edges: [edge("a", "y"), edge("b", "x")],
  }).layout;
  const order = (one: string, other: string) => boxes.get(one)!.y < boxes.get(other)!.y;
  assert.deepStrictEqual(order("a", "b"), order("y", "x"));
});

Deno.test("camera: zooming keeps the point under the pointer", () => {
  const point = { x: 300, y: 200 };
  const camera = { x: 17, y: -40, scale: 0.7 };
  const before = inDrawing(camera, point);
  const after = inDrawing(zoomed(camera, 3, point, 100), point);
  assert.ok(Math.hypot(before.x - after.x, before.y - after.y) < 1e-9, "the point moved");
  assert.deepStrictEqual(zoomed(camera, 1000, point, 5).scale, 5, "no nearer than the most");
});

Deno.test("camera: a flight begins and ends where it should", () => {
  const [from, to] = [{ x: 0, y: 0, scale: 1 }, { x: -900, y: -300, scale: 8 }];
  assert.deepStrictEqual(cameraBetween(from, to, 0), from);
  const end = cameraBetween(from, to, 1);
  assert.ok(Math.abs(end.scale - 8) < 1e-9 && Math.abs(end.x + 900) < 1e-6, "it ends elsewhere");
});

Deno.test("camera: a box that was fitted is inside the window, in its middle", () => {
  const box = { x: 1000, y: 500, width: 4000, height: 300 };
  const shown = onScreen(fitted(box, { width: 800, height: 600 }), box);
  assert.ok(shown.x >= 0 && shown.x + shown.width <= 800, "it is cut off");
  assert.ok(Math.abs(shown.x + shown.width / 2 - 400) < 1e-6, "it is not in the middle");
  assert.ok(Math.abs(shown.y + shown.height / 2 - 300) < 1e-6, "it is not in the middle");
});

Deno.test("scene: the pointer meets a group's cell, its button, its box, or nothing", () => {
  const scene = new Scene(laid(groupsView()));
  const { box } = scene.byId.get("a")!;
  const cell = middleOf(cellBox(gridOf(box, 3000), 1234));
  const hit = scene.hit(cell);
  assert.deepStrictEqual([hit?.at.node.id, hit?.part, hit?.index], ["a", "cell", 1234]);
  assert.deepStrictEqual(scene.hit(middleOf(buttonOf(box)))?.part, "button");
  assert.deepStrictEqual(scene.hit({ x: box.x + 4, y: box.y + 4 })?.part, "box");
  assert.deepStrictEqual(scene.hit({ x: -50, y: -50 }), undefined);
});

Deno.test("scene: an opened group frames what is in it, and its inside is met first", () => {
  const inside: DagView = { ...groupsView(), nodes: [group("a/1", 0, 3000)], edges: [] };
  const scene = new Scene(laid(groupsView(), new Map([["a", laid(inside)]])));
  const [outer, inner] = [scene.byId.get("a")!, scene.byId.get("a/1")!];
  assert.deepStrictEqual(outer.open, true);
  assert.ok(
    inner.box.x > outer.box.x && inner.box.y > outer.box.y &&
      inner.box.x + inner.box.width < outer.box.x + outer.box.width &&
      inner.box.y + inner.box.height < outer.box.y + outer.box.height,
    "the inside is not inside",
  );
  assert.deepStrictEqual(scene.hit(middleOf(inner.box))?.at.node.id, "a/1");
  assert.deepStrictEqual(inner.parent?.node.id, "a");
});

Deno.test("scene: arrow keys go to the box that lies there", () => {
  const scene = new Scene(laid(smallView()));
  const at = (id: string) => scene.byId.get(id)!;
  assert.deepStrictEqual(scene.beside(at("t1"), 0, 1)?.node.id, "t2");
  assert.deepStrictEqual(scene.beside(at("t3"), 1, 0), undefined);
  assert.ok(["t1", "t2"].includes(scene.beside(at("t0"), 1, 0)!.node.id), "to the right");
});

Deno.test("changes: only groups whose tasks changed are fetched again", () => {
  const before = groupsView();
  const after = { ...before, nodes: [group("a", 0, 3000, 3), group("b", 1, 1000)] };
  assert.deepStrictEqual(changedGroups(before, after), ["a"]);
  assert.deepStrictEqual(changedGroups(before, groupsView()), []);
});

Deno.test("colours: durations fall into the server's buckets", () => {
  assert.deepStrictEqual(durationBucket(NaN), 255);
  assert.deepStrictEqual(durationBucket(0.2), 0);
  assert.deepStrictEqual(durationBucket(2 ** 20), 15);
  assert.deepStrictEqual(durationBucket(1e12), 15);
});

Deno.test("colours: the legend has the apps with most tasks first, and only those with tasks", () => {
  const view = { ...groupsView(), apps: ["a", "b", "c"], appCounts: [2, 0, 9] };
  assert.deepStrictEqual(legendEntries(view, "apps").entries.map(({ label }) => label), ["c", "a"]);
});

Deno.test("colours: mixes", () => {
  assert.deepStrictEqual(mixed("#000000", "#ffffff", 0.5), "#808080");
  assert.deepStrictEqual(spread(["#000000", "#ffffff"], 3), ["#000000", "#808080", "#ffffff"]);
});

function svgPen(): SvgPen {
  return new SvgPen({
    measure: (text, size) => text.length * size / 2,
    dataUrl: () => "data:image/png;base64,AAAA",
  });
}

Deno.test("text: as much as fits, and never more", () => {
  const pen = svgPen();
  assert.deepStrictEqual(elide(pen, "preprocess", 200, 12), "preprocess");
  assert.deepStrictEqual(elide(pen, "preprocess", 30, 12), "prep…");
  assert.deepStrictEqual(elide(pen, "preprocess", 3, 12), "");
});

Deno.test("svg: text of any kind stays text, and what was begun is ended", () => {
  const pen = svgPen();
  pen.begin(0.5, { x: 0, y: 0, width: 10, height: 10 });
  pen.text('</text><script>"&\u0001', 1, 2, { size: 12, fill: "#000" });
  const file = pen.toString(100, 50, "#ffffff", "a < b");
  assert.ok(!file.includes("<script>"), "markup came through");
  assert.ok(!file.includes("\u0001"), "a control character came through");
  assert.ok(file.includes("<title>a &lt; b</title>"), "the title is not escaped");
  assert.deepStrictEqual(file.match(/<g[ >]/g)?.length, file.match(/<\/g>/g)?.length);
});
