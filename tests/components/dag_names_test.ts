// Where names stand that have no room in their boxes: none on another, the important ones first.

import assert from "node:assert/strict";
import { overlap } from "../../picture/geometry.ts";
import type { DagBox } from "../../picture/geometry.ts";
import { type PlacedName, placeNames, type Unnamed } from "../../picture/dag/layout/names.ts";
import { elide } from "../../picture/pen.ts";
import { seeded } from "../model/synthetic.ts";

const BOUNDS = { x: 0, y: 0, width: 800, height: 600 };
const LETTER = 6;
const pen = { measure: (text: string) => text.length * LETTER };

function unnamed(id: string, box: DagBox, name: string, more: Partial<Unnamed> = {}): Unnamed {
  return {
    id,
    box,
    inside: undefined,
    aside: true,
    rank: 0,
    text: (room) => elide(pen, name, room, 10),
    measure: pen.measure,
    ...more,
  };
}

/** Boxes that do not overlap, with names of any length, some of them with room for a part of it. */
function crowd(seed: number): Unnamed[] {
  const random = seeded(seed);
  const list: Unnamed[] = [];
  for (let row = 0; row < 12; row++) {
    for (let column = 0; column < 9; column++) {
      if (random() < 0.3) continue;
      const box = {
        x: 10 + column * 88 + random() * 20,
        y: 10 + row * 48 + random() * 10,
        width: 20 + random() * 40,
        height: 6 + random() * 24,
      };
      const inside = { ...box, x: box.x + 2, width: box.width - 4 };
      list.push(
        unnamed(`b${row} ${column}`, box, "n".repeat(3 + Math.floor(random() * 30)), {
          inside: box.height > 12 ? inside : undefined,
          rank: Math.floor(random() * 4),
        }),
      );
    }
  }
  return list;
}

Deno.test("names: none is on another, on the box of another, or outside", () => {
  let aside = 0;
  let within = 0;
  for (let seed = 0; seed < 100; seed++) {
    const list = crowd(seed);
    const names = [...placeNames(list, BOUNDS)];
    for (const [at, [id, { box, inside, text }]] of names.entries()) {
      assert.ok(text.length > 0, "a name without letters");
      assert.ok(pen.measure(text) <= box.width + 0.01, `${text} is wider than its place`);
      if (inside) within++;
      else aside++;
      for (const [, other] of names.slice(at + 1)) {
        assert.ok(!overlap(box, other.box), `seed ${seed}: two names meet`);
      }
      for (const other of list) {
        assert.ok(other.id === id || !overlap(box, other.box), `seed ${seed}: a name is on a box`);
      }
      assert.ok(box.x >= 0 && box.x + box.width <= BOUNDS.width, "outside");
      assert.ok(box.y >= 0 && box.y + box.height <= BOUNDS.height, "outside");
    }
  }
  assert.ok(aside > 1000 && within > 500, `${aside} aside, ${within} in boxes`);
});

Deno.test("names: the same boxes have the same names wherever the drawing is", () => {
  for (let seed = 0; seed < 50; seed++) {
    const [dx, dy] = [seed * 64 - 1000, 64 * (seed % 7)];
    const list = crowd(seed);
    const move = (box: DagBox) => ({ ...box, x: box.x + dx, y: box.y + dy });
    const moved = list.map((one) => ({
      ...one,
      box: move(one.box),
      inside: one.inside && move(one.inside),
    }));
    const texts = (names: Map<string, PlacedName>) =>
      [...names].map(([id, { text, inside }]) => [id, text, inside]);
    assert.deepStrictEqual(texts(placeNames(moved, move(BOUNDS))), texts(placeNames(list, BOUNDS)));
  }
});

Deno.test("names: of two that have room for one the one of lower rank has it", () => {
  // Between two boxes above each other, at the edges of the drawing, there is room for one name.
  const bounds = { x: 0, y: 0, width: 60, height: 50 };
  const boxes = [{ x: 10, y: 0, width: 40, height: 16 }, { x: 10, y: 34, width: 40, height: 16 }];
  for (const first of [0, 1]) {
    const names = placeNames(
      boxes.map((box, at) => unnamed(`b${at}`, box, "abcdefg", { rank: at === first ? 0 : 1 })),
      bounds,
    );
    assert.deepStrictEqual([...names.keys()], [`b${first}`]);
  }
});

Deno.test("names: in the box if all of it has room there, else below, above or beside", () => {
  const box = { x: 300, y: 300, width: 60, height: 20 };
  const placed = (more: Partial<Unnamed>, others: Unnamed[] = [], name = "abcdefghi") =>
    placeNames([unnamed("a", box, name, more), ...others], BOUNDS).get("a")!;
  const wall = (id: string, x: number, y: number) =>
    unnamed(id, { x, y, width: 200, height: 30 }, "", { rank: 9 });
  assert.ok(placed({ inside: { ...box, width: 54 } }).inside, "it has room inside");
  assert.ok(placed({ inside: { ...box, width: 50 } }).box.y > 320, "it stands below");
  assert.ok(placed({}, [wall("w", 250, 330)]).box.y < 300, "it stands above");
  const between = [wall("w", 250, 325), wall("v", 250, 265)];
  assert.ok(placed({}, between).box.x > 360, "it stands to the right");
});

Deno.test("names: shortened rather than not at all, but not to a few letters", () => {
  const box = { x: 0, y: 0, width: 100, height: 20 };
  const place = (width: number) =>
    placeNames(
      [unnamed("a", box, "a_name_of_many_letters", { inside: { ...box, width } })],
      box,
    ).get("a")?.text;
  assert.deepStrictEqual(place(9 * LETTER), "a_name_o…");
  assert.deepStrictEqual(place(4 * LETTER), undefined);
});

Deno.test("names: an opened group has its name in its head only, and others may stand in the rest", () => {
  const frame = { x: 100, y: 100, width: 300, height: 200 };
  const names = placeNames([
    unnamed("g", frame, "group", { aside: false, inside: { ...frame, height: 14 } }),
    unnamed("t", { x: 220, y: 180, width: 40, height: 10 }, "a_task_of_it"),
  ], BOUNDS);
  assert.deepStrictEqual(names.get("g")?.inside, true);
  assert.deepStrictEqual(names.get("t")?.text, "a_task_of_it");
});
