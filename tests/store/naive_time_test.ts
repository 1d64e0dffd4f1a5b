import assert from "node:assert/strict";
import { parseNaiveTime } from "../../parsl/naive_time.ts";

Deno.test("times of all shapes become milliseconds", () => {
  const base = Date.UTC(2024, 1, 29, 23, 59, 58);
  assert.equal(parseNaiveTime("2024-02-29 23:59:58"), base);
  assert.equal(parseNaiveTime("2024-02-29T23:59:58.5"), base + 500);
  assert.equal(parseNaiveTime("2024-02-29 23:59:58.123456"), base + 123.456);
  assert.equal(parseNaiveTime("2024-02-29 23:59"), base - 58_000);
  assert.equal(parseNaiveTime("2024-02-29"), Date.UTC(2024, 1, 29));
  assert.equal(parseNaiveTime(1.5), 1500);
});

Deno.test("what is no time is null", () => {
  for (
    const value of [null, undefined, "", "garbage", "2024-13-01 00:00:00", "2024-01-01 25:00:00"]
  ) {
    assert.equal(parseNaiveTime(value), null);
  }
  assert.equal(parseNaiveTime("2024-01-01x00:00:00"), null);
  assert.equal(parseNaiveTime("xxxx-01-01 00:00:00"), null);
  assert.equal(parseNaiveTime(NaN), null);
});

Deno.test("dates agree with the platform's calendar", () => {
  for (let day = -40_000; day < 40_000; day += 37) {
    const text = new Date(day * 86_400_000).toISOString().slice(0, 19);
    assert.equal(parseNaiveTime(text), day * 86_400_000);
  }
});
