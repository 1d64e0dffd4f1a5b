// Steps over time in few bins: exact at aligned edges, whatever comes and goes.
import assert from "node:assert/strict";
import { Timeline } from "../../model/run/step_line.ts";
import { seeded } from "./synthetic.ts";

interface Interval {
  start: number;
  end: number;
  weight: number;
}

/** The value at an edge, one interval at a time. */
function brute(intervals: Interval[], edge: number): number {
  return intervals.filter(({ start, end }) => start <= edge && !(end <= edge))
    .reduce((sum, { weight }) => sum + weight, 0);
}

/** Edges of a width's multiples over all ends of some intervals, and one beyond on each side. */
function edgesOver(intervals: Interval[], width: number): number[] {
  const ends = intervals.flatMap(({ start, end }) => end === Infinity ? [start] : [start, end]);
  const first = Math.floor(Math.min(...ends) / width) - 1;
  const last = Math.ceil(Math.max(...ends) / width) + 1;
  const stride = Math.max(1, Math.floor((last - first) / 300));
  const edges = [];
  for (let edge = first; edge <= last; edge += stride) edges.push(edge * width);
  return edges;
}

Deno.test("a timeline has the values that counting gives, at every aligned edge", () => {
  let widened = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const random = seeded(seed);
    const timeline = new Timeline();
    const origin = [0, -5000, 1.7e12, 1.7e12 + 0.25][seed % 4];
    let kept: Interval[] = [];
    for (let i = 0; i < 400; i++) {
      // Most run forward, as time does; some come late, some far before the first.
      const late = random() < 0.2;
      const reach = 10 ** (1 + seed % 7);
      const start = origin + (late ? (random() - 0.5) * reach : i / 400 * reach + random());
      const end = random() < 0.1 ? Infinity : start + random() ** 4 * reach - 0.01 * reach;
      const interval = { start, end, weight: 1 + Math.floor(random() * 5) };
      if (interval.end > start) kept.push(interval);
      timeline.add(start, end, interval.weight);
      if (random() < 0.3) {
        const gone = kept[Math.floor(random() * kept.length)];
        if (!gone) continue;
        timeline.add(gone.start, gone.end, -gone.weight);
        kept = kept.filter((one) => one !== gone);
      }
      if (i % 80 !== 79) continue;
      const edges = edgesOver(kept, timeline.width);
      assert.deepEqual(
        timeline.valuesAt(edges),
        edges.map((edge) => brute(kept, edge)),
        `seed ${seed}, after ${i}`,
      );
      const wide = edgesOver(kept, timeline.width * 8);
      assert.deepEqual(timeline.valuesAt(wide), wide.map((edge) => brute(kept, edge)));
    }
    const open = kept.filter(({ end }) => end === Infinity);
    assert.equal(timeline.total, open.reduce((sum, { weight }) => sum + weight, 0));
    if (timeline.width > 1) widened++;
  }
  assert.ok(widened > 20 && widened < 60, `${widened} of 60 widened`);
});

Deno.test("a timeline is as fine as its span allows, and never holds more than 4,096 bins", () => {
  for (const span of [1, 100, 4095, 4096, 5000, 86_400_000, 3e12]) {
    const timeline = new Timeline();
    timeline.step(1.7e12, 1);
    timeline.step(1.7e12 + span, 1);
    assert.equal(Math.log2(timeline.width) % 1, 0);
    assert.ok(span / timeline.width <= 4096, `${span}: ${timeline.width}`);
    assert.ok(timeline.width === 1 || span / timeline.width > 2040, `${span}: ${timeline.width}`);
    assert.ok(timeline.bytes <= 4096 * 8);
  }
});

Deno.test("a timeline may grow backwards", () => {
  const timeline = new Timeline();
  const intervals: Interval[] = [];
  for (let i = 0; i < 9000; i++) {
    const interval = { start: -i * 3, end: -i * 3 + 10, weight: 1 };
    intervals.push(interval);
    timeline.add(interval.start, interval.end);
  }
  const edges = edgesOver(intervals, timeline.width);
  assert.deepEqual(timeline.valuesAt(edges), edges.map((edge) => brute(intervals, edge)));
});

Deno.test("an interval without duration is nothing, an empty timeline is zero", () => {
  const timeline = new Timeline();
  assert.deepEqual(timeline.valuesAt([-10, 0, 10]), [0, 0, 0]);
  timeline.add(5, 5);
  timeline.add(6, 5);
  timeline.add(7, NaN);
  assert.deepEqual([timeline.valuesAt([0, 10]), timeline.total], [[0, 0], 0]);
});
