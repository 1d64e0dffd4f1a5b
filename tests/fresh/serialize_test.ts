/** Island props survive the way to the browser. */
import assert from "node:assert/strict";
import { computed, Signal, signal } from "@preact/signals";
import { deserialize, serialize } from "../../fresh/serialize.ts";

const round = (value: unknown) => deserialize(JSON.parse(serialize(value)));

Deno.test("values round trip", () => {
  const values = [
    null,
    undefined,
    "text",
    [1, "a", null, true],
    [NaN, Infinity, -Infinity, -0],
    [],
    { a: { b: [{ c: 1 }, undefined] } },
    12345678901234567890n,
    new Date(5),
    new URL("http://a.example/b"),
    new Map<unknown, unknown>([["k", { v: 1 }], [2, null]]),
    new Set([1, "b"]),
    new Float64Array([1.5, -2, NaN]),
    new Int32Array([1, -1]),
    new Uint8Array(70000).fill(7),
  ];
  for (const value of values) assert.deepEqual(round(value), value);
  assert.deepEqual(round(values), values);
});

Deno.test("signals keep value and identity", () => {
  const count = signal({ n: 1 });
  const twice = computed(() => count.value.n * 2);
  const out = round({ a: count, b: [count], twice }) as {
    a: Signal<unknown>;
    b: Signal<unknown>[];
    twice: Signal<number>;
  };
  assert.ok(out.a instanceof Signal);
  assert.equal(out.a, out.b[0]);
  assert.deepEqual(out.a.peek(), { n: 1 });
  assert.equal(out.twice.peek(), 2);
});

Deno.test("circular values and odd keys", () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  const out = round(loop) as Record<string, unknown>;
  assert.equal(out.self, out);
  const odd = round(JSON.parse('{"__proto__": {"x": 1}}')) as object;
  assert.equal(Object.getPrototypeOf(odd), Object.prototype);
  assert.deepEqual(Object.keys(odd), ["__proto__"]);
});

Deno.test("the text cannot leave its script element", () => {
  const text = serialize({ "</script>": ["</script><!--", "\u2028"] });
  assert.ok(!text.includes("<") && !text.includes("\u2028"));
  assert.deepEqual(deserialize(JSON.parse(text)), { "</script>": ["</script><!--", "\u2028"] });
});

Deno.test("functions are refused with the path to them", () => {
  assert.throws(() => serialize({ a: [{ f: () => 1 }] }), /function.*props\.a\[0\]\.f/);
});
