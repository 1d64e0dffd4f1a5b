import type { Liveness } from "./liveness.ts";

/** A line of the list of workflows. Times naive ms, durations ms. */
export interface WorkflowLine extends Liveness {
  runId: string;
  name: string;
  version: string | null;
  user: string | null;
  host: string | null;
  began: number | null;
  completed: number | null;
  duration: number | null;
  tasksCompleted: number;
  tasksFailed: number;
  /** Tasks so far, for a run that has not ended; null where it was not counted. */
  tasks: number | null;
  database: string;
}

/** The front page. */
export interface WorkflowsView {
  workflows: WorkflowLine[];
  databases: string[];
}
