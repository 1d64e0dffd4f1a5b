// Samples are folded, not kept: what late ones may still change.
import assert from "node:assert/strict";
import { Clock } from "../../model/run/clock.ts";
import { Samples } from "../../model/run/samples.ts";
import { seeded, shuffled, T0 } from "./synthetic.ts";

interface Row {
  attempt: number;
  time: number;
  cpu: number | null;
  memory: number | null;
}

function randomRows(seed: number, isSteady = false): Row[] {
  const random = seeded(seed);
  const rows: Row[] = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    let cpu = 5;
    for (let i = 0; i < 12; i++) {
      cpu = Math.max(0, cpu + (random() - (isSteady ? 0 : 0.3)) * 4);
      rows.push({
        attempt,
        time: T0 + attempt * 100 + i * 1000 + Math.floor(random() * 900),
        cpu: !isSteady && random() < 0.2 ? null : cpu,
        memory: random() < 0.2 ? null : Math.floor(random() * 1e9),
      });
    }
  }
  return rows;
}

function taken(rows: Row[], spare?: number): { samples: Samples; clock: Clock } {
  const samples = new Samples(spare);
  const clock = new Clock(-Infinity, [samples.tick]);
  for (let attempt = 0; attempt < 5; attempt++) samples.addTry();
  for (const { attempt, time, cpu, memory } of rows) {
    samples.add(clock, -1, attempt, time, cpu, [memory ?? NaN], T0 + 20_000);
  }
  return { samples, clock };
}

const EDGES = Array.from({ length: 90 }, (_, i) => Math.floor(T0 / 256) * 256 + i * 256);

/** Memory of the tries and CPU time that all but `skipped` rows tell, one pair at a time. */
function brute(rows: Row[]) {
  const cpu: number[] = [];
  const cores = new Array<number>(EDGES.length - 1).fill(0);
  const memory = EDGES.map(() => 0);
  for (let attempt = 0; attempt < 5; attempt++) {
    const own = rows.filter((row) => row.attempt === attempt).sort((a, b) => a.time - b.time);
    own.forEach((row, i) => {
      const until = own[i + 1]?.time ?? T0 + 20_000;
      EDGES.forEach((edge, at) => {
        if (row.time <= edge && edge < until) memory[at] += row.memory ?? 0;
      });
    });
    const clocked = own.filter((row) => row.cpu !== null);
    let used = 0;
    for (let i = 1; i < clocked.length; i++) {
      const [a, b] = [clocked[i - 1], clocked[i]];
      const growth = Math.max(0, b.cpu! - a.cpu!);
      used += growth;
      cores.forEach((_, bin) => {
        const share = Math.min(b.time, EDGES[bin + 1]) - Math.max(a.time, EDGES[bin]);
        if (share > 0) cores[bin] += growth * 1000 / (b.time - a.time) * share / 256;
      });
    }
    cpu.push(used);
  }
  return { cpu, cores, memory };
}

function isNear(actual: ArrayLike<number>, expected: number[], slack: number, what: string): void {
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(actual[i] - expected[i]) <= slack, `${what} ${i}: ${actual[i]}`);
  }
}

Deno.test("samples in any order give what counting gives, while none is forgotten", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const rows = randomRows(seed);
    const expected = brute(rows);
    const { samples, clock } = taken(shuffled(rows, seeded(seed)));
    assert.equal(samples.misplaced, 0);
    isNear(samples.tryCpu.data, expected.cpu, 1e-9, "CPU of try");
    isNear(samples.coresBetween(clock, EDGES)!, expected.cores, 1e-6, "cores in bin");
    assert.deepEqual(samples.levelLine("memory").valuesAt(EDGES), expected.memory);
  }
});

Deno.test("samples in order are exact though forgotten", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const rows = randomRows(seed).sort((a, b) => a.time - b.time);
    const expected = brute(rows);
    const { samples, clock } = taken(rows, 0);
    assert.ok(samples.tick.length < rows.length / 1.5, `${samples.tick.length} kept`);
    isNear(samples.tryCpu.data, expected.cpu, 1e-9, "CPU of try");
    isNear(samples.coresBetween(clock, EDGES)!, expected.cores, 1e-6, "cores in bin");
    assert.deepEqual(samples.levelLine("memory").valuesAt(EDGES), expected.memory);
  }
});

Deno.test("a late sample among forgotten ones counts for peak and mean, and moves no CPU time", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const rows = randomRows(seed, true).sort((a, b) => a.time - b.time);
    const late = rows.filter((_, i) => i > 8 && i < 50 && i % 7 === 0);
    const inTime = rows.filter((row) => !late.includes(row));
    const { samples, clock } = taken([...inTime, ...late], 0);
    const all = brute(rows);
    const known = brute(inTime);
    assert.equal(samples.misplaced, late.length);
    // A clock that only grows: the ends of each try tell all of it.
    isNear(samples.tryCpu.data, all.cpu, 1e-9, "CPU of try");
    isNear(samples.coresBetween(clock, EDGES)!, known.cores, 1e-6, "cores in bin");
    assert.deepEqual(samples.levelLine("memory").valuesAt(EDGES), known.memory);
    for (let attempt = 0; attempt < 5; attempt++) {
      const values = rows.filter((row) => row.attempt === attempt && row.memory !== null)
        .map(({ memory }) => memory!);
      assert.equal(samples.tryPeak.data[attempt], Math.max(...values));
      assert.equal(samples.tryCount.data[attempt], values.length);
      assert.equal(samples.trySum.data[attempt], values.reduce((a, b) => a + b));
    }
  }
});

Deno.test("a late sample moves memory over time between its two neighbours only", () => {
  const rows = randomRows(3).filter(({ attempt }) => attempt === 0)
    .map((row, i) => ({ ...row, memory: 100 + i }));
  const late = rows[5];
  const { samples } = taken([...rows.filter((row) => row !== late), late], 0);
  const expected = brute(rows).memory;
  samples.levelLine("memory").valuesAt(EDGES).forEach((value, i) => {
    const isBetween = EDGES[i] >= rows[4].time && EDGES[i] < rows[6].time;
    if (!isBetween) assert.equal(value, expected[i]);
  });
  assert.equal(samples.misplaced, 1);
});
