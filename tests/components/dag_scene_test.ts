// Where things of the graph are: layout, camera, what is under the pointer, what a file says.

import { between, fitted, inDrawing, onScreen, zoomed } from "../../components/dag_camera.ts";
import { changedGroups } from "../../components/dag_changes.ts";
import { legendEntries } from "../../components/dag_colours.ts";
import { durationBucket } from "../../model/dag_buckets.ts";
import { cellBox, gridOf } from "../../components/dag_grid.ts";
import { layeredLayout } from "../../components/dag_layout.ts";
import { elide } from "../../components/dag_pen.ts";
import { buttonOf, frameSize, type Laid, middleOf, Scene } from "../../components/dag_scene.ts";
import { dagShape } from "../../components/dag_shape.ts";
import { SvgPen } from "../../components/dag_svg.ts";
import { mixed, spread } from "../../components/theme.ts";
import type { DagView } from "../../model/dag.ts";
import { assert, assertEquals } from "../support/assert.ts";
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
  assertEquals(all.length, 4);
  assert(boxes.get("t0")!.x < boxes.get("t1")!.x, "0 is left of 1");
  assertEquals(boxes.get("t1")!.x, boxes.get("t2")!.x, "1 and 2 stand in one column");
  assert(boxes.get("t2")!.x < boxes.get("t3")!.x, "2 is left of 3");
  assert(boxes.get("t2")!.y >= boxes.get("t1")!.y + boxes.get("t1")!.height, "1 is above 2");
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
  assertEquals(order("a", "b"), order("y", "x"));
});

Deno.test("camera: zooming keeps the point under the pointer", () => {
  const point = { x: 300, y: 200 };
  const camera = { x: 17, y: -40, scale: 0.7 };
  const before = inDrawing(camera, point);
  const after = inDrawing(zoomed(camera, 3, point, 100), point);
  assert(Math.hypot(before.x - after.x, before.y - after.y) < 1e-9, "the point moved");
  assertEquals(zoomed(camera, 1000, point, 5).scale, 5, "no nearer than the most");
});

Deno.test("camera: a flight begins and ends where it should", () => {
  const [from, to] = [{ x: 0, y: 0, scale: 1 }, { x: -900, y: -300, scale: 8 }];
  assertEquals(between(from, to, 0), from);
  const end = between(from, to, 1);
  assert(Math.abs(end.scale - 8) < 1e-9 && Math.abs(end.x + 900) < 1e-6, "it ends elsewhere");
});

Deno.test("camera: a box that was fitted is inside the window, in its middle", () => {
  const box = { x: 1000, y: 500, width: 4000, height: 300 };
  const shown = onScreen(fitted(box, { width: 800, height: 600 }), box);
  assert(shown.x >= 0 && shown.x + shown.width <= 800, "it is cut off");
  assert(Math.abs(shown.x + shown.width / 2 - 400) < 1e-6, "it is not in the middle");
  assert(Math.abs(shown.y + shown.height / 2 - 300) < 1e-6, "it is not in the middle");
});

Deno.test("scene: the pointer meets a group's cell, its button, its box, or nothing", () => {
  const scene = new Scene(laid(groupsView()));
  const { box } = scene.byId.get("a")!;
  const cell = middleOf(cellBox(gridOf(box, 3000), 1234));
  const hit = scene.hit(cell);
  assertEquals([hit?.at.node.id, hit?.part, hit?.index], ["a", "cell", 1234]);
  assertEquals(scene.hit(middleOf(buttonOf(box)))?.part, "button");
  assertEquals(scene.hit({ x: box.x + 4, y: box.y + 4 })?.part, "box");
  assertEquals(scene.hit({ x: -50, y: -50 }), undefined);
});

Deno.test("scene: an opened group frames what is in it, and its inside is met first", () => {
  const inside: DagView = { ...groupsView(), nodes: [group("a/1", 0, 3000)], edges: [] };
  const scene = new Scene(laid(groupsView(), new Map([["a", laid(inside)]])));
  const [outer, inner] = [scene.byId.get("a")!, scene.byId.get("a/1")!];
  assertEquals(outer.open, true);
  assert(
    inner.box.x > outer.box.x && inner.box.y > outer.box.y &&
      inner.box.x + inner.box.width < outer.box.x + outer.box.width &&
      inner.box.y + inner.box.height < outer.box.y + outer.box.height,
    "the inside is not inside",
  );
  assertEquals(scene.hit(middleOf(inner.box))?.at.node.id, "a/1");
  assertEquals(inner.parent?.node.id, "a");
});

Deno.test("scene: arrow keys go to the box that lies there", () => {
  const scene = new Scene(laid(smallView()));
  const at = (id: string) => scene.byId.get(id)!;
  assertEquals(scene.beside(at("t1"), 0, 1)?.node.id, "t2");
  assertEquals(scene.beside(at("t3"), 1, 0), undefined);
  assert(["t1", "t2"].includes(scene.beside(at("t0"), 1, 0)!.node.id), "to the right");
});

Deno.test("changes: only groups whose tasks changed are fetched again", () => {
  const before = groupsView();
  const after = { ...before, nodes: [group("a", 0, 3000, 3), group("b", 1, 1000)] };
  assertEquals(changedGroups(before, after), ["a"]);
  assertEquals(changedGroups(before, groupsView()), []);
});

Deno.test("colours: durations fall into the server's buckets", () => {
  assertEquals(durationBucket(NaN), 255);
  assertEquals(durationBucket(0.2), 0);
  assertEquals(durationBucket(2 ** 20), 15);
  assertEquals(durationBucket(1e12), 15);
});

Deno.test("colours: the legend has the apps with most tasks first, and only those with tasks", () => {
  const view = { ...groupsView(), apps: ["a", "b", "c"], appCounts: [2, 0, 9] };
  assertEquals(legendEntries(view, "apps").entries.map(({ label }) => label), ["c", "a"]);
});

Deno.test("colours: mixes", () => {
  assertEquals(mixed("#000000", "#ffffff", 0.5), "#808080");
  assertEquals(spread(["#000000", "#ffffff"], 3), ["#000000", "#808080", "#ffffff"]);
});

function svgPen(): SvgPen {
  return new SvgPen({
    measure: (text, size) => text.length * size / 2,
    dataUrl: () => "data:image/png;base64,AAAA",
  });
}

Deno.test("text: as much as fits, and never more", () => {
  const pen = svgPen();
  assertEquals(elide(pen, "preprocess", 200, 12), "preprocess");
  assertEquals(elide(pen, "preprocess", 30, 12), "prep…");
  assertEquals(elide(pen, "preprocess", 3, 12), "");
});

Deno.test("svg: text of any kind stays text, and what was begun is ended", () => {
  const pen = svgPen();
  pen.begin(0.5, { x: 0, y: 0, width: 10, height: 10 });
  pen.text('</text><script>"&\u0001', 1, 2, { size: 12, fill: "#000" });
  const file = pen.toString(100, 50, "#ffffff", "a < b");
  assert(!file.includes("<script>"), "markup came through");
  assert(!file.includes("\u0001"), "a control character came through");
  assert(file.includes("<title>a &lt; b</title>"), "the title is not escaped");
  assertEquals(file.match(/<g[ >]/g)?.length, file.match(/<\/g>/g)?.length);
});
