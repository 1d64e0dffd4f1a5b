import type { Related } from "../model/tasks/related.ts";
import { runPath, taskPath } from "./run_header.tsx";

/** The address of the table of all tasks that are connected with one. */
export function relatedPath(runId: string, { relation, taskId }: Related): string {
  return `${runPath(runId)}/task/?${relation}=${taskId}`;
}

/**
 * Says that a table has only the tasks that are connected with one.
 *
 * @param all the address of the same table with all tasks
 */
export function RelatedNote(
  { related: { relation, taskId }, runId, all }: { related: Related; runId: string; all: string },
) {
  const task = <a href={taskPath(runId, taskId)}>task {taskId}</a>;
  return (
    <p class="soft">
      {relation === "dependencies_of"
        ? <>Tasks that {task} depends on</>
        : relation === "dependents_of"
        ? <>Tasks that depend on {task}</>
        : <>Tasks that {task} joined</>} · <a href={all}>all tasks</a>
    </p>
  );
}
