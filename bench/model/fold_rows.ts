/** Rows of a workflow of any size, made in memory in slices as the store delivers them. */
import { emptyRows, type RunRows, type WorkflowRow } from "../../model/run/rows.ts";

const BEGAN = Date.UTC(2026, 0, 1, 12);
const APPS = ["fetch", "align", "sort", "index", "call", "merge", "annotate", "filter", "plot"];
const WORKERS = 4000;
const FLAKY = 'Traceback (most recent call last):\n  File "app.py", line 12\nOSError: flaky disk';

/** The workflow's own row; it has ended, or not yet. */
export function workflowRow(ended: boolean): WorkflowRow {
  return {
    runId: "fold",
    name: "fold",
    version: "1",
    began: BEGAN,
    completed: ended ? BEGAN + 40 * 86_400_000 : null,
    host: "login1",
    user: "ada",
    rundir: null,
    tasksFailed: null,
    tasksCompleted: null,
  };
}

/** A number in 0..1 that depends on its arguments only. */
function dice(task: number, salt: number): number {
  let t = Math.imul(task ^ (salt * 0x9e3779b1), 0x85ebca6b);
  t = Math.imul(t ^ (t >>> 13), 0xc2b2ae35);
  return ((t ^ (t >>> 16)) >>> 0) / 4294967296;
}

interface Attempt {
  tryId: number;
  launched: number;
  running: number;
  ended: number;
  failed: boolean;
}

/** The tries of a task: one, or for one in twenty two. Heavy-tailed times on the worker. */
function attemptsOf(task: number): Attempt[] {
  const slot = Math.floor(task / WORKERS) * 60_000 + dice(task, 1) * 60_000;
  const out: Attempt[] = [];
  let launched = BEGAN + 1000 + slot;
  for (let tryId = 0;; tryId++) {
    const running = launched + 5 + dice(task, 2 + tryId) * 3000;
    const ended = running + 200 + 5000 / (0.02 + dice(task, 4 + tryId));
    const failed = tryId === 0 && dice(task, 6) < 0.05;
    out.push({ tryId, launched, running, ended, failed });
    if (!failed) return out;
    launched = ended + 20;
  }
}

type Emit = (rows: RunRows, task: number) => number;

/** What each table holds of a task; returns the number of rows. */
const TABLES: Emit[] = [
  (rows, task) => {
    const depends = [7, 60, 4000].filter((back, i) => task >= back && dice(task, 10 + i) < 0.5)
      .map((back) => task - back);
    const tries = attemptsOf(task);
    rows.tasks.push({
      taskId: task,
      app: APPS[Math.floor(dice(task, 20) ** 2 * APPS.length)],
      depends: depends.join(","),
      invoked: tries[0].launched - 500,
      returned: tries[tries.length - 1].ended + 10,
      failCost: 0,
      memoize: false,
    });
    return 1;
  },
  (rows, task) => {
    const tries = attemptsOf(task);
    for (const { tryId, launched, running, ended, failed } of tries) {
      rows.tries.push({
        taskId: task,
        tryId,
        blockId: "0",
        hostname: `node${Math.floor(dice(task, 30 + tryId) * 400)}`,
        executor: "htex",
        launched,
        running,
        returned: ended + 5,
        failHistory: failed ? FLAKY : "",
        joins: null,
      });
    }
    return tries.length;
  },
  (rows, task) => {
    let count = 0;
    for (const { tryId, launched, running, ended, failed } of attemptsOf(task)) {
      const last = failed ? "fail_retryable" : dice(task, 7) < 0.01 ? "failed" : "exec_done";
      const steps: [string, number][] = [
        ["pending", launched - 400],
        ["launched", launched],
        ["running", running],
        ["running_ended", ended],
        [last, ended + 5],
      ];
      for (const [state, time] of steps) {
        rows.statuses.push({ taskId: task, tryId, state, time });
        count++;
      }
    }
    return count;
  },
  (rows, task) => {
    let count = 0;
    for (const { tryId, running, ended } of attemptsOf(task)) {
      for (let i = 0; i < 2; i++) {
        const part = i * 0.8;
        rows.resources.push({
          taskId: task,
          tryId,
          time: running + (ended - running) * part,
          cpuUser: 3 + (ended - running) * part / 1100,
          cpuSystem: 0.1 * i,
          resident: Math.floor(5e7 + dice(task, 40 + i) * 4e9),
        });
        count++;
      }
    }
    return count;
  },
];

/** All rows of the tasks from..to, table by table, at most about `size` rows a slice. */
export function* slices(from: number, to: number, size = 20_000): Generator<[RunRows, number]> {
  for (const emit of TABLES) {
    let rows: RunRows = emptyRows();
    let count = 0;
    for (let task = from; task < to; task++) {
      count += emit(rows, task);
      if (count < size) continue;
      yield [rows, count];
      rows = emptyRows();
      count = 0;
    }
    if (count > 0) yield [rows, count];
  }
}
