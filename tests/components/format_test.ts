import assert from "node:assert/strict";
import {
  ago,
  bytes,
  clock,
  count,
  duration,
  naiveTime,
  percent,
  seconds,
} from "../../looks/format.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

Deno.test("a duration shows its two largest units", () => {
  assert.equal(duration(0), "0 s");
  assert.equal(duration(0.2), "<1 ms");
  assert.equal(duration(120), "120 ms");
  assert.equal(duration(1234), "1.2 s");
  assert.equal(duration(12_345), "12 s");
  assert.equal(duration(3 * MINUTE + 4 * SECOND), "3 m 04 s");
  assert.equal(duration(2 * HOUR + 5 * MINUTE), "2 h 05 m");
  assert.equal(duration(3 * DAY + 4 * HOUR), "3 d 4 h");
  assert.equal(duration(-1234), "−1.2 s");
});

Deno.test("a duration rounds up into the next unit, never to 60 of the smaller", () => {
  assert.equal(duration(999.7), "1.0 s");
  assert.equal(duration(9_990), "10 s");
  assert.equal(duration(59_700), "1 m 00 s");
  assert.equal(duration(HOUR - 200), "1 h 00 m");
  assert.equal(duration(2 * HOUR - 10 * SECOND), "2 h 00 m");
  assert.equal(duration(DAY - 10 * SECOND), "1 d 0 h");
});

Deno.test("unknown is a dash, not zero", () => {
  for (const f of [duration, seconds, bytes, count, percent, naiveTime, clock, ago]) {
    assert.equal(f(null), "–");
    assert.equal(f(undefined), "–");
    assert.equal(f(NaN), "–");
  }
});

Deno.test("seconds are durations", () => assert.equal(seconds(184), "3 m 04 s"));

Deno.test("bytes come in binary units", () => {
  assert.equal(bytes(0), "0 B");
  assert.equal(bytes(512), "512 B");
  assert.equal(bytes(1024), "1 KiB");
  assert.equal(bytes(1.5 * 1024 ** 2), "1.5 MiB");
  assert.equal(bytes(12.34 * 1024 ** 3), "12.3 GiB");
  assert.equal(bytes(345.6 * 1024 ** 2), "346 MiB");
  assert.equal(bytes(1024 ** 2 - 1), "1 MiB");
});

Deno.test("counts have thousands separators", () => {
  assert.equal(count(0), "0");
  assert.equal(count(1_234_567), "1,234,567");
  assert.equal(count(2.25), "2.3");
});

Deno.test("percentages do not round to none or all", () => {
  assert.equal(percent(0), "0 %");
  assert.equal(percent(1), "100 %");
  assert.equal(percent(0.42), "42 %");
  assert.equal(percent(0.0423), "4.2 %");
  assert.equal(percent(0.00001), "<0.1 %");
  assert.equal(percent(0.99999), ">99.9 %");
  assert.equal(percent(0.9949), "99.5 %");
});

Deno.test("naive times are read as if UTC, whatever the viewer's zone", () => {
  const ms = Date.UTC(2026, 10, 23, 23, 46, 11, 987);
  assert.equal(naiveTime(ms), "2026-11-23 23:46:11");
  assert.equal(clock(ms), "23:46:11");
  assert.equal(naiveTime(9e15), "–");
});

Deno.test("how long ago is one unit, rounded down", () => {
  assert.equal(ago(300), "now");
  assert.equal(ago(-5000), "now");
  assert.equal(ago(12_900), "12 s ago");
  assert.equal(ago(5 * MINUTE), "5 m ago");
  assert.equal(ago(3 * HOUR + 59 * MINUTE), "3 h ago");
  assert.equal(ago(4 * DAY), "4 d ago");
});
