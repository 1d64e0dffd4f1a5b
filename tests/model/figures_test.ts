// What the model finds in the recordings, against what pandas found (tests/oracle).
import assert from "node:assert/strict";
import {
  appFigures,
  histogram,
  median,
  peakMemory,
  stateCounts,
} from "../../model/figures/figures.ts";
import { Run } from "../../model/run/run.ts";
import { capacityOver } from "../../model/figures/series.ts";
import { busyAt } from "./reference.ts";
import { climate, figures, large, type RunFigures } from "../support/fixtures.ts";
import { runsOf } from "./synthetic.ts";

/** Naive ms of the oracle's instants, to the microsecond. */
function instantsOf(run: Run, expected: RunFigures): number[] {
  return expected.instants.map((s) => (Math.round(run.began * 1000) + Math.round(s * 1e6)) / 1000);
}

for (const [name, open] of [["climate.db", climate], ["large.db", large]] as const) {
  Deno.test(`${name}: every figure of every run is the oracle's`, async (t) => {
    const expected = (await figures())[name];
    const file = await open();
    try {
      const runs = await runsOf(file.path);
      assert.deepEqual(runs.map((r) => r.runId).sort(), Object.keys(expected).sort());
      for (const run of runs) {
        const e = expected[run.runId];
        const at = instantsOf(run, e);
        const check = (what: string, compare: () => void) =>
          t.step(`${e.name}: ${what}`, () => compare());
        await check("states", () => {
          assert.equal(run.tasks, e.tasks);
          const states = Object.fromEntries(stateCounts(run).map((c) => [c.name, c.count]));
          assert.deepEqual(states, e.states);
        });
        await check("apps", () => {
          const apps = appFigures(run);
          assert.deepEqual(Object.fromEntries(apps.map((a) => [a.app, a.tasks])), e.apps);
          for (const app of apps) {
            assert.equal(app.states.reduce((sum, s) => sum + s.count, 0), app.tasks);
          }
        });
        await check("duration", () => {
          assert.ok(
            Math.abs(run.end - run.began - e.span * 1000) < 0.002,
            `${run.end - run.began}`,
          );
          assert.equal(run.workflow.completed === null, e.duration === null);
        });
        await check("peak memory", () => {
          assert.equal(peakMemory(run), e.peak_memory);
          for (const app of appFigures(run)) {
            assert.equal(app.peakMemory, e.peak_memory_of_app[app.app] ?? null, app.app);
          }
        });
        await check("busy workers", () => assert.deepEqual(busyAt(run, at), e.busy));
        await check("workers there were", () => {
          // The first edge has no bin that ends at it; null is a run without managers.
          const capacity = capacityOver(run, [at[0], ...at], "workers").map((c) => c ?? 0);
          assert.deepEqual(capacity, e.capacity);
        });
      }
    } finally {
      await file.remove();
    }
  });
}

Deno.test("median and histogram", () => {
  assert.equal(median([]), null);
  assert.equal(median([9, 1, 10]), 9);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.deepEqual(histogram([null, NaN]), { bins: [], count: 0 });
  const bars = histogram([0, 1, 2, 3, null], 3);
  assert.equal(bars.count, 4);
  assert.deepEqual(bars.bins.map((b) => b.count), [1, 1, 2]);
  assert.equal(histogram([5, 5, 5]).bins.reduce((sum, b) => sum + b.count, 0), 3);
});
