// Messages as our client's workers send them, in JSON, and what a run of such is made of.

import { decodeMessage, readMessages } from "../../hub/decode/message.ts";
import { MalformedMessage } from "../../hub/decode/value.ts";
import { changesOf } from "../../hub/decode/unfold.ts";
import type { Change } from "../../store/writer.ts";

export type Payload = Record<string, unknown>;
/** A message by its type. */
export type Told = [type: string, payload: Payload];

export const RUN = "11111111-2222-3333-4444-555555555555";
export const KINDS = [
  "TASK_INFO",
  "RESOURCE_INFO",
  "WORKFLOW_INFO",
  "NODE_INFO",
  "BLOCK_INFO",
  "WORKER_TASK_INFO",
];

/** A time of the run: seconds after it began. */
export function at(seconds: number): string {
  const ms = Date.UTC(2026, 10, 30, 12) + seconds * 1000;
  return new Date(ms).toISOString().replace("Z", "000");
}

/** The worker with some rank of some host. */
export function worker(host = "c1", rank = 0, pid = 4000 + rank): Payload {
  return { pid, rank: String(rank), manager: `pool-${host}`, block: "0", host };
}

const OF_TRY = { run_id: RUN, task_id: 0, try_id: 0, hostname: "c1", block_id: "0" };

/** Message 1: a try began. */
export function began(seconds: number, given: Payload = {}, own: Payload = {}): Told {
  const edge = { first_msg: true, last_msg: false, timestamp: at(seconds) };
  const parsloscope = { worker: worker(), ...own };
  return ["WORKER_TASK_INFO", { ...OF_TRY, ...edge, ...given, parsloscope }];
}

/** What a try used, of 1.5 s of CPU time and 64 MiB, without processes of its own. */
export const TOTALS = {
  wall_s: 2.25,
  cpu_user_s: 1.25,
  cpu_system_s: 0.25,
  children_cpu_user_s: 0,
  children_cpu_system_s: 0,
  read_bytes: 1_000_000,
  written_bytes: 2_000_000,
  disk_read_bytes: 0,
  disk_written_bytes: 2_097_152,
  switches_voluntary: 12,
  switches_involuntary: 3,
  memory_start_bytes: 40 * 2 ** 20,
  memory_peak_bytes: 64 * 2 ** 20,
  children_memory_peak_bytes: null,
};

/** Message 3: a try ended, with all that came with it. */
export function ended(seconds: number, given: Payload = {}, own: Payload = {}): Told {
  const edge = { first_msg: false, last_msg: true, timestamp: at(seconds) };
  const parsloscope = {
    worker: worker(),
    ended: "returned",
    totals: TOTALS,
    memory_peak: "exact",
    scope: "process",
    samples_late: 0,
    ...own,
  };
  return ["WORKER_TASK_INFO", { ...OF_TRY, ...edge, ...given, parsloscope }];
}

/** Parsl's own figures of a try's process, as its last sample has them. */
export function psutil(seconds: number, resident: number): Payload {
  return {
    psutil_process_pid: 4000,
    psutil_process_time_user: seconds,
    psutil_process_time_system: 0.1,
    psutil_process_memory_resident: resident,
    psutil_process_memory_virtual: 2 * resident,
    psutil_process_memory_percent: 1,
    psutil_process_children_count: 0,
    psutil_process_status: "running",
    psutil_cpu_num: "1",
    psutil_cpu_count: 4,
    resource_monitoring_interval: 10,
  };
}

/** Message 5: a task's state, and what it asked for. */
export function task(state: string, seconds: number, given: Payload = {}, own?: Payload): Told {
  return ["TASK_INFO", {
    run_id: RUN,
    task_id: 0,
    try_id: 0,
    timestamp: at(seconds),
    task_status_name: state,
    task_func_name: "crunch",
    task_memoize: false,
    task_fail_count: 0,
    task_fail_cost: 0,
    task_executor: "htex",
    task_depends: "",
    task_time_invoked: at(0),
    task_try_time_launched: at(0),
    tasks_failed_count: 0,
    tasks_completed_count: 0,
    ...given,
    ...own ? { parsloscope: own } : {},
  }];
}

/** Message 6: how a host is. */
export function node(seconds: number, host = "c1", given: Payload = {}, gpus?: Payload[]): Told {
  const figures = {
    cpu_count: 8,
    cpu_busy: 0.5,
    load_1m: 4.25,
    memory_total_bytes: 16 * 2 ** 30,
    memory_available_bytes: 10 * 2 ** 30,
    swap_total_bytes: 2 ** 30,
    swap_used_bytes: 0,
    disk_total_bytes: 2 ** 40,
    disk_free_bytes: 2 ** 39,
    interval_s: 10,
    ...given,
  };
  const parsloscope = { node: figures, ...gpus ? { gpus } : {} };
  return ["RESOURCE_INFO", { run_id: RUN, hostname: host, timestamp: at(seconds), parsloscope }];
}

/** A GPU of a message 6. */
export function gpu(index: number, given: Payload = {}): Payload {
  const memory = { memory_total_bytes: 40 * 2 ** 30, memory_used_bytes: 10 * 2 ** 30 };
  return { index, name: "A100-SXM4-40GB", utilization: 0.75, ...memory, power_w: 250, ...given };
}

/** Form 4: several messages in one. */
export function bundle(messages: readonly Told[]): Told {
  const carried = messages.map(([type, payload]) => [KINDS.indexOf(type), payload]);
  return ["WORKER_TASK_INFO", { run_id: RUN, parsloscope: { messages: carried } }];
}

/** The start of the run, and its end. */
export function workflow(): Told {
  return ["WORKFLOW_INFO", {
    run_id: RUN,
    python_version: "3.14",
    parsl_version: "2026.10.26",
    workflow_name: "exact",
    workflow_version: "1",
    rundir: "/home/ada/runinfo/000",
    time_began: at(0),
    host: "login",
    user: "ada",
    tasks_failed_count: 0,
    tasks_completed_count: 0,
  }];
}

export function body([type, payload]: Told): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ type, payload }));
}

/** What a message asks the database for. Throws where some of it is malformed. */
export function changes(message: Told): Change[] {
  const bytes = body(message);
  const asked = changesOf(readMessages(decodeMessage(bytes)), bytes.length);
  return Array.from(asked, ({ change }) => change);
}

/** The same, and what was wrong with it; null when nothing was. */
export function attempt(message: Told): { changes: Change[]; wrong: string | null } {
  const bytes = body(message);
  const found: Change[] = [];
  try {
    for (const { change } of changesOf(readMessages(decodeMessage(bytes)), bytes.length)) {
      found.push(change);
    }
    return { changes: found, wrong: null };
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    return { changes: found, wrong: error.message };
  }
}
