// What determined how long a run with joins took.

import assert from "node:assert/strict";
import { criticalPath } from "../../model/dag/critical_path.ts";
import { Run } from "../../model/run/run.ts";
import { joinsOf, recordedJoins } from "./join_rows.ts";
import { rows, runsOf, seeded, status, T0, taskRow, tryRow, workflowRow } from "./synthetic.ts";
import { climate } from "../support/fixtures.ts";

/** A task as whoever ran it knows it; times are ms after the beginning. */
interface Ran {
  id: number;
  made: number;
  /** The join whose body made it. */
  maker: number;
  deps: number[];
  start: number;
  body: number;
  end: number;
  joins: number[];
}

/**
 * A run in which nothing is ever late: a task starts as soon as it was made and all that it depends
 * on has ended, a join ends with its body and the last of the tasks that its body made.
 */
function play(seed: number): Ran[] {
  const random = seeded(seed);
  const below = (top: number) => Math.floor(random() * top);
  const tasks: Ran[] = [];
  const over: Ran[] = [];
  const make = (made: number, maker: number, depth: number): Ran => {
    const before = over.filter((other) => other.made <= made);
    const deps = before.length === 0 ? [] : Array.from(
      { length: below(3) },
      () => before[below(before.length)].id,
    );
    const start = Math.max(made, ...deps.map((dep) => tasks[dep].end));
    const body = start + 1000 + below(1e6);
    const task = { id: tasks.length, made, maker, deps, start, body, end: body, joins: [] } as Ran;
    tasks.push(task);
    if (depth > 0 && random() < 0.4) {
      const moments = Array.from(
        { length: 1 + below(4) },
        () => start + 1 + below(body - start - 1),
      );
      for (const moment of moments.sort((a, b) => a - b)) {
        const child = make(moment, task.id, depth - 1);
        task.joins.push(child.id);
        task.end = Math.max(task.end, child.end);
      }
    }
    over.push(task);
    return task;
  };
  const roots = 1 + below(6);
  for (let i = 0; i < roots; i++) make(0, -1, 3);
  return tasks;
}

function runOf(tasks: Ran[]): Run {
  const run = new Run(workflowRow({ completed: T0 + Math.max(...tasks.map(({ end }) => end)) }));
  run.fold(rows({
    tasks: tasks.map(({ id, made, deps, end }) =>
      taskRow(id, { depends: deps.join(","), invoked: T0 + made, returned: T0 + end })
    ),
    tries: tasks.map(({ id, start, body, joins }) =>
      tryRow(id, 0, {
        launched: T0 + start,
        running: T0 + start,
        returned: T0 + body,
        joins: joins.length > 0 ? joins.join(",") : null,
      })
    ),
  }));
  return run;
}

/** From the last moment to the first, at each what it took place for: "id part from to" lines. */
function causes(tasks: Ran[]): string[] {
  const lines: string[] = [];
  let { id } = tasks.reduce((last, task) => task.end > last.end ? task : last);
  let moment = tasks[id].end;
  while (id >= 0) {
    const { start, body, deps, joins, made, maker } = tasks[id];
    if (moment > body) {
      const child = joins.toSorted((a, b) => a - b).find((other) => tasks[other].end === moment)!;
      lines.push(`${id} joined 0`);
      id = child;
      continue;
    }
    const part = joins.length > 0 && moment < tasks[id].end ? "body" : "task";
    lines.push(`${id} ${part} ${moment - start}`);
    moment = start;
    // Of two that ended at once the one of the lower id: a join, or the last of what it joins.
    id = deps.toSorted((a, b) => a - b).find((dep) => tasks[dep].end === start && start > made) ??
      maker;
  }
  return lines.toReversed();
}

Deno.test("critical path: of thousands of runs with joins it is what each moment was spent on", () => {
  let parts = 0;
  let nested = 0;
  for (let seed = 0; seed < 4000; seed++) {
    const tasks = play(seed);
    const { steps, makespan, running, waiting, queueing } = criticalPath(runOf(tasks));
    assert.deepEqual(
      steps.map(({ taskId, part, running }) => `${taskId} ${part} ${running}`),
      causes(tasks),
      `seed ${seed}`,
    );
    assert.equal(makespan, Math.max(...tasks.map(({ end }) => end)));
    assert.deepEqual([running, waiting, queueing], [makespan, 0, 0]);
    const joined = steps.filter(({ part }) => part === "joined").length;
    parts += steps.filter(({ part }) => part === "body").length;
    if (joined > 1) nested++;
  }
  assert.ok(parts > 500 && nested > 200, `${parts} bodies, ${nested} with several joins`);
});

Deno.test("critical path: what a join takes after its tasks is waiting", () => {
  const tasks = [
    { id: 0, made: 0, maker: -1, deps: [], start: 0, body: 100, end: 100, joins: [] },
    { id: 1, made: 0, maker: -1, deps: [0], start: 100, body: 130, end: 470, joins: [2, 3] },
    { id: 2, made: 120, maker: 1, deps: [], start: 140, body: 200, end: 200, joins: [] },
    { id: 3, made: 125, maker: 1, deps: [], start: 145, body: 450, end: 450, joins: [] },
  ];
  const { steps, makespan } = criticalPath(runOf(tasks));
  assert.deepEqual(
    steps.map(({ taskId, part, waiting, running }) => [taskId, part, waiting, running]),
    [[0, "task", 0, 100], [1, "body", 0, 25], [3, "task", 20, 305], [1, "joined", 20, 0]],
  );
  assert.equal(makespan, 470);
});

Deno.test("critical path: a join that still waits has not ended, and of old tries nothing is told", () => {
  const run = new Run(workflowRow({ completed: null }));
  run.fold(rows({
    tasks: [taskRow(0), taskRow(1), taskRow(2, { invoked: T0 + 4000 })],
    tries: [
      tryRow(0, 0, { launched: T0, running: T0, returned: T0 + 9000, joins: "1" }),
      tryRow(1, 0, { launched: T0 + 2000, running: T0 + 2000 }),
    ],
    statuses: [status(0, "joining", 9), status(1, "running", 2)],
  }));
  assert.deepEqual(criticalPath(run).steps, []);
  run.fold(rows({
    tasks: [taskRow(0, { returned: T0 + 40_000 }), taskRow(1, { returned: T0 + 12_000 })],
    tries: [
      tryRow(1, 0, { returned: T0 + 12_000 }),
      tryRow(0, 1, { launched: T0 + 13_000, running: T0 + 14_000, returned: T0 + 40_000 }),
    ],
    statuses: [
      status(0, "fail_retryable", 12),
      status(1, "failed", 12),
      status(0, "exec_done", 40, 1),
    ],
  }));
  const [step, ...others] = criticalPath(run).steps;
  assert.deepEqual(others, []);
  assert.deepEqual(
    [step.taskId, step.part, step.waiting, step.queueing, step.running],
    [0, "task", 13_000, 1000, 26_000],
  );
});

Deno.test("critical path: whatever joins what, no step comes twice and all fill the makespan", () => {
  for (let seed = 0; seed < 2000; seed++) {
    const random = seeded(seed);
    const below = (top: number) => Math.floor(random() * top);
    const count = 1 + below(12);
    const some = () => Array.from({ length: below(4) }, () => below(count + 2)).join(",");
    const run = new Run(workflowRow());
    run.fold(rows({
      tasks: Array.from({ length: count }, (_, id) =>
        taskRow(id, {
          depends: some(),
          invoked: random() < 0.2 ? null : T0 + below(500),
          returned: random() < 0.3 ? null : T0 + below(1000),
        })),
      tries: Array.from({ length: count }, (_, id) =>
        tryRow(id, 0, {
          launched: random() < 0.2 ? null : T0 + below(500),
          running: T0 + below(700),
          returned: random() < 0.2 ? null : T0 + below(900),
          joins: random() < 0.5 ? some() : null,
        })),
    }));
    const { steps, makespan, waiting, queueing, running } = criticalPath(run);
    const names = steps.map(({ taskId, part }) => `${taskId} ${part}`);
    assert.equal(new Set(names).size, names.length);
    assert.equal(waiting + queueing + running, makespan);
    for (const step of steps) {
      assert.ok(Math.min(step.waiting, step.queueing, step.running) >= 0, `seed ${seed}`);
    }
  }
});

Deno.test("recordings: the critical path goes into joins, and fills the makespan", async () => {
  const database = await climate();
  let bodies = 0;
  try {
    for (const run of await runsOf(database.path)) {
      const joins = recordedJoins(database.path, run.runId);
      assert.deepEqual(joinsOf(run), joins);
      const { steps, makespan, waiting, queueing, running } = criticalPath(run);
      assert.ok(Math.abs(waiting + queueing + running - (makespan ?? NaN)) < 0.01);
      for (const { taskId, part } of steps) {
        if (part !== "task") assert.ok(joins.has(taskId), `${taskId} is no join`);
        if (part === "body") bodies++;
      }
    }
  } finally {
    await database.remove();
  }
  assert.ok(bodies > 0, "no join is on a path");
});
