import assert from "node:assert/strict";
import { diff, type Json, patch } from "../../live/broadcast/patch.ts";

/** Numbers from 0 up to 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const NAMES = ["a", "b", "id", "__proto__", "constructor", "length", "0", ""];

function json(random: () => number, depth = 0): Json {
  const kind = Math.floor(random() * (depth > 3 ? 4 : 8));
  const count = Math.floor(random() * 6);
  switch (kind) {
    case 0:
      return null;
    case 1:
      return random() < 0.5;
    case 2:
      return Math.floor(random() * 5);
    case 3:
      return NAMES[Math.floor(random() * NAMES.length)];
    case 4:
      return Array.from({ length: count * 3 }, () => Math.floor(random() * 3));
    case 5: {
      const ids = Array.from({ length: count }, () => Math.floor(random() * 9));
      return [...new Set(ids)].map((id) => ({ id, value: json(random, depth + 1) }));
    }
    case 6:
      return Array.from({ length: count }, () => json(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: count }, () => [
          NAMES[Math.floor(random() * NAMES.length)],
          json(random, depth + 1),
        ]),
      );
  }
}

/** A value with something changed somewhere in it. */
function mutated(value: Json, random: () => number): Json {
  if (random() < 0.1) return json(random, 2);
  if (Array.isArray(value)) {
    const list = value.map((item) => random() < 0.2 ? mutated(item, random) : item);
    if (random() < 0.2) list.splice(Math.floor(random() * list.length), 1);
    if (random() < 0.2) list.push(json(random, 3));
    if (random() < 0.2) list.reverse();
    return list;
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).filter(() => random() > 0.1)
        .map(([key, item]) => [key, random() < 0.4 ? mutated(item, random) : item]),
    );
  }
  return value;
}

Deno.test("live patch: a patch makes the second value of the first, also through JSON", () => {
  const random = randomOf(7);
  let patched = 0;
  for (let round = 0; round < 4000; round++) {
    const from = json(random);
    const to = random() < 0.7 ? mutated(from, random) : json(random);
    const before = structuredClone(from);
    const change = diff(from, to);
    if (change === null) {
      assert.deepEqual(from, to);
      continue;
    }
    patched++;
    assert.deepEqual(patch(from, change), to);
    assert.deepEqual(patch(from, JSON.parse(JSON.stringify(change))), to);
    assert.deepEqual(from, before, "the first value was changed");
  }
  assert.ok(patched > 1000);
});

Deno.test("live patch: equal values need none", () => {
  const random = randomOf(8);
  for (let round = 0; round < 1000; round++) {
    const value = json(random);
    assert.equal(diff(value, structuredClone(value)), null);
  }
});

Deno.test("live patch: evenly spaced numbers are sent by their ends, to the last bit", () => {
  const edges = (end: number) =>
    Array.from(
      { length: 241 },
      (_, i) => 1700000000123.456 + (end - 1700000000123.456) * (i / 240),
    );
  const change = diff(edges(1700000500000.789), edges(1700000501234.567));
  assert.equal(change?.[0], 4);
  assert.deepEqual(patch(edges(1700000500000.789), change!), edges(1700000501234.567));
});

Deno.test("live patch: of a list of numbers the spans that changed are sent", () => {
  const from = Array.from({ length: 500 }, (_, i) => i * i);
  const to = [...from, 7];
  to[10] = -1;
  to[12] = -2;
  assert.deepEqual(diff(from, to), [2, 501, [10, [-1, 121, -2], 500, [7]]]);
});

Deno.test("live patch: of a table the rows that changed are sent, by their key", () => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ taskId: i, state: "pending", app: "a" }));
  const moved = [{ taskId: 99, state: "new", app: "a" }, ...rows.slice(0, 49)];
  moved[5] = { ...moved[5], state: "running" };
  assert.deepEqual(diff({ rows }, { rows: moved }), [1, {
    rows: [3, [-1, 1, 0, 49], {
      0: [0, { taskId: 99, state: "new", app: "a" }],
      5: [1, { state: [0, "running"] }],
    }],
  }]);
});

Deno.test("live patch: what did not change is shared, not copied", () => {
  const from = { head: { tasks: 1 }, series: { values: [1, 2, 3] } };
  const to = patch(from, diff(from, { ...from, head: { tasks: 2 } })!) as typeof from;
  assert.equal(to.head.tasks, 2);
  assert.equal(to.series, from.series);
});
