import { DatabaseSync } from "node:sqlite";
import type { Run } from "../../model/run/run.ts";

/** What each join of a run waits for, by its id, as the run tells it. */
export function joinsOf(run: Run): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const task of run.tasksById()) {
    const joined = [...run.joins.of(task)];
    if (joined.length > 0) found.set(run.taskId.data[task], joined);
  }
  return found;
}

/** The same as a database has it: of each task the last try that names any. */
export function recordedJoins(path: string, runId: string): Map<number, number[]> {
  const connection = new DatabaseSync(path, { readOnly: true });
  try {
    const tries = connection.prepare(
      "SELECT task_id, task_joins FROM try WHERE run_id = ? AND task_joins <> ''" +
        " ORDER BY task_id, try_id",
    ).all(runId);
    return new Map(
      tries.map((row) => [Number(row.task_id), String(row.task_joins).split(",").map(Number)]),
    );
  } finally {
    connection.close();
  }
}
