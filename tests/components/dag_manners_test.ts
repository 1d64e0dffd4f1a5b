// Which way a graph is laid out: the one that is read best in the room that it has.

import assert from "node:assert/strict";
import {
  bestLayout,
  layoutCost,
  type Manner,
  mannersFor,
  readability,
} from "../../picture/dag/layout/elk_options.ts";
import { type DagLayout, type DagShape, layeredLayout } from "../../picture/dag/layout/layout.ts";
import { shapeOf } from "../../picture/dag/layout/layouts.ts";

const WIDE = { width: 1200, height: 600 };
const TALL = { width: 380, height: 480 };

const ROW: Manner = { direction: "RIGHT", wrapping: "OFF", placing: "BRANDES_KOEPF" };

/** A chain of boxes, or with `beside` so many boxes at each depth. */
function chain(depths: number, room: DagShape["room"], beside = 1): DagShape {
  const nodes = Array.from({ length: depths * beside }, (_, at) => ({
    id: `n${at}`,
    width: 176,
    height: 100,
    depth: Math.floor(at / beside),
  }));
  const edges = nodes.slice(beside).map(({ id }, at) => ({ from: `n${at}`, to: id }));
  return { nodes, edges, gap: 96, room };
}

function sized(width: number, height: number): DagLayout {
  return { boxes: new Map(), lines: [], width, height };
}

Deno.test("manners: a chain runs to the right in a wide room and down in a tall one", () => {
  assert.deepStrictEqual(mannersFor(chain(4, WIDE))[0], ROW);
  assert.deepStrictEqual(mannersFor(chain(4, TALL))[0], { ...ROW, direction: "DOWN" });
});

Deno.test("manners: many boxes beside each other run to the right in a tall room too", () => {
  assert.deepStrictEqual(mannersFor(chain(2, TALL, 20))[0].direction, "RIGHT");
});

Deno.test("manners: the larger a graph, the fewer ways are tried", () => {
  const tried = [4, 100, 400].map((depths) => mannersFor(chain(depths, WIDE)).length);
  assert.deepStrictEqual(tried, [5, 3, 1]);
});

/** A chain in which every box feeds one `far` depths on, too. */
function crossed(depths: number, far: number, room = WIDE): DagShape {
  const shape = chain(depths, room);
  const long = shape.nodes.slice(far).map(({ id }, at) => ({ from: `n${at}`, to: id }));
  return { ...shape, edges: [...shape.edges, ...long] };
}

Deno.test("manners: lines cost as many depths as they go across", () => {
  assert.deepStrictEqual(layoutCost(chain(10, WIDE)), 10 + 9);
  assert.deepStrictEqual(layoutCost(crossed(10, 6)), 10 + 9 + 4 * 6);
});

Deno.test("manners: what is tried of a graph costs 1000 together at most, or is one layout", () => {
  let one = 0;
  let more = 0;
  for (let depths = 31; depths < 200; depths += 7) {
    for (let far = 2; far < depths; far += 5) {
      for (const room of [WIDE, TALL]) {
        const shape = crossed(depths, far, room);
        const { length } = mannersFor(shape);
        assert.ok(
          length === 1 || length * layoutCost(shape) <= 1000,
          `${length} of ${depths}, ${far}`,
        );
        if (length === 1) one++;
        else more++;
      }
    }
  }
  assert.ok(one > 100 && more > 50, `${one} and ${more}`);
});

Deno.test("manners: a graph of many long lines has boxes close together, wrapped if it is long", () => {
  const [first] = mannersFor(crossed(50, 30));
  assert.deepStrictEqual(first, { direction: "RIGHT", wrapping: "MULTI_EDGE", placing: "SIMPLE" });
  assert.ok(mannersFor(crossed(20, 10)).some(({ placing }) => placing !== "SIMPLE"), "all are");
});

Deno.test("manners: boxes are close together where that makes them much larger, and not for a little", () => {
  const of = (placing: Manner["placing"], width: number) =>
    readability({ manner: { ...ROW, placing }, layout: sized(width, 200) }, WIDE);
  assert.ok(of("SIMPLE", 2000) < of("BRANDES_KOEPF", 2400), "for a little");
  assert.ok(of("SIMPLE", 2000) > of("BRANDES_KOEPF", 3000), "not for much");
});

Deno.test("manners: a graph is wrapped where that makes it much larger, and not for a little", async () => {
  const asked: Manner[] = [];
  const lay = (wrapped: [number, number]) => (manner: Manner) => {
    asked.push(manner);
    return Promise.resolve(manner.wrapping === "OFF" ? sized(2000, 200) : sized(...wrapped));
  };
  assert.deepStrictEqual((await bestLayout(chain(8, WIDE), lay([1000, 500]))).width, 1000);
  assert.deepStrictEqual((await bestLayout(chain(8, WIDE), lay([1900, 700]))).width, 2000);
});

Deno.test("manners: what is well read at once is laid out once", async () => {
  let times = 0;
  await bestLayout(chain(3, WIDE), () => {
    times++;
    return Promise.resolve(sized(800, 200));
  });
  assert.deepStrictEqual(times, 1);
});

Deno.test("manners: a late layout leaves what was made before it", async () => {
  const { width } = await bestLayout(
    chain(8, WIDE),
    ({ wrapping }) =>
      wrapping === "OFF" ? Promise.resolve(sized(2000, 200)) : Promise.reject(new Error("late")),
  );
  assert.deepStrictEqual(width, 2000);
});

Deno.test("manners: what is readable is not more so by being larger", () => {
  const of = (layout: DagLayout) => readability({ manner: ROW, layout }, WIDE);
  assert.deepStrictEqual(of(sized(100, 50)), of(sized(900, 400)));
  assert.ok(of(sized(5000, 400)) < of(sized(2000, 400)), "a longer one is less readable");
});

Deno.test("layout: the plain one breaks a long chain into rows, none of its boxes on another", () => {
  const { boxes, width, height } = layeredLayout(chain(60, WIDE));
  assert.ok(
    width / height > 1 && width / height < 4,
    `${width} by ${height} is no shape for a window`,
  );
  const all = [...boxes.values()];
  assert.deepStrictEqual(all.length, 60);
  for (const [at, a] of all.entries()) {
    for (const b of all.slice(at + 1)) {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y ||
        b.y + b.height <= a.y;
      assert.ok(apart, "two boxes meet");
    }
    assert.ok(
      a.x >= 0 && a.x + a.width <= width && a.y >= 0 && a.y + a.height <= height,
      "outside",
    );
  }
});

Deno.test("layout: a window that grows a little keeps its layout, one that is turned does not", () => {
  assert.deepStrictEqual(shapeOf({ width: 1250, height: 580 }), shapeOf(WIDE));
  assert.ok(shapeOf(TALL) !== shapeOf(WIDE), "a telephone is no desk");
});
