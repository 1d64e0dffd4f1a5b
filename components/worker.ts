import type { WorkerName } from "../model/run/own_rows.ts";

/** Characters of a manager's name that tell it apart from others. */
const MANAGER = 12;

/** A worker in words: `worker 3 of manager 0f3a…, process 4711`. */
export function workerText({ rank, manager, pid }: WorkerName): string {
  const short = manager && manager.length > MANAGER ? `${manager.slice(0, MANAGER)}…` : manager;
  return [
    rank === null ? null : `worker ${rank}`,
    short === null ? null : `${rank === null ? "" : "of "}manager ${short}`,
    pid === null ? null : `process ${pid}`,
  ].filter((part) => part !== null).join(" ").replace(" process", ", process");
}
