// A run of workers that tell of themselves: two hosts of four workers each, tasks that return, raise
// and lose their worker, and how the hosts were meanwhile.

import { openWriter } from "../../store/open_writer.ts";
import type { Change } from "../../store/writer.ts";
import * as own from "./own_messages.ts";

export const HOSTS = ["c1.cluster.example", "c2.cluster.example"];
export const WORKERS = 4;
const TASKS = 40;
/** Seconds from one start of a worker to its next. */
const STEP = 12;

export const TRACEBACK = `Traceback (most recent call last):
  File "/home/ada/climate/model.py", line 41, in read
    return parse(open(path).read())
  File "/home/ada/climate/model.py", line 17, in parse
    raise ValueError(f"no column {name!r} in {path}")
ValueError: no column 'tas' in /scratch/ada/run-7/in.csv

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/home/ada/climate/steps.py", line 112, in crunch
    rows = model.read(path)
RuntimeError: step crunch failed on c1.cluster.example
`;

/** The messages of task `id`: what it asked for, and how its tries went. */
function messagesOf(id: number): own.Told[] {
  const host = HOSTS[id % 2];
  const rank = Math.floor(id / 2) % WORKERS;
  const start = 1 + Math.floor(id / (2 * WORKERS)) * STEP + rank * 0.25;
  const end = start + 6 + (id % 5);
  const worker = own.worker(host, rank, 4000 + 10 * (id % 2) + rank);
  const of = { task_id: id, hostname: host };
  const asked = { requested: { cores: 2, memory: 512, disk: 1024 }, walltime_s: 60 };
  const peak = (48 + 8 * (id % 7)) * 2 ** 20;
  const totals = {
    ...own.TOTALS,
    wall_s: end - start,
    cpu_user_s: (end - start) * 0.9,
    memory_peak_bytes: peak,
    written_bytes: 1_000_000 * (1 + id % 3),
  };
  const sample = { ...own.psutil(end - start, peak * 0.8), hostname: host };
  const failed = id % 10 === 3;
  const killed = id === 8;
  const launched = own.task("launched", start - 0.5, { task_id: id }, asked);
  const begin = own.began(start, of, { worker });
  const middle: own.Told = ["RESOURCE_INFO", {
    ...{ run_id: own.RUN, task_id: id, try_id: 0, timestamp: own.at(start + 2), hostname: host },
    ...own.psutil(1, peak * 0.7),
  }];
  const over = own.ended(end, of, {
    ...{ worker, sample, totals },
    ended: killed ? "killed" : failed ? "raised" : "returned",
    samples_late: id % 4 === 0 ? 2 : 0,
    ...failed ? { traceback: { text: TRACEBACK, cut: id === 13 ? 1234 : 0 } } : {},
  });
  const state = own.task(failed || killed ? "failed" : "exec_done", end + 0.1, {
    ...{ task_id: id, task_time_returned: own.at(end + 0.1) },
    task_try_time_launched: own.at(start - 0.5),
    task_try_time_returned: own.at(end + 0.1),
    ...failed
      ? { task_fail_history: "RuntimeError('step crunch failed on c1.cluster.example')" }
      : {},
    ...killed ? { task_fail_history: "WorkerLost('worker lost')" } : {},
  });
  return [launched, begin, middle, over, state];
}

/** All messages of the run, which took 70 s. */
export function ownMessages(): own.Told[] {
  const nodes = Array.from({ length: 8 }, (_, n) =>
    HOSTS.map((host, h) => {
      const busy = { cpu_busy: 0.35 + 0.07 * ((n + h) % 5), load_1m: 3 + (n + h) % 4 };
      const memory = { memory_available_bytes: (10 - (n % 4) - h) * 2 ** 30 };
      const gpus = h === 0 ? [own.gpu(0, { utilization: n / 8 }), own.gpu(1)] : undefined;
      return own.node(10 * n, host, { ...busy, ...memory }, gpus);
    })).flat();
  const tasks = Array.from({ length: TASKS }, (_, id) => messagesOf(id)).flat();
  const end: own.Told = ["WORKFLOW_INFO", {
    ...{ run_id: own.RUN, time_began: own.at(0), time_completed: own.at(72) },
    ...{ tasks_failed_count: 5, tasks_completed_count: 35, rundir: "/home/ada/runinfo/000" },
  }];
  return [own.workflow(), ...tasks, ...nodes, end];
}

/** Writes the run to a database as a hub does. */
export async function writeOwnRun(path: string): Promise<void> {
  const writer = await openWriter(path);
  const changes: Change[] = ownMessages().flatMap(own.changes);
  const rejected = await writer.write(changes);
  if (rejected.length > 0) throw new Error(rejected[0].reason);
  await writer.close();
}
