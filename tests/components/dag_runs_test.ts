// Which tasks of a group are related, as the server sends them.

import assert from "node:assert/strict";
import { inRuns, readRuns, runsOf } from "../../model/dag/places.ts";
import { paintCells, pixelTable } from "../../picture/dag/draw/pixels.ts";
import { litPlaces, relatives } from "../../picture/dag/task_details.ts";
import { smallView } from "./dag_views.ts";

function encoded(...numbers: number[]): string {
  const bytes: number[] = [];
  for (let n of numbers) {
    while (n > 127) {
      bytes.push(n % 128 + 128);
      n = Math.floor(n / 128);
    }
    bytes.push(n);
  }
  return btoa(String.fromCharCode(...bytes));
}

Deno.test("runs: pairs of skip and length become places", () => {
  assert.deepStrictEqual(readRuns(""), []);
  assert.deepStrictEqual(readRuns(encoded(3, 2, 300, 100_000)), [3, 2, 305, 100_000]);
});

Deno.test("runs: what is cut off in the middle of a number ends the list", () => {
  assert.deepStrictEqual(readRuns(encoded(3, 2, 5)), [3, 2]);
  assert.deepStrictEqual(readRuns(btoa("\x03\x02\x80")), [3, 2]);
});

Deno.test("runs: places one by one become runs, and each is found in them", () => {
  const places = [9, 2, 3, 4, 4, 100];
  const runs = runsOf(places);
  assert.deepStrictEqual(runs, [2, 3, 9, 1, 100, 1]);
  const found = Array.from({ length: 103 }, (_, at) => at).filter((at) => inRuns(runs, at));
  assert.deepStrictEqual(found, [2, 3, 4, 9, 100]);
  assert.deepStrictEqual(inRuns([], 0), false);
});

Deno.test("pixels: one per task, only those in the runs, faint where not picked", () => {
  const table = pixelTable(["#102030", "#ffffff"], new Set([0]));
  const pixels = new Uint32Array(4);
  paintCells(Uint8Array.of(0, 1, 0), table, pixels, [1, 2]);
  assert.deepStrictEqual(pixels[0], 0);
  assert.deepStrictEqual([...new Uint8Array(pixels.slice(2, 3).buffer)], [0x10, 0x20, 0x30, 255]);
  assert.deepStrictEqual(
    new Uint8Array(pixels.slice(1, 2).buffer)[3] < 100,
    true,
    "not picked is faint",
  );
  assert.deepStrictEqual(pixels[3], 0, "nothing past the last task");
});

Deno.test("study: all before and after a task, and none beside it", () => {
  const lit = relatives(smallView(), "t1");
  assert.deepStrictEqual([...lit.keys()].sort(), ["t0", "t1", "t3"]);
});

Deno.test("study: places of a path by group; a task whose group is not known is left out", () => {
  const lit = litPlaces([
    { group: "a", index: 4 },
    { group: null, index: -1 },
    { group: "a", index: 5 },
    { group: "b", index: 0 },
  ]);
  assert.deepStrictEqual([...lit], [["a", [4, 2]], ["b", [0, 1]]]);
});
