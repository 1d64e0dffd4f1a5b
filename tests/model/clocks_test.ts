// Workers' clocks against the submit host's: what is estimated, what is shifted, what is unknown.
import assert from "node:assert/strict";
import { clockEstimate } from "../../model/run/host_clocks.ts";
import { remarksOf } from "../../model/figures/remarks.ts";
import { emptyRows, type RunRows } from "../../model/run/rows.ts";
import { Run } from "../../model/run/run.ts";
import { cpuSeries, stateSeries, workerSeries } from "../../model/figures/series.ts";
import { queueTime, runTime } from "../../model/figures/try_times.ts";
import {
  memorySeries,
  sample,
  seeded,
  shuffled,
  status,
  T0,
  taskRow,
  tryRow,
  workflowRow,
} from "./synthetic.ts";

const HOUR = 3_600_000;

interface TrueTry {
  host: string;
  /** What really happened, ms after the beginning, by one clock. */
  launched: number;
  running: number;
  ended: number;
  returned: number;
}

/** Rows as Parsl would record them if the hosts' clocks were ahead by so many ms. */
function recorded(tries: TrueTry[], aheadOf: (host: string, at: number) => number): RunRows {
  const out = emptyRows();
  tries.forEach(({ host, launched, running, ended, returned }, id) => {
    const started = running + aheadOf(host, running);
    const finished = ended + aheadOf(host, ended);
    out.tasks.push(taskRow(id, { invoked: T0 + launched - 1, returned: T0 + returned + 1 }));
    out.tries.push(tryRow(id, 0, {
      hostname: host,
      launched: T0 + launched,
      running: T0 + started,
      returned: T0 + returned,
    }));
    out.statuses.push(
      status(id, "pending", (launched - 1) / 1000),
      status(id, "launched", (launched + 1) / 1000),
      status(id, "running", started / 1000),
      status(id, "running_ended", finished / 1000),
      status(id, "exec_done", (returned + 1) / 1000),
    );
    out.resources.push({ ...sample(id, started / 1000, 1, 1e6), time: T0 + started });
    out.resources.push({ ...sample(id, finished / 1000, 2, 3e6), time: T0 + finished });
  });
  return out;
}

function randomTries(random: () => number, host: string, count: number): TrueTry[] {
  return Array.from({ length: count }, () => {
    const launched = Math.floor(random() * HOUR * 1000) / 1000;
    const latency = () => 5 + Math.floor(random() ** 3 * 2_995_000) / 1000;
    const running = launched + latency();
    const ended = running + Math.floor(random() * 60_000_000) / 1000;
    return { host, launched, running, ended, returned: ended + latency() };
  });
}

/** The run of some rows, dealt out to slices as a live run's would be. */
function folded(rows: RunRows, slices = 1, random?: () => number): Run {
  const run = new Run(workflowRow({ completed: T0 + 2 * HOUR }));
  const mixed = <T>(list: T[]) => random ? shuffled(list, random) : list;
  const [tasks, tries] = [mixed(rows.tasks), mixed(rows.tries)];
  const [statuses, resources] = [mixed(rows.statuses), mixed(rows.resources)];
  for (let slice = 0; slice < slices; slice++) {
    const some = <T>(list: T[]) => list.filter((_, i) => i % slices === slice);
    run.fold({
      ...emptyRows(),
      tasks: some(tasks),
      tries: some(tries),
      statuses: some(statuses),
      resources: some(resources),
    });
  }
  run.settle();
  return run;
}

Deno.test("clocks: the estimate holds the truth, and run times are exact, on any hosts", () => {
  const random = seeded(2026);
  let hosts = 0;
  let wrong = 0;
  for (let round = 0; round < 40; round++) {
    const ahead = new Map<string, number>();
    const tries: TrueTry[] = [];
    for (let at = 0; at < 10; at++) {
      const zone = (Math.floor(random() * 25) - 12) * HOUR / 2;
      const skew = (random() < 0.5 ? -1 : 1) * (200 + random() * 19_800);
      const host = `n${round}-${at}`;
      ahead.set(host, [zone, skew, zone + skew, 0][at % 4]);
      tries.push(...randomTries(random, host, [5, 20, 100, 500][Math.floor(random() * 4)]));
    }
    const run = folded(recorded(tries, (host) => ahead.get(host)!));
    for (const [host, truth] of ahead) {
      hosts++;
      const index = run.names.find(host)!;
      const { shift, within } = run.tries.clocks.estimateOf(index);
      if (!(Math.abs(truth - shift) <= within + 1)) wrong++;
    }
    for (let attempt = 0; attempt < run.tryTask.length; attempt++) {
      const { running, ended } = tries[run.taskId.data[run.tryTask.data[attempt]]];
      assert.ok(Math.abs(runTime(run, attempt)! - (ended - running)) < 0.001, "to the microsecond");
      assert.ok(queueTime(run, attempt)! >= 0);
    }
  }
  assert.equal(wrong, 0, `${wrong} of ${hosts} hosts`);
});

Deno.test("clocks: a zone of the workers' own changes no figure", () => {
  const tries = [...randomTries(seeded(5), "a", 60), ...randomTries(seeded(6), "b", 60)];
  const plain = folded(recorded(tries, () => 0));
  for (const zone of [-6 * HOUR, 5.5 * HOUR, HOUR / 4]) {
    const run = folded(recorded(tries, (host) => host === "a" ? zone : 0));
    for (const series of [stateSeries, workerSeries, cpuSeries, memorySeries]) {
      assert.deepEqual(series(run), series(plain), `${series.name} ${zone}`);
    }
    for (let attempt = 0; attempt < run.tryTask.length; attempt++) {
      assert.equal(queueTime(run, attempt), queueTime(plain, attempt));
      assert.equal(runTime(run, attempt), runTime(plain, attempt));
    }
    assert.equal(run.lastTime, plain.lastTime);
    assert.deepEqual(remarksOf(plain), []);
    const [remark, ...others] = remarksOf(run);
    assert.deepEqual(others, []);
    assert.ok(remark.kind === "clock" && remark.least === zone && remark.hosts[0] === "a");
  }
});

Deno.test("clocks: the order in which rows come, and in how many slices, changes nothing", () => {
  const random = seeded(9);
  const tries = [...randomTries(seeded(1), "a", 30), ...randomTries(seeded(2), "b", 30)];
  const ahead = (host: string) => host === "a" ? 7 * HOUR + 3210 : -8000;
  const rows = recorded(tries, ahead);
  const whole = folded(rows);
  for (let round = 0; round < 8; round++) {
    const run = folded(rows, 1 + round, random);
    const byId = (run: Run) =>
      [...run.tasksById()].map((task) => {
        const attempt = run.taskLastTry.data[task];
        return [run.tryRunning.data[attempt], run.tryEnded.data[attempt]];
      });
    assert.deepEqual(byId(run), byId(whole));
    for (const series of [stateSeries, workerSeries, memorySeries]) {
      const edges = series(whole).edges;
      assert.deepEqual(series(run, edges), series(whole, edges), `${series.name} ${round}`);
    }
    assert.deepEqual(remarksOf(run), remarksOf(whole));
  }
});

Deno.test("clocks: a host that is learned of later takes its tries along", () => {
  const tries = randomTries(seeded(3), "a", 20);
  const rows = recorded(tries, () => 3 * HOUR);
  const run = new Run(workflowRow({ completed: T0 + 2 * HOUR }));
  run.fold({ ...rows, tries: rows.tries.map((row) => ({ ...row, hostname: null })) });
  run.fold({ ...emptyRows(), tries: rows.tries });
  run.settle();
  const whole = folded(rows);
  assert.deepEqual(memorySeries(run), memorySeries(whole));
  assert.deepEqual(workerSeries(run), workerSeries(whole));
  assert.deepEqual(remarksOf(run), remarksOf(whole));
});

Deno.test("clocks: one that was set during the run makes waits unknown, not run times", () => {
  const tries = randomTries(seeded(4), "a", 80);
  // Daylight saving of the submit host: after half an hour the host in UTC is an hour less ahead.
  const run = folded(recorded(tries, (_, at) => at < HOUR / 2 ? 6 * HOUR : 5 * HOUR));
  assert.deepEqual(remarksOf(run).map(({ kind }) => kind), ["torn-clock"]);
  tries.forEach(({ launched, running, ended, returned }, id) => {
    const attempt = run.taskLastTry.data[run.indexOf(id)!];
    assert.equal(queueTime(run, attempt), null);
    if ((running < HOUR / 2) !== (ended < HOUR / 2)) return;
    assert.ok(Math.abs(runTime(run, attempt)! - (ended - running)) < 0.001);
    assert.ok(run.tryRunning.data[attempt] >= T0 + launched - 1);
    assert.ok(run.tryEnded.data[attempt] <= T0 + returned + 2);
  });
});

Deno.test("clocks: a try that was given up while its worker went on says nothing of clocks", () => {
  const rows = recorded(randomTries(seeded(8), "a", 10), () => 0);
  rows.tries[3].failHistory = "ManagerLost()";
  rows.tries[3].returned = rows.tries[3].running! + 10;
  rows.statuses = rows.statuses.filter((s) => s.taskId !== 3 || s.state !== "exec_done");
  rows.statuses.push({ taskId: 3, tryId: 0, state: "failed", time: rows.tries[3].returned });
  const run = folded(rows);
  assert.deepEqual(remarksOf(run), []);
});

Deno.test("clocks: no more is claimed than the tries tell", () => {
  const cases: [number, number, number, number, number][] = [
    // lower, upper → shift, within, contradiction
    [-Infinity, Infinity, 0, Infinity, 0],
    [-10, 20, 0, 20, 0],
    [7600, 8400, 8000, 400, 0],
    [-8400, -7600, -8000, 400, 0],
    // A zone explains it, and nothing else as well.
    [5 * HOUR - 300, 5 * HOUR + 1000, 5 * HOUR, 1000, 0],
    // Only begun: at least so far behind; ahead may be waiting.
    [-Infinity, -8000, -8000, Infinity, 0],
    [-Infinity, -6 * HOUR + 300, -6 * HOUR, Infinity, 0],
    [-Infinity, 6 * HOUR, 0, Infinity, 0],
    [8000, Infinity, 8000, Infinity, 0],
    // A drift, and a clock that was set.
    [300, 200, 250, 50, 0],
    [HOUR, 0, 0, HOUR, HOUR],
  ];
  for (const [lower, upper, shift, within, contradiction] of cases) {
    assert.deepEqual(clockEstimate(lower, upper), { shift, within, contradiction });
  }
});
