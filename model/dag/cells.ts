import type { DagColour } from "./view.ts";
import { appByte, durationBucket, hostByte, NO_BUCKET, triesByte } from "./buckets.ts";
import { ALL_TASKS } from "./nodes.ts";
import { tasksOfNode } from "./open.ts";
import { dagHosts, runDag } from "./run.ts";
import type { Run } from "../run/run.ts";
import { runMs } from "../figures/try_times.ts";

/**
 * One byte for each task of a node, or of all nodes, in the order of task ids: its place in what the colours mean.
 * By state and app the index into the view's list (apps modulo 256), by duration a bucket, by host
 * the index into the view's hosts, by tries their number up to 9. Null when there is no such node.
 */
export function cellBytes(run: Run, id: string, colour: DagColour): Uint8Array<ArrayBuffer> | null {
  const tasks = id === ALL_TASKS ? drawnTasks(run) : tasksOfNode(run, id);
  if (!tasks) return null;
  const bytes = new Uint8Array(tasks.length);
  const byteOf = COLOURS[colour](run);
  for (let i = 0; i < tasks.length; i++) bytes[i] = byteOf(tasks[i]);
  return bytes;
}

function drawnTasks(run: Run): ArrayLike<number> {
  const { count } = runDag(run).links;
  return run.inOrder
    ? Int32Array.from({ length: count }, (_, task) => task)
    : run.tasksById().filter((task) => task < count);
}

const COLOURS: Record<DagColour, (run: Run) => (task: number) => number> = {
  apps(run) {
    const { data } = run.taskApp;
    const unknown = run.apps.list.length;
    return (task) => appByte(data[task] < 0 ? unknown : data[task]);
  },
  states(run) {
    const { data } = run.taskState;
    const unknown = run.states.list.length;
    return (task) => data[task] < 0 ? unknown : data[task];
  },
  duration(run) {
    const newest = run.taskLastTry.data;
    return (task) => {
      const attempt = newest[task];
      return attempt < 0 ? NO_BUCKET : durationBucket(runMs(run, attempt));
    };
  },
  host(run) {
    const newest = run.taskLastTry.data;
    const host = run.tryHost.data;
    const hosts = dagHosts(run);
    const byName = Uint8Array.from(run.names.list, (name) => hostByte(hosts.indexOf(name)));
    return (task) => {
      const attempt = newest[task];
      return attempt < 0 || host[attempt] < 0 ? NO_BUCKET : byName[host[attempt]];
    };
  },
  tries(run) {
    const { data } = run.taskTries;
    return (task) => triesByte(data[task]);
  },
};
