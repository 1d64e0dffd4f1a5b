/** From a trace to changes of a monitoring database. */
import { type CellName, type ChangeKind, CHANGES } from "../parsl/messages.ts";
import type { Change, WrittenCell } from "../store/writer.ts";
import type { Schedule } from "./schedule.ts";
import type { Trace, TraceMachine, TraceTask } from "./trace.ts";
import { appsOf } from "./wf_apps.ts";
import { naiveText } from "../parsl/naive_time.ts";

/** The cells of a change by name, those left out are null. */
type Row<K extends ChangeKind> = Partial<Record<CellName<K>, WrittenCell>>;

/**
 * All changes that make a finished run of a trace, the start first.
 *
 * @param source what the run's directory is said to be
 */
export function* traceChanges(
  trace: Trace,
  times: Schedule,
  runId: string,
  source: string,
): Generator<Change> {
  const began = trace.began.naive;
  const at = (ms: number) => naiveText(began + ms);
  const completed = runLength(trace, times);
  const change = <K extends ChangeKind>(kind: K, row: Row<K>): Change => {
    const values: Record<string, WrittenCell | undefined> = { ...row, run_id: runId };
    return { kind, runId, cells: CHANGES[kind].map(({ name }) => values[name] ?? null) };
  };

  yield change("workflow-start", {
    workflow_name: trace.name,
    workflow_version: [trace.system, trace.systemVersion].filter(Boolean).join(" "),
    time_began: at(0),
    host: trace.machines.length === 1 ? trace.machines[0].name : "",
    user: trace.author ?? "",
    rundir: source,
    tasks_failed_count: 0,
    tasks_completed_count: 0,
  });
  for (const { name, cores, memory, workers } of hosts(trace, times)) {
    const node = {
      hostname: name,
      uid: name,
      block_id: "",
      cpu_count: cores ?? 0,
      total_memory: memory === null ? 0 : Math.round(memory),
      worker_count: workers,
      python_v: "",
    };
    yield change("node", { ...node, active: 1, timestamp: at(0), last_heartbeat: at(0) });
    const left = at(completed);
    yield change("node", { ...node, active: 0, timestamp: left, last_heartbeat: left });
  }

  const apps = appsOf(trace.tasks);
  for (let place = 0; place < trace.tasks.length; place++) {
    const task = trace.tasks[place];
    const launched = at(times.launched[place]);
    const started = at(times.started[place]);
    const ended = at(times.ended[place]);
    const key = { task_id: place, try_id: 0 };
    const status = (name: string, timestamp: string, after: Row<"task"> = {}) =>
      change("task", {
        ...key,
        timestamp,
        task_status_name: name,
        task_depends: task.parents.join(","),
        task_func_name: apps[place],
        task_memoize: "0",
        task_inputs: listText(task.inputs),
        task_outputs: listText(task.outputs),
        task_time_invoked: at(0),
        task_fail_count: 0,
        task_fail_cost: 0,
        task_executor: trace.system,
        task_fail_history: "",
        tasks_failed_count: 0,
        tasks_completed_count: 0,
        ...after,
      });
    yield status("pending", at(0));
    yield status("launched", launched, { task_try_time_launched: launched });
    yield change("worker-start", { ...key, timestamp: started, hostname: times.machines[place] });
    for (const sample of samples(task, started, ended)) {
      yield change("resource", { ...key, ...sample });
    }
    yield change("worker-end", { ...key, timestamp: ended });
    yield status("exec_done", ended, {
      task_try_time_launched: launched,
      task_try_time_returned: ended,
      task_time_returned: ended,
      tasks_completed_count: place + 1,
    });
  }
  yield change("workflow-end", {
    time_completed: at(completed),
    time_began: at(0),
    rundir: source,
    tasks_failed_count: 0,
    tasks_completed_count: trace.tasks.length,
  });
}

/** Milliseconds from the beginning to the end of the run. */
export function runLength(trace: Trace, times: Schedule): number {
  return Math.max(times.end, (trace.makespan ?? 0) * 1000);
}

/** Paths as Python writes a list of texts, which is what Parsl records. */
function listText(paths: readonly string[]): string {
  const quoted = paths.map((path) => `'${path.replace(/[\\']/g, "\\$&").replace(/\n/g, "\\n")}'`);
  return `[${quoted.join(", ")}]`;
}

/** Two samples from which the try's figures come out as the trace has them, or fewer. */
function samples(task: TraceTask, started: string, ended: string): Row<"resource">[] {
  const figures = [task.cpu, task.memory, task.read, task.written];
  if (figures.every((figure) => figure === null)) return [];
  const sample = (timestamp: string, done: 0 | 1): Row<"resource"> => ({
    timestamp,
    psutil_process_time_user: task.cpu === null ? null : done * task.runtime * task.cpu / 100,
    psutil_process_time_system: task.cpu === null ? null : 0,
    psutil_process_memory_resident: task.memory,
    psutil_process_disk_read: task.read === null ? null : done * task.read,
    psutil_process_disk_write: task.written === null ? null : done * task.written,
  });
  const last = sample(ended, 1);
  return started === ended ? [last] : [sample(started, 0), last];
}

interface Host extends TraceMachine {
  /** As many as it has cores, or as tasks ran there at once if that is more. */
  workers: number;
}

/** The machines of the trace and those that only its tasks name. */
function hosts(trace: Trace, times: Schedule): Host[] {
  const machines = new Map<string, TraceMachine>(trace.machines.map((m) => [m.name, m]));
  const events = new Map<string, [time: number, change: number][]>();
  times.machines.forEach((name, place) => {
    if (name === null) return;
    if (!machines.has(name)) machines.set(name, { name, cores: null, memory: null });
    const list = events.get(name) ?? [];
    events.set(name, list);
    list.push([times.started[place], 1], [times.ended[place], -1]);
  });
  return [...machines.values()].map((machine) => {
    const list = (events.get(machine.name) ?? []).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    let [now, most] = [0, 0];
    for (const [, change] of list) most = Math.max(most, now += change);
    return { ...machine, workers: Math.max(machine.cores ?? 0, most) };
  });
}
