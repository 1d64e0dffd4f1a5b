import assert from "node:assert/strict";
import { criticalPath } from "../../model/dag/critical_path.ts";
import { Run } from "../../model/run/run.ts";
import { rows, seeded, status, T0, taskRow, tryRow, workflowRow } from "./synthetic.ts";

/** What is known of a task: when it was launched, started and ended, ms after the beginning. */
interface Timed {
  deps: number[];
  launched: number;
  running: number;
  ended: number;
}

function runOf(tasks: Timed[]): Run {
  const run = new Run(workflowRow());
  run.fold(rows({
    tasks: tasks.map(({ deps }, id) => taskRow(id, { depends: deps.join(",") })),
    tries: tasks.map(({ launched, running, ended }, id) =>
      tryRow(id, 0, { launched: T0 + launched, running: T0 + running, returned: T0 + ended })
    ),
  }));
  return run;
}

/** Tasks that begin when their dependencies have ended, or, in bad data, at any time. */
function randomTasks(seed: number): Timed[] {
  const random = seeded(seed);
  const below = (top: number) => Math.floor(random() * top);
  const tasks: Timed[] = [];
  const count = 1 + below(14);
  for (let task = 0; task < count; task++) {
    const deps = [...new Set(Array.from({ length: below(4) }, () => below(task)))]
      .filter((dep) => dep < task);
    const ready = seed % 4 === 0 ? below(60) : Math.max(0, ...deps.map((dep) => tasks[dep].ended));
    const launched = ready + below(6);
    const running = launched + below(6);
    tasks.push({ deps, launched, running, ended: running + below(12) });
  }
  return tasks;
}

/** Every way back from a task to one without dependencies, the task first. */
function waysBack(tasks: Timed[], task: number): number[][] {
  const { deps } = tasks[task];
  if (deps.length === 0) return [[task]];
  return deps.flatMap((dep) => waysBack(tasks, dep).map((way) => [task, ...way]));
}

/** The way whose tasks, from the last one back, ended latest; of equal ends the lower id. */
function latestWay(tasks: Timed[]): number[] {
  const all = tasks.flatMap((_, task) => waysBack(tasks, task));
  const compare = (a: number[], b: number[]) => {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = tasks[b[i]].ended - tasks[a[i]].ended || a[i] - b[i];
      if (order !== 0) return order;
    }
    return b.length - a.length;
  };
  return all.sort(compare)[0].toReversed();
}

Deno.test("critical path: of thousands of workflows the way whose tasks ended latest, ms by ms", () => {
  let longer = 0;
  for (let seed = 0; seed < 4000; seed++) {
    const tasks = randomTasks(seed);
    const way = latestWay(tasks);
    const path = criticalPath(runOf(tasks));
    assert.deepEqual(path.steps.map((step) => step.taskId), way);
    const makespan = Math.max(...tasks.map((task) => task.ended));
    assert.equal(path.makespan, makespan);
    assert.equal(path.waiting + path.queueing + path.running, makespan);
    if (way.length > 2) longer++;
    // Each millisecond belongs to the first task of the way that had not ended by then, all of
    // whose successors count only from then on.
    const spent = way.map(() => ({ waiting: 0, queueing: 0, running: 0 }));
    for (let ms = 0; ms < makespan; ms++) {
      const at = way.findIndex((_, i) => way.slice(i).every((task) => tasks[task].ended > ms));
      const { launched, running } = tasks[way[at]];
      spent[at][ms < launched ? "waiting" : ms < running ? "queueing" : "running"]++;
    }
    assert.deepEqual(
      path.steps.map(({ waiting, queueing, running }) => ({ waiting, queueing, running })),
      spent,
    );
  }
  assert.ok(longer > 1000, `${longer} ways of more than two tasks`);
});

Deno.test("critical path: what has not ended is left out, cycles and unknown tasks end it", () => {
  const run = new Run(workflowRow({ completed: null }));
  assert.deepEqual(criticalPath(run).steps, []);
  run.fold(rows({
    tasks: [
      taskRow(0, { depends: "2" }),
      taskRow(1, { depends: "0,99,1" }),
      taskRow(2, { depends: "1" }),
      taskRow(3, { depends: "2" }),
    ],
    statuses: [
      ...[0, 1, 2].map((id) => status(id, "running", id)),
      ...[0, 1, 2].map((id) => status(id, "exec_done", 10 + id)),
      status(3, "running", 30),
    ],
  }));
  const { steps, makespan } = criticalPath(run);
  assert.deepEqual(steps.map((step) => step.taskId), [0, 1, 2]);
  assert.equal(makespan, 12_000);
});

Deno.test("critical path: of a chain of 2,000 tasks the 500 longest steps are told, totals of all", () => {
  const tasks = Array.from({ length: 2000 }, (_, i): Timed => ({
    deps: i === 0 ? [] : [i - 1],
    launched: i * 10 + 1,
    running: i * 10 + 3,
    ended: i * 10 + 10,
  }));
  const { steps, more, ...totals } = criticalPath(runOf(tasks));
  assert.deepEqual([steps.length, more], [500, 1500]);
  assert.deepEqual(totals, { makespan: 20_000, waiting: 2000, queueing: 4000, running: 14_000 });
});
