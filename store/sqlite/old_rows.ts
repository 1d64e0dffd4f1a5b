/** What files of before August 2020 tell of tries, from their tables `task` and `status`. */
import type { Connection } from "./connection.ts";
import type { RunRows } from "../../model/run/rows.ts";
import { type OldStatus, type OldTask, type OldTries, oldTries } from "../old_tries.ts";
import { completeRows } from "../old_rows.ts";
import { oldStatusRows, oldTaskRows } from "../task_readers.ts";
import { rowOf } from "../value_row.ts";
import { runOffset } from "../zone_offset.ts";
import { all } from "./query.ts";
import type { Schema } from "./schema.ts";

/** Tasks that one query names. */
const MOST_NAMED = 500;
/** Tasks by which the zone is told. */
const ZONE_TASKS = 100;

/** Tells of which tries rows are, and adds the tries. See `completeRows`. */
export function numberRows(
  connection: Connection,
  schema: Schema,
  runId: string,
  offset: number,
  rows: RunRows,
): void {
  const ids = new Set<number>();
  for (const list of [rows.tasks, rows.statuses, rows.resources]) {
    for (const { taskId } of list) ids.add(taskId);
  }
  const tries = triesOf(connection, schema, runId, offset, [...ids]);
  completeRows(rows, (taskId) => tries.get(taskId) ?? null, schema.lacksInvoked);
}

/** The tries of some tasks, by the tasks' ids. */
export function triesOf(
  connection: Connection,
  schema: Schema,
  runId: string,
  offset: number,
  ids: readonly number[],
): Map<number, OldTries> {
  const tasks = new Map<number, OldTask>();
  const statuses = new Map<number, OldStatus[]>();
  for (let from = 0; from < ids.length; from += MOST_NAMED) {
    const some = ids.slice(from, from + MOST_NAMED);
    if (schema.hasTriesInTasks && schema.has("task")) {
      const named = `task_id IN (${schema.ids("task", "task_id", some)}) AND run_id = ?`;
      for (const v of all(connection, `${schema.select(oldTaskRows)} WHERE ${named}`, runId)) {
        const task = oldTaskRows.read(rowOf(v, offset));
        if (task) tasks.set(task.taskId, task);
      }
    }
    if (!schema.has("status")) continue;
    const named = `task_id IN (${schema.ids("status", "task_id", some)}) AND run_id = ?`;
    for (const v of all(connection, `${schema.select(oldStatusRows)} WHERE ${named}`, runId)) {
      const status = oldStatusRows.read(rowOf(v, offset));
      if (!status) continue;
      const known = statuses.get(status.taskId);
      if (known) known.push(status);
      else statuses.set(status.taskId, [status]);
    }
  }
  return new Map(
    ids.map((id) => [id, oldTries(id, tasks.get(id) ?? null, statuses.get(id) ?? [])]),
  );
}

/** How far a run's naive clock is ahead of UTC, in ms; null when nothing tells. See `runOffset`. */
export function offsetOf(connection: Connection, schema: Schema, runId: string): number | null {
  if (!schema.has("task") || !schema.has("status")) return null;
  const found = all(
    connection,
    `${schema.select(oldTaskRows)} WHERE run_id = ? LIMIT ${ZONE_TASKS}`,
    runId,
  );
  const tasks = found.map((v) => oldTaskRows.read(rowOf(v))).filter((task) => task !== null);
  const ids = schema.ids("status", "task_id", tasks.map(({ taskId }) => taskId));
  const named = `task_id IN (${ids}) AND run_id = ?`;
  const statuses = all(connection, `${schema.select(oldStatusRows)} WHERE ${named}`, runId);
  return runOffset(
    tasks,
    statuses.map((v) => oldStatusRows.read(rowOf(v))).filter((status) => status !== null),
  );
}
