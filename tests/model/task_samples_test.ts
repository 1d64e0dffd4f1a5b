// A task's samples by try, and the charts of them: no line joins one try to another.
import assert from "node:assert/strict";
import { legend, nearest, nothing, reading, summary } from "../../picture/chart/readout.ts";
import type { LinesSpec } from "../../picture/chart/chart.ts";
import { samplesLeft, taskCharts } from "../../picture/chart/task_charts.ts";
import type { ResourceRow } from "../../model/run/resource_row.ts";
import { samplesCsv } from "../../model/tasks/samples_csv.ts";
import { taskSamples } from "../../model/tasks/samples.ts";
import { sample, seeded, shuffled, T0 } from "./synthetic.ts";

/** A sample of a try of task 0, `seconds` after the beginning. */
function of(tryId: number, seconds: number, cpu: number | null, memory = 100): ResourceRow {
  return { ...sample(0, seconds, cpu, memory), tryId, diskRead: 10 * seconds, diskWrite: 1 };
}

/** Three tries on three workers, each with a CPU clock of its own. */
const THREE = [
  ...[of(0, 1, 500), of(0, 2, 501), of(0, 3, 502)],
  ...[of(1, 11, 20), of(1, 12, 21)],
  of(2, 31, 300),
];

function charts(rows: ResourceRow[]): Map<string, LinesSpec> {
  return new Map(taskCharts(taskSamples(rows)).map(({ title, spec }) => [title, spec]));
}

const CPU = "CPU time of the worker process";

Deno.test("samples: each try has its line, named for it, with the values as recorded", () => {
  for (const rows of [THREE, ...[1, 2, 3].map((seed) => shuffled(THREE, seeded(seed)))]) {
    const cpu = charts(rows).get(CPU)!;
    assert.deepStrictEqual(
      cpu.series.map(({ label, x, values }) => [label, x.map((t) => (t - T0) / 1000), values]),
      [
        ["try 0", [1, 2, 3], [500, 501, 502]],
        ["try 1", [11, 12], [20, 21]],
        ["try 2", [31], [300]],
      ],
    );
    assert.deepStrictEqual(cpu.x.map((t) => (t - T0) / 1000), [1, 2, 3, 11, 12, 31]);
    assert.equal(new Set(cpu.series.map(({ color }) => color)).size, 3);
    assert.deepStrictEqual(legend(cpu).map(({ label }) => label), ["try 0", "try 1", "try 2"]);
    // No line goes down though the clocks differ.
    for (const { values } of cpu.series) {
      assert.deepStrictEqual(values, values.toSorted((a, b) => a! - b!));
    }
  }
  assert.deepStrictEqual([...charts(THREE).keys()], [
    "Memory",
    CPU,
    "I/O: read",
    "I/O: written",
  ]);
});

Deno.test("samples: tries that overlap in time keep whole lines", () => {
  const rows = [of(0, 1, 1), of(1, 2, 5), of(0, 3, 2), of(1, 4, 6), of(0, 4, 3)];
  const cpu = charts(rows).get(CPU)!;
  assert.deepStrictEqual(cpu.series.map(({ values }) => values), [[1, 2, 3], [5, 6]]);
  // Read off is who has a sample then.
  const labels = (seconds: number) =>
    reading(cpu, nearest(cpu, T0 + 1000 * seconds), new Set()).rows
      .map(({ label, text }) => `${label} ${text}`);
  assert.deepStrictEqual(labels(1), ["try 0 1.0 s"]);
  assert.deepStrictEqual(labels(2.1), ["try 1 5.0 s"]);
  assert.deepStrictEqual(labels(4), ["try 0 3.0 s", "try 1 6.0 s"]);
  const hidden = reading(cpu, nearest(cpu, T0 + 4000), new Set(["try 0"]));
  assert.deepStrictEqual(hidden.rows.map(({ label }) => label), ["try 1"]);
  assert.match(summary(CPU, cpu), /try 0 up to 3\.0 s, try 1 up to 6\.0 s/);
});

Deno.test("samples: a single try is drawn without its number", () => {
  const found = charts(THREE.slice(0, 3));
  assert.deepStrictEqual([...found.keys()], ["Memory", CPU, "I/O"]);
  assert.deepStrictEqual(found.get("Memory")!.series.map(({ label }) => label), ["resident"]);
  assert.deepStrictEqual(found.get("I/O")!.series.map(({ label }) => label), ["read", "written"]);
  assert.deepStrictEqual(legend(found.get("Memory")!), []);
});

Deno.test("samples: one alone is told in a sentence, one of each try is drawn as points", () => {
  const one = charts([of(3, 5, null, 2048)]);
  assert.equal(
    nothing(one.get("Memory")!),
    "Sampled once, at 2026-01-01 12:00:05: resident 2 KiB.",
  );
  assert.equal(nothing(one.get(CPU)!), "Not recorded: every value in this time is unknown.");
  const two = charts([of(0, 5, 1), of(1, 5, 2)]);
  assert.match(nothing(two.get(CPU)!)!, /^Sampled once, at .*: try 0 1\.0 s, try 1 2\.0 s\.$/);
  const apart = charts([of(0, 5, 1), of(1, 9, 2)]).get(CPU)!;
  assert.equal(nothing(apart), null);
  assert.deepStrictEqual(apart.series.map(({ x }) => x.length), [1, 1]);
});

Deno.test("samples: what is not drawn is said", () => {
  assert.equal(samplesLeft(taskSamples(THREE)), null);
  assert.equal(samplesLeft(taskSamples([])), null);
  const long = Array.from({ length: 9000 }, (_, i) => of(i % 3, i, i));
  const found = taskSamples(long);
  assert.equal(found.recorded, 9000);
  assert.ok(found.shown < 2010 && found.shown > 1500, `${found.shown}`);
  for (const [i, { time, cpu }] of found.tries.entries()) {
    assert.equal(time[0], T0 + 1000 * i);
    assert.equal(cpu.at(-1), 8997 + i, "the last one is drawn");
  }
  assert.equal(
    samplesLeft(found),
    `Drawn: ${found.shown.toLocaleString("en")} of 9,000 samples; all of them are in the CSV.`,
  );
  const many = taskSamples(Array.from({ length: 40 }, (_, i) => of(i, i, i)));
  assert.deepStrictEqual(many.tries.map(({ tryId }) => tryId), [
    ...Array.from({ length: 12 }, (_, i) => 28 + i),
  ]);
  assert.equal(
    samplesLeft(many),
    "Drawn: the newest 12 of 40 tries; all of them are in the CSV.",
  );
});

Deno.test("samples: the CSV has each of them", () => {
  const rows = [of(1, 5, 2), of(0, 7, null), of(0, 6, 1)];
  const [header, ...lines] = samplesCsv(rows).trimEnd().split("\r\n");
  assert.equal(header.split(",").length, 14);
  assert.deepStrictEqual(lines, [
    "0,2026-01-01 12:00:06.000,1,0,1,0,,100,,60,1,,,",
    "0,2026-01-01 12:00:07.000,1,0,,,,100,,70,1,,,",
    "1,2026-01-01 12:00:05.000,1,0,2,0,,100,,50,1,,,",
  ]);
});
