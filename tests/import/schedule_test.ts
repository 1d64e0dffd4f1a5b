import assert from "node:assert/strict";
import { ImportError } from "../../import/import_error.ts";
import { schedule } from "../../import/schedule.ts";
import { parseTrace } from "../../import/wf_format.ts";
import { task, traceOf, traceText } from "./helpers.ts";

const seconds = (times: Float64Array) => [...times].map((time) => time / 1000);

Deno.test("schedule: tasks start after their parents, when their machine has a core free", async () => {
  const times = schedule(parseTrace(await traceText(), "t.json"));
  assert.deepStrictEqual(seconds(times.launched), [0, 10, 10, 60]);
  assert.deepStrictEqual(seconds(times.started), [0, 10, 30, 60]);
  assert.deepStrictEqual(seconds(times.ended), [10, 30, 60, 65]);
  assert.deepStrictEqual(times.known, 0);
});

Deno.test("schedule: launches in even steps fill the trace's makespan", async () => {
  const text = await traceText(['"makespanInSeconds": 65', '"makespanInSeconds": 95']);
  const times = schedule(parseTrace(text, "t.json"));
  const wanted = [0, 30, 60, 90];
  seconds(times.launched).forEach((time, place) => {
    assert.ok(Math.abs(time - wanted[place]) < 0.02, `launch ${place} at ${time}`);
  });
  assert.ok(times.end <= 95_000 && times.end > 94_980, `the end is at ${times.end}`);
});

Deno.test("schedule: cores are not counted where the makespan would not do with them", async () => {
  const text = await traceText(['"makespanInSeconds": 65', '"makespanInSeconds": 45']);
  const times = schedule(parseTrace(text, "t.json"));
  assert.deepStrictEqual(seconds(times.started), [0, 10, 10, 40]);
});

Deno.test("schedule: recorded starts are kept, and others follow them", async () => {
  const at = '"runtimeInSeconds": 20, "executedAt": "2024-05-07T07:30:42Z"';
  const times = schedule(parseTrace(await traceText(['"runtimeInSeconds": 20', at]), "t.json"));
  assert.deepStrictEqual(times.known, 1);
  assert.deepStrictEqual(seconds(times.started)[1], 42);
  assert.deepStrictEqual(seconds(times.launched)[1], 10);
  assert.deepStrictEqual(seconds(times.started)[3], 62);
});

Deno.test("schedule: a task of several cores waits for all of them", () => {
  const machine = "m";
  const tasks = [
    task({ machine, runtime: 4 }),
    task({ machine, runtime: 6 }),
    task({ machine, cores: 2 }),
    task({ machine, cores: 9 }),
  ];
  const machines = [{ name: machine, cores: 2, memory: null }];
  assert.deepStrictEqual(seconds(schedule(traceOf(tasks, { machines })).started), [0, 0, 6, 7]);
});

Deno.test("schedule: tasks in a circle are refused, and one of the circle is named", () => {
  const tasks = [
    task({ id: "behind", parents: [2, 1] }),
    task({ id: "free" }),
    task({ id: "a", parents: [3] }),
    task({ id: "b", parents: [2] }),
  ];
  let message = "";
  try {
    schedule(traceOf(tasks));
  } catch (error) {
    assert.ok(error instanceof ImportError, `threw ${error}`);
    message = error.message;
  }
  assert.ok(/in a circle, a among/.test(message), `said "${message}"`);
});

Deno.test("schedule: random graphs keep parents, cores and makespan", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(seed / 2_147_483_648 * below);
  };
  for (let round = 0; round < 200; round++) {
    const names = ["m", "n"];
    const tasks = Array.from({ length: 2 + random(40) }, (_, place) => {
      const parents = Array.from({ length: Math.min(place, random(4)) }, () => random(place));
      const some = [...new Set(parents)];
      return task({ parents: some, runtime: random(50), machine: names[random(2)] });
    });
    const machines = names.map((name) => ({ name, cores: 1 + random(4), memory: null }));
    const plain = schedule(traceOf(tasks, { machines }));
    const makespan = plain.end / 1000 * 1.5;
    const times = schedule(traceOf(tasks, { machines, makespan }));
    for (const { started, launched, ended } of [plain, times]) {
      tasks.forEach(({ parents, runtime }, place) => {
        const ready = Math.max(0, ...parents.map((parent) => ended[parent]));
        assert.ok(ready <= launched[place] && launched[place] <= started[place], `round ${round}`);
        assert.deepStrictEqual(ended[place], started[place] + runtime * 1000);
      });
      for (const { name, cores } of machines) {
        tasks.forEach((_, place) => {
          const now = started[place];
          const running = tasks.filter(({ machine }, other) =>
            machine === name && started[other] <= now && now < ended[other]
          );
          assert.ok(running.length <= cores, `round ${round}: ${running.length} on ${cores} cores`);
        });
      }
    }
    assert.ok(times.end <= makespan * 1000, `round ${round} ends at ${times.end} of ${makespan} s`);
    assert.ok(times.end >= plain.end, `round ${round} ends before the tightest schedule`);
  }
});
