import type { Run } from "../run/run.ts";

/** How tasks are connected with one: it depends on them, they depend on it, or it joined them. */
export type Relation = "dependencies_of" | "dependents_of" | "joined_by";

/** The tasks that are connected with one, given by its id, in one way. */
export interface Related {
  relation: Relation;
  taskId: number;
}

export const RELATIONS: readonly Relation[] = ["dependencies_of", "dependents_of", "joined_by"];

/** The tasks that URL parameters ask for, as `dependencies_of=17`; null for all. */
export function parseRelated(params: URLSearchParams): Related | null {
  for (const relation of RELATIONS) {
    const text = params.get(relation) ?? "";
    if (/^\d{1,15}$/.test(text)) return { relation, taskId: Number(text) };
  }
  return null;
}

/**
 * 1 for each task of the run that is connected with one. Of a join it is the tasks that its newest
 * try joined. Ids without a task are of none.
 */
export function relatedMarks(run: Run, { relation, taskId }: Related): Uint8Array {
  const marks = new Uint8Array(run.tasks);
  const task = run.indexOf(taskId);
  if (relation === "dependents_of") {
    const { data } = run.depIds;
    for (let other = 0; other < run.tasks; other++) {
      const end = run.depStart.data[other] + run.depCount.data[other];
      for (let i = run.depStart.data[other]; i < end; i++) if (data[i] === taskId) marks[other] = 1;
    }
  } else if (task !== undefined) {
    const ids = relation === "joined_by" ? run.joins.of(task) : run.dependenciesOf(task);
    for (const id of ids) {
      const other = run.indexOf(id);
      if (other !== undefined) marks[other] = 1;
    }
  }
  return marks;
}
