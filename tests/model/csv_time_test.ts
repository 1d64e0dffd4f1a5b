import assert from "node:assert/strict";
import { csvTime } from "../../model/table/csv.ts";

Deno.test("CSV: times are written as dates write them, on any day and at any part of it", () => {
  const whole = (ms: number) => new Date(ms).toISOString().replace("T", " ").slice(0, 23);
  let at = 1;
  for (let i = 0; i < 3000; i++) {
    at = (at * 48_271) % 2_147_483_647;
    const ms = at * 1300 - 700_000_000_000;
    for (const time of [ms, ms, ms + 0.7, ms + 86_399_999]) {
      assert.equal(csvTime(time), whole(time));
    }
  }
  for (const year of ["0001", "0999", "1969", "1970", "9999"]) {
    for (const rest of ["-01-01T00:00:00.000Z", "-12-31T23:59:59.999Z"]) {
      const time = Date.parse(year + rest);
      assert.equal(csvTime(time), whole(time));
    }
  }
  assert.equal(csvTime(null), null);
});
