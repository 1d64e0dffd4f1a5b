import { type LaneHost, lanesOf } from "./lanes.ts";
import { type Remark, remarksOf } from "../figures/remarks.ts";
import type { Run } from "../run/run.ts";
import { type RunHead, runHead } from "../views/head.ts";

/** The timeline's page: what ran where and when. Times naive ms. */
export interface TimelineView {
  head: RunHead;
  /** What to know about the data, the hosts' clocks among it. */
  remarks: Remark[];
  /** From the run's beginning to its end, or to its newest time. */
  from: number;
  to: number;
  hosts: LaneHost[];
  /** Lanes of all hosts. */
  lanes: number;
  /** The names behind the bars' indexes. */
  apps: string[];
  states: string[];
  /** Tries that ran on workers by app, of the first apps; a number for each colour of the legend. */
  triesOfApp: number[];
  /** Tries that ran on workers. */
  tries: number;
  /** Grows with each change of the run. */
  version: number;
}

/**
 * The timeline's page of a run.
 *
 * @param now the submit host's naive clock, in ms
 * @param grows whether the run goes on, or is still being read
 */
export async function timelineView(run: Run, now: number, grows: boolean): Promise<TimelineView> {
  const { hosts, count } = await lanesOf(run, grows);
  return {
    head: runHead(run, now),
    remarks: remarksOf(run),
    from: run.began,
    to: Math.max(run.end, run.began),
    hosts,
    lanes: count,
    // Copies: what was sent must not change with the run.
    apps: [...run.apps.list],
    states: [...run.states.list],
    triesOfApp: Array.from(run.busyOfApp.slice(1), (busy) => busy?.tries ?? 0),
    tries: run.busy.tries,
    version: run.version,
  };
}
