/** The outlines of charts. */
import assert from "node:assert/strict";
import { stepped } from "../../picture/chart/outline.ts";

/** Where the corners are: x and height, null in a gap. */
function corners(values: (number | null)[], base?: number[]): [number, number | null][] {
  const x = Array.from({ length: values.length + 1 }, (_, i) => i);
  return stepped(x, values, base).map(({ x, y }) => [+x, Number.isNaN(y) ? null : y]);
}

Deno.test("a bin is as wide as its bounds say", () => {
  assert.deepEqual(corners([1, 2]), [[0, 1], [1, 1], [1, 2], [2, 2]]);
});

Deno.test("bins of equal height are one step", () => {
  assert.deepEqual(corners([2, 2, 2, 3, 3]), [[0, 2], [3, 2], [3, 3], [5, 3]]);
});

Deno.test("bins of equal height on different bases are not", () => {
  assert.deepEqual(corners([2, 1], [0, 1]), [[0, 2], [1, 2], [1, 2], [2, 2]]);
});

Deno.test("unknown bins leave a gap of their width, also between equal ones", () => {
  assert.deepEqual(corners([2, null, null, 2]), [[0, 2], [1, 2], [1, null], [3, 2], [4, 2]]);
  assert.deepEqual(corners([null, 1]), [[0, null], [1, 1], [2, 1]]);
});
