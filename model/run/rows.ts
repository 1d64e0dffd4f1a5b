/**
 * Rows of a Parsl monitoring database as the model sees them.
 *
 * Times are milliseconds since 1970 of the submit host's naive local clock, read as if it were UTC:
 * they are compared with each other and shown as they are, never shifted by a zone. `null` is
 * unknown: a column that this generation of the schema lacks, or a NULL.
 */

import type { GpuSampleRow, NodeSampleRow, TotalsRow } from "./own_rows.ts";
import type { SampleRow } from "./resource_row.ts";
import type { SampleState } from "./sample_state.ts";

/** One run of one workflow: table `workflow`. */
export interface WorkflowRow {
  runId: string;
  name: string | null;
  version: string | null;
  began: number | null;
  completed: number | null;
  host: string | null;
  user: string | null;
  rundir: string | null;
  tasksFailed: number | null;
  tasksCompleted: number | null;
}

/** What the model folds of a task: table `task` without its long texts. */
export interface TaskRow {
  taskId: number;
  app: string;
  /** Comma-joined task ids; "" when the task depends on none. */
  depends: string | null;
  invoked: number | null;
  returned: number | null;
  failCost: number | null;
  memoize: boolean | null;
}

/** The long texts of a task, read one task at a time. */
export interface TaskText {
  hashsum: string | null;
  inputs: string | null;
  outputs: string | null;
  stdin: string | null;
  stdout: string | null;
  stderr: string | null;
}

/** One attempt at a task: table `try`. */
export interface TryRow {
  taskId: number;
  tryId: number;
  blockId: string | null;
  hostname: string | null;
  executor: string | null;
  launched: number | null;
  running: number | null;
  returned: number | null;
  /** Python's repr of the exceptions so far, or a traceback; "" or null when none. */
  failHistory: string | null;
  /** Comma-joined ids of the tasks that a join waits for. */
  joins: string | null;
}

/** One change of state: table `status`. */
export interface StatusRow {
  taskId: number;
  tryId: number;
  state: string;
  time: number;
}

/** One report about a manager: table `node`. Memory in bytes. */
export interface NodeRow {
  hostname: string | null;
  uid: string | null;
  blockId: string | null;
  cpuCount: number | null;
  totalMemory: number | null;
  active: boolean | null;
  workerCount: number | null;
  pythonVersion: string | null;
  time: number | null;
}

/** One change of a block: table `block`. */
export interface BlockRow {
  executor: string | null;
  blockId: string | null;
  jobId: string | null;
  time: number | null;
  status: string | null;
}

/** Rows of each table that has many of a run, in the order in which the database holds them; see `store/readers.ts`. */
export interface RowLists {
  tasks: TaskRow[];
  tries: TryRow[];
  statuses: StatusRow[];
  resources: SampleRow[];
  nodes: NodeRow[];
  blocks: BlockRow[];
  totals: TotalsRow[];
  nodeSamples: NodeSampleRow[];
  gpuSamples: GpuSampleRow[];
}

/** Some rows of one run. */
export interface RunRows extends RowLists {
  workflow: WorkflowRow | null;
  /** What all samples told, of a run that comes without them. */
  samples?: SampleState;
}

/** A batch without rows. */
export function emptyRows(): RunRows {
  return { workflow: null, ...emptyLists() };
}

function emptyLists(): RowLists {
  return {
    ...{ tasks: [], tries: [], statuses: [], resources: [], nodes: [], blocks: [] },
    ...{ totals: [], nodeSamples: [], gpuSamples: [] },
  };
}

const LISTS = Object.keys(emptyLists()) as (keyof RowLists)[];

/** How many rows of tables there are in a batch, that of `workflow` not counted. */
export function countRows(rows: Readonly<Record<keyof RowLists, readonly unknown[]>>): number {
  return LISTS.reduce((sum, list) => sum + rows[list].length, 0);
}
