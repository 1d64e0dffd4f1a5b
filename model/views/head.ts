/** What stands at the top of every page of a run. */
import { type Count, failedOf, finishedTasks, stateCounts } from "../figures/figures.ts";
import { liveness, newestTime } from "../figures/liveness.ts";
import { runName } from "../figures/run_name.ts";
import { runDuration } from "../figures/try_times.ts";
import type { Run } from "../run/run.ts";

/** What every page of a run says at its top. Times naive ms, durations ms. */
export interface RunHead {
  /** What pages and questions name the run by. */
  runId: string;
  /** Its id in the database, where another database has a run of the same id, too. */
  recordedId?: string;
  /** Why what is shown may not be all that there is to know, in a sentence. */
  problem?: string;
  name: string;
  version: string | null;
  status: "running" | "completed" | "failed" | "lost";
  /** Since the newest row, ms; null for a run that ended. */
  silence: number | null;
  began: number | null;
  completed: number | null;
  /** Null where the clock that tells it was set back meanwhile. */
  duration: number | null;
  host: string | null;
  user: string | null;
  rundir: string | null;
  tasks: number;
  finished: number;
  /** Tasks that failed for good, and tasks that were not run because a dependency failed. */
  failed: number;
  notRun: number;
  states: Count[];
}

/** The head of a run's pages. `now` is the submit host's naive clock in ms. */
export function runHead(run: Run, now: number): RunHead {
  const w = run.workflow;
  const states = stateCounts(run);
  const { failed, notRun } = failedOf(states);
  return {
    runId: run.runId,
    name: runName(w),
    version: w.version,
    ...liveness(w.completed, failed + notRun, newestTime(run), now),
    began: w.began,
    completed: w.completed,
    duration: runDuration(run),
    host: w.host,
    user: w.user,
    rundir: w.rundir,
    tasks: run.tasks,
    finished: finishedTasks(run),
    failed,
    notRun,
    states,
  };
}
