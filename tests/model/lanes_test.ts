// Which tries ran side by side, and how they look where a column of pixels holds many.

import assert from "node:assert/strict";
import {
  type Bar,
  type BarWindow,
  barWindow,
  laneBars,
  readBars,
} from "../../model/timeline/bars.ts";
import { taskOnLanes, tryBetween } from "../../model/timeline/try.ts";
import { type Lanes, lanesOf } from "../../model/timeline/lanes.ts";
import { Run } from "../../model/run/run.ts";
import { climate } from "../support/fixtures.ts";
import { busyInterval } from "./reference.ts";
import { rows, runsOf, status, T0, taskRow, tryRow, workflowRow } from "./synthetic.ts";

/** Numbers from 0 to below 1, the same ones each time. */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A run whose tries begin at random and come in any order. */
function randomRun(seed: number, tries = 300): Run {
  const random = randoms(seed);
  const run = new Run(workflowRow());
  for (let id = 0; id < tries; id++) {
    const running = T0 + Math.floor(random() * 90_000);
    const state = random() < 0.1 ? "failed" : "exec_done";
    run.fold(rows({
      tasks: [taskRow(id, { app: `app${Math.floor(random() * 4)}` })],
      tries: [tryRow(id, 0, {
        hostname: random() < 0.1 ? null : `node${Math.floor(random() * 3)}`,
        executor: random() < 0.2 ? "threads" : "htex",
        running,
        returned: running + Math.floor(random() * random() * 8000),
        failHistory: state === "failed" ? "ValueError" : "",
      })],
      statuses: [status(id, state, 95)],
    }));
  }
  return run;
}

/** Of each lane the tries in it. */
function triesOf({ tries, offsets, count }: Lanes): number[][] {
  return Array.from({ length: count }, (_, at) => [...tries.slice(offsets[at], offsets[at + 1])]);
}

function assertSound(run: Run, lanes: Lanes): void {
  const all: number[] = [];
  for (const attempts of triesOf(lanes)) {
    assert.ok(attempts.length > 0, "an empty lane");
    let free = -Infinity;
    for (const attempt of attempts) {
      const [start, end] = busyInterval(run, attempt)!;
      assert.ok(start >= free, "two at once in one lane");
      free = end;
      all.push(attempt);
    }
  }
  const ran = Array.from({ length: run.tryTask.length }, (_, attempt) => attempt)
    .filter((attempt) => busyInterval(run, attempt));
  assert.deepEqual(all.toSorted((a, b) => a - b), ran);
  for (const host of lanes.hosts) {
    const own = ran.filter((attempt) =>
      run.names.at(run.tryHost.data[attempt]) === host.host &&
      run.names.at(run.tryExecutor.data[attempt]) === host.executor
    );
    const spans = own.map((attempt) => busyInterval(run, attempt)!);
    const atOnce = spans.map(([t]) => spans.filter(([a, b]) => a <= t && t < b).length);
    // What begins and ends in the same instant needs a lane as well.
    const needed = Math.max(1, ...atOnce);
    assert.ok(host.lanes >= needed && host.lanes <= needed + 1, `${host.lanes} for ${needed}`);
    assert.equal(host.tries, own.length);
    assert.equal(host.failed, own.filter((attempt) => run.tryFailure.data[attempt] >= 0).length);
    assert.equal(Math.round(host.busy), Math.round(spans.reduce((sum, [a, b]) => sum + b - a, 0)));
    assert.equal(host.began, Math.min(...spans.map(([a]) => a)));
    assert.equal(host.ended, Math.max(...spans.map(([, b]) => b)));
    const placed = triesOf(lanes).slice(host.first, host.first + host.lanes).flat();
    assert.deepEqual(placed.toSorted((a, b) => a - b), own);
  }
}

Deno.test("lanes hold each try once, one at a time, as many as ran at once on a host", async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const run = randomRun(seed);
    assertSound(run, await lanesOf(run, false));
  }
  const file = await climate();
  try {
    for (const run of await runsOf(file.path)) assertSound(run, await lanesOf(run, false));
  } finally {
    await file.remove();
  }
});

Deno.test("lanes of a run that goes on: who still runs keeps its lane, and it is no one else's", async () => {
  const run = new Run(workflowRow({ completed: null }));
  const begin = (id: number, second: number) =>
    run.fold(rows({
      tasks: [taskRow(id)],
      tries: [tryRow(id, 0, { running: T0 + 1000 * second })],
      statuses: [status(id, "running", second)],
    }));
  for (let id = 0; id < 3; id++) begin(id, id);
  assert.equal((await lanesOf(run, true)).count, 3);
  run.fold(rows({ statuses: [status(1, "exec_done", 10)] }));
  begin(3, 11);
  // Made anew: what is known of a run that grows may be of a moment ago.
  const lanes = await lanesOf(run, false);
  assert.equal(lanes.count, 3);
  assert.deepEqual(triesOf(lanes)[1].map((attempt) => run.tryTask.data[attempt]), [1, 3]);
});

Deno.test("lanes of nothing: a run whose tries never started, or ran inside Parsl itself", async () => {
  const run = new Run(workflowRow());
  run.fold(rows({
    tasks: [taskRow(0), taskRow(1)],
    tries: [tryRow(0), tryRow(1, 0, { executor: "_parsl_internal", running: T0 + 1 })],
  }));
  const lanes = await lanesOf(run, false);
  assert.deepEqual([lanes.count, lanes.hosts, lanes.tries.length], [0, [], 0]);
  assert.equal(laneBars(run, lanes, window({})).length, 0);
  assert.equal(tryBetween(run, lanes, 0, T0, T0 + 10), null);
  assert.equal(taskOnLanes(run, lanes, 0), null);
});

function window(news: Partial<BarWindow>): BarWindow {
  return { from: T0, to: T0 + 100_000, first: 0, lanes: 1000, columns: 500, ...news };
}

/** Which columns of a window a lane's bars fill. */
function filled(bars: Bar[], lane: number, columns: number): boolean[] {
  const out = new Array<boolean>(columns).fill(false);
  for (const bar of bars) {
    if (bar.lane === lane) out.fill(true, bar.begin, bar.end);
  }
  return out;
}

Deno.test("bars fill the columns in which something ran, and never lie on each other", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = randoms(seed);
    const run = randomRun(seed);
    const lanes = await lanesOf(run, false);
    for (let n = 0; n < 10; n++) {
      const from = T0 + Math.floor(random() * 80_000);
      const to = from + 10 + Math.floor(random() * 90_000);
      const columns = 1 + Math.floor(random() * 800);
      const first = Math.floor(random() * lanes.count);
      const seen = window({ from, to, columns, first, lanes: 5 });
      const bars = readBars(laneBars(run, lanes, seen));
      const step = (to - from) / columns;
      for (let lane = 0; lane < Math.min(5, lanes.count - first); lane++) {
        const own = bars.filter((bar) => bar.lane === lane);
        own.reduce((end, bar) => {
          assert.ok(bar.begin >= end && bar.end > bar.begin && bar.end <= columns);
          return bar.end;
        }, 0);
        const spans = triesOf(lanes)[first + lane].map((attempt) => busyInterval(run, attempt)!);
        filled(bars, lane, columns).forEach((isFilled, column) => {
          const [a, b] = [from + column * step, from + (column + 1) * step];
          const near = spans.some(([start, end]) => start <= b + step && end >= a - step);
          const whole = spans.some(([start, end]) => start <= a && end >= b);
          assert.ok(isFilled ? near : !whole, `column ${column} of ${columns}`);
        });
      }
    }
  }
});

Deno.test("bars are as many as columns tell apart, however many tries there are", async () => {
  const run = new Run(workflowRow());
  const many = Array.from({ length: 5000 }, (_, id) => id);
  run.fold(rows({
    tasks: many.map((id) => taskRow(id, { app: `app${id % 7}` })),
    tries: many.map((id) => tryRow(id, 0, { running: T0 + 20 * id, returned: T0 + 20 * id + 15 })),
    statuses: many.map((id) => status(id, "exec_done", 100)),
  }));
  const lanes = await lanesOf(run, false);
  assert.equal(lanes.count, 1);
  const bars = readBars(laneBars(run, lanes, window({ columns: 200 })));
  assert.ok(bars.length <= 200, `${bars.length} bars`);
  assert.ok(filled(bars, 0, 200).every(Boolean), "a gap");
  const near = readBars(laneBars(run, lanes, window({ from: T0 + 1000, to: T0 + 1100 })));
  assert.deepEqual(near.map(({ app }) => run.apps.at(app)), [
    ...["app1", "app2", "app3", "app4", "app5", "app6"],
  ]);
});

Deno.test("a bar says app and state of the try, and of a try that came again that it failed", async () => {
  const run = new Run(workflowRow());
  run.fold(rows({
    tasks: [taskRow(0, { app: "flaky" }), taskRow(1, { app: "other" })],
    tries: [
      tryRow(0, 0, { running: T0, returned: T0 + 10_000, failHistory: "ValueError" }),
      tryRow(0, 1, { running: T0 + 20_000, returned: T0 + 30_000, launched: T0 + 15_000 }),
      tryRow(1, 0, { running: T0 + 40_000, returned: T0 + 99_000 }),
    ],
    statuses: [
      status(0, "fail_retryable", 10),
      status(0, "exec_done", 30, 1),
      status(1, "failed", 99),
    ],
  }));
  const lanes = await lanesOf(run, false);
  const bars = readBars(laneBars(run, lanes, window({ columns: 100 })));
  assert.deepEqual(
    bars.map(({ app, state, begin, end }) => [run.apps.at(app), run.states.at(state), begin, end]),
    [
      ["flaky", "fail_retryable", 0, 10],
      ["flaky", "exec_done", 20, 30],
      ["other", "failed", 40, 99],
    ],
  );
  assert.deepEqual(tryBetween(run, lanes, 0, T0 + 25_000, T0 + 25_001), {
    taskId: 0,
    app: "flaky",
    state: "exec_done",
    number: 1,
    tries: 2,
    host: "node1",
    executor: "htex",
    worker: null,
    began: T0 + 20_000,
    ended: T0 + 30_000,
    queued: 5000,
    duration: 10_000,
    others: 0,
  });
  const longest = tryBetween(run, lanes, 0, T0 + 5000, T0 + 50_000);
  assert.deepEqual([longest?.taskId, longest?.others], [1, 2]);
  assert.equal(tryBetween(run, lanes, 0, T0 + 32_000, T0 + 33_000), null);
  assert.equal(tryBetween(run, lanes, 7, T0, T0 + 99_000), null);
  assert.deepEqual(taskOnLanes(run, lanes, run.indexOf(0)!), {
    taskId: 0,
    lane: 0,
    began: T0 + 20_000,
    ended: T0 + 30_000,
  });
});

Deno.test("a window is taken from numbers that make sense, and from no others", () => {
  const good = { from: 5, to: 10, first: 0, lanes: 10, columns: 100 };
  const of = (news: Partial<BarWindow>) => barWindow((name) => ({ ...good, ...news })[name]);
  assert.deepEqual(of({}), good);
  const bad: Partial<BarWindow>[] = [
    { from: NaN },
    { to: 5 },
    { to: Infinity },
    { first: -1 },
    { first: 0.5 },
    { lanes: 0 },
    { lanes: 1e9 },
    { columns: 0 },
    { columns: 1e9 },
  ];
  for (const news of bad) assert.equal(of(news), null, JSON.stringify(news));
});
