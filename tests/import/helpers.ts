// Traces that tests make up.

import type { Trace, TraceTask } from "../../import/trace.ts";
import { ROOT } from "../support/server.ts";

export const TRACE_PATH = `${ROOT}tests/fixtures/trace.json`;

/** The fixture with each text replaced, which has to be in it. */
export async function traceText(...edits: [from: string, to: string][]): Promise<string> {
  let text = await Deno.readTextFile(TRACE_PATH);
  for (const [from, to] of edits) {
    if (!text.includes(from)) throw new Error(`the fixture has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** A task that tells nothing but what is given. */
export function task(given: Partial<TraceTask>): TraceTask {
  return {
    id: "t",
    name: "t",
    category: null,
    program: null,
    parents: [],
    inputs: [],
    outputs: [],
    runtime: 1,
    started: null,
    cores: null,
    cpu: null,
    read: null,
    written: null,
    memory: null,
    machine: null,
    ...given,
  };
}

/** A trace of some tasks. */
export function traceOf(tasks: TraceTask[], given: Partial<Trace> = {}): Trace {
  return {
    version: "1.5",
    name: "made up",
    system: "Loom",
    systemVersion: null,
    author: null,
    began: { naive: 0, offset: 0 },
    makespan: null,
    tasks,
    machines: [],
    unknownLinks: 0,
    remarks: [],
    ...given,
  };
}

/** A flat trace (before version 1.5) of some tasks, each of which runs for 10 s if not told else. */
export function flatTrace(
  tasks: Record<string, unknown>[],
  workflow: Record<string, unknown> = {},
): string {
  return JSON.stringify({
    name: "flat",
    schemaVersion: "1.4",
    workflow: {
      executedAt: "2024-05-07T09:30:00Z",
      ...workflow,
      tasks: tasks.map((given, place) => ({ name: `t${place}`, runtimeInSeconds: 10, ...given })),
    },
  });
}

/** A trace of version 1.5: the graph, and what is told of its execution. */
export function splitTrace(
  graph: Record<string, unknown>[],
  executed: Record<string, unknown>[],
  execution: Record<string, unknown> = {},
  files: Record<string, unknown>[] = [],
): string {
  return JSON.stringify({
    name: "split",
    schemaVersion: "1.5",
    workflow: {
      specification: { tasks: graph, files },
      execution: { executedAt: "2024-05-07T09:30:00Z", ...execution, tasks: executed },
    },
  });
}
