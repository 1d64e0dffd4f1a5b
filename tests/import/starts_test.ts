// Starts that a trace tells, and that may not be.

import { deepStrictEqual, equal, match, ok } from "node:assert/strict";
import { type Schedule, schedule } from "../../import/schedule.ts";
import type { Trace, TraceTask } from "../../import/trace.ts";
import { parseTrace } from "../../import/wf_format.ts";
import { parseClockTime } from "../../import/wf_time.ts";
import { flatTrace, splitTrace, task, traceOf } from "./helpers.ts";

type Row = [start: number | null, runtime: number, ...parents: number[]];

/** Tasks by start and run time in seconds, and their parents. */
function rows(...given: Row[]): TraceTask[] {
  return given.map(([start, runtime, ...parents], place) =>
    task({
      id: `t${place}`,
      runtime,
      parents,
      started: start === null ? null : { naive: start * 1000, offset: 0 },
    })
  );
}

const run = (tasks: TraceTask[], given: Partial<Trace> = {}) => schedule(traceOf(tasks, given));
const starts = ({ started }: Schedule) => [...started].map((ms) => ms / 1000);

Deno.test("starts: a trace whose starts are when it was made gets computed ones", () => {
  const made = run(rows([0.01, 100], [0.02, 50, 0], [0.03, 50, 0], [0.04, 1, 1, 2]));
  deepStrictEqual(starts(made), [0, 100, 100, 150]);
  deepStrictEqual([made.known, made.refused], [0, 4]);
  match(made.remarks.join(), /^The starts of all 4 tasks .* within 0\.03 s, .* take 150 s/);
});

Deno.test("starts: also where it was made a day after the run, or tasks are short", () => {
  const day = 86_400;
  const later = run(rows([day, 100], [day + 0.01, 50, 0]), { makespan: 160 });
  equal(later.known, 0);
  ok(later.end <= 160_000);
  const short = run(rows([0.001, 2], [0.002, 2, 0], [0.003, 2, 1]));
  deepStrictEqual(starts(short), [0, 2, 4]);
});

Deno.test("starts: clocks of a few seconds, and stamps of whole seconds, are no contradiction", () => {
  const skewed = run(rows([1, 100], [98, 10, 0], [110, 1, 1]));
  deepStrictEqual([starts(skewed), skewed.remarks], [[1, 98, 110], []]);
  const whole = run(rows([3, 0.4], [3, 0.3, 0], [3, 0.5, 1]));
  deepStrictEqual([starts(whole), whole.remarks], [[3, 3, 3], []]);
});

Deno.test("starts: of a mixture the right ones stay, and the others fit in between", () => {
  const mixed = run(rows([2, 100], [0.02, 50, 0], [160, 10, 1], [171, 5, 2]));
  deepStrictEqual(starts(mixed), [2, 102, 160, 171]);
  deepStrictEqual([mixed.known, mixed.refused], [3, 1]);
  match(mixed.remarks.join(), /^The starts of 1 task .*\(t1 would start 102 s before/);
});

Deno.test("starts: one before a task whose start nobody tells counts what that must take", () => {
  const hidden = run(rows([0, 10], [null, 100, 0], [20, 5, 1], [130, 5, 1]));
  deepStrictEqual(starts(hidden), [0, 10, 110, 130]);
  equal(hidden.refused, 1);
});

Deno.test("starts: one that is too late for what waits for it is the one that goes", () => {
  const late = run(rows([0, 10], [5000, 10, 0], [25, 10, 1], [26, 10, 1]));
  deepStrictEqual(starts(late), [0, 10, 25, 26]);
  match(late.remarks.join(), /^The starts of 1 task .*later than what waits for them/);
  const alone = run(rows([0, 10], [5000, 10, 0], [25, 10, 1]), { makespan: 40 });
  deepStrictEqual([alone.started[2], alone.refused], [25_000, 1]);
});

Deno.test("starts: no step and no core makes a task too late for a recorded start behind it", () => {
  const machine = "m";
  const tasks = rows([null, 10], [null, 10], [null, 10], [12, 60, 2]).map((t) => ({
    ...t,
    machine,
  }));
  const machines = [{ name: machine, cores: 1, memory: null }];
  const times = run(tasks, { machines, makespan: 100 });
  ok(times.ended[2] <= times.started[3], `${times.ended[2]} and ${times.started[3]}`);
  equal(times.started[3], 12_000);
});

Deno.test("starts: random runs of which any starts are wrong never start before parents end", () => {
  let seed = 11;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(seed / 2_147_483_648 * below);
  };
  for (let round = 0; round < 300; round++) {
    const tasks = Array.from({ length: 2 + random(30) }, (_, place) => {
      const parents = [...new Set(Array.from({ length: random(3) }, () => random(place)))];
      const start = [null, { naive: random(200_000), offset: 0 }][random(2)];
      return task({ parents: place === 0 ? [] : parents, runtime: random(40), started: start });
    });
    const times = run(tasks, { makespan: random(400) });
    tasks.forEach(({ parents }, place) => {
      for (const parent of parents) {
        const over = times.ended[parent] - times.started[place];
        ok(over <= 5000, `round ${round}: ${place} starts ${over} ms before ${parent} ends`);
      }
    });
  }
});

Deno.test("starts: one before the beginning goes; where most do, the clock was another", () => {
  const one = run(rows([-50, 10], [12, 10, 0], [30, 10, 1]));
  deepStrictEqual(starts(one), [0, 12, 30]);
  match(one.remarks.join(), /^The starts of 1 task lie before the beginning .*50 s/);
  const slightly = run(rows([-2, 10], [12, 10, 0]));
  deepStrictEqual([starts(slightly), slightly.remarks], [[0, 12], []]);
  const zone = run(rows([-7198, 10], [-7188, 10, 0]));
  deepStrictEqual([starts(zone), zone.known], [[0, 10], 2]);
  match(zone.remarks.join(), /before the run's beginning.*counted from the earliest/);
  const behind = run(rows([36_000, 10], [36_011, 10, 0]), { makespan: 30 });
  deepStrictEqual(starts(behind), [0, 11]);
});

Deno.test("starts: zones may differ among tasks, and be written in any way", () => {
  const at = (executedAt: string, id: string) => ({ id, runtimeInSeconds: 1, executedAt });
  const texts = ["2024-05-07T11:30:02+02", "2024-05-07 04:30:04,500 -0500", "2024-05-07T09:30:07z"];
  const ids = ["a", "b", "c"];
  const graph = ids.map((id, place) => ({ id, name: id, parents: ids.slice(0, place) }));
  const trace = parseTrace(splitTrace(graph, texts.map((text, i) => at(text, ids[i]))), "t");
  const times = schedule(trace);
  deepStrictEqual([starts(times), times.remarks], [[2, 4.5, 7], []]);
  equal(parseClockTime("2024-05-07T09:30:00 somewhere"), null);
});

Deno.test("starts: of a flat trace are taken too; one that is no time is said", () => {
  const tasks = [{ executedAt: "2024-05-07T09:30:05Z" }, { executedAt: "soon", parents: ["t0"] }];
  const trace = parseTrace(flatTrace(tasks), "t");
  deepStrictEqual(starts(schedule(trace)), [5, 15]);
  deepStrictEqual(trace.remarks, ['The starts of 1 task are no times ("soon"): left out.']);
});

Deno.test("starts: the run begins with its first task where its beginning is not told", () => {
  const tasks = [
    { executedAt: "2024-05-07T09:40:05Z" },
    { executedAt: "2024-05-07T12:39:05+03:00" },
  ];
  const trace = parseTrace(flatTrace(tasks, { executedAt: null }), "t");
  deepStrictEqual(trace.began, parseClockTime("2024-05-07T12:39:05+03:00"));
  match(trace.remarks[0], /^When the run began is not in the trace; the earliest start/);
});

Deno.test("starts: tasks of two zones are on one clock, whether the run tells its zone or not", () => {
  const clock = (text: string) => parseClockTime(text)!;
  const tasks = ["2025-03-01T10:00:02+02:00", "2025-03-01T08:00:20Z", "2025-03-01T10:00:25"].map((
    text,
  ) => task({ runtime: 1, started: clock(text) }));
  for (const began of ["2025-03-01T10:00:00", "2025-03-01T10:00:00+02:00"]) {
    const found = run(tasks, { began: clock(began), makespan: 30 });
    deepStrictEqual([starts(found), found.remarks], [[2, 20, 25], []], began);
  }
});
