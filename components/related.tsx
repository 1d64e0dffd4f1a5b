import type { ComponentChildren } from "preact";
import type { Related, Relation } from "../model/tasks/related.ts";
import { runPath, taskPath } from "./run_header.tsx";

/** The address of the table of all tasks that are connected with one. */
export function relatedPath(runId: string, { relation, taskId }: Related): string {
  return `${runPath(runId)}/task/?${relation}=${taskId}`;
}

const WORDS: Record<Relation, (task: ComponentChildren) => ComponentChildren> = {
  dependencies_of: (task) => <>Tasks that {task} depends on</>,
  dependents_of: (task) => <>Tasks that depend on {task}</>,
  joined_by: (task) => <>Tasks that {task} joined</>,
};

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
      {WORDS[relation](task)} · <a href={all}>all tasks</a>
    </p>
  );
}
