// The grid of a group's tasks: every task has a square of its own, inside the box.

import assert from "node:assert/strict";
import { cellAt, cellBox, gridOf, groupSize, HEADER_PX } from "../../picture/dag/layout/grid.ts";

const COUNTS = [1, 2, 13, 14, 15, 100, 1234, 30_750, 999_999, 1_000_000];

function middle(box: { x: number; y: number; width: number; height: number }) {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

Deno.test("grid: a task's cell is found again, and is square", () => {
  for (const count of COUNTS) {
    const grid = gridOf({ x: 40, y: -70, ...groupSize(count) }, count);
    for (const index of [0, 1, Math.floor(count / 2), count - 1]) {
      if (index >= count) continue;
      const box = cellBox(grid, index);
      assert.deepStrictEqual(box.width, box.height);
      assert.deepStrictEqual(cellAt(grid, count, middle(box)), index, `task ${index} of ${count}`);
    }
    assert.deepStrictEqual(
      cellAt(grid, count, { x: grid.x - 1, y: grid.y + 1 }),
      -1,
      "left of the grid",
    );
    const after = cellBox(grid, count);
    assert.deepStrictEqual(cellAt(grid, count, middle(after)), -1, `after the last of ${count}`);
  }
});

Deno.test("grid: all cells lie inside the box, under its header", () => {
  for (const count of COUNTS) {
    const box = { x: 0, y: 0, ...groupSize(count) };
    const grid = gridOf(box, count);
    assert.ok(grid.rows * grid.columns >= count, `${count} tasks have room`);
    assert.ok(grid.columns * grid.cell <= box.width, `${count} tasks fit across`);
    assert.ok(HEADER_PX + grid.rows * grid.cell <= box.height + 0.01, `${count} tasks fit down`);
  }
});

Deno.test("grid: a group that grew keeps its box and still shows all its tasks", () => {
  const box = { x: 0, y: 0, ...groupSize(10) };
  const grid = gridOf(box, 5000);
  assert.ok(grid.y + grid.rows * grid.cell <= box.height + 0.01, "the rows stay inside");
  assert.ok(grid.rows * grid.columns >= 5000, "none is left out");
});

Deno.test("grid: more tasks never make a box smaller", () => {
  let before = 0;
  for (const count of COUNTS) {
    const { width, height } = groupSize(count);
    assert.ok(width * height >= before, `${count} tasks`);
    before = width * height * 0.9;
    assert.ok(width < 400 && height < 400, `${count} tasks keep within reason`);
  }
});
