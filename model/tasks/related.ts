import type { Run } from "../run/run.ts";

/** How tasks are connected with one: it depends on them, they depend on it, or it joined them. */
export const RELATIONS = ["dependencies_of", "dependents_of", "joined_by"] as const;
export type Relation = typeof RELATIONS[number];

/** The tasks that are connected with one, given by its id, in one way. */
export interface Related {
  relation: Relation;
  taskId: number;
}

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
  MARKS[relation](run, taskId, marks);
  return marks;
}

const MARKS: Record<Relation, (run: Run, taskId: number, marks: Uint8Array) => void> = {
  dependencies_of: (run, taskId, marks) =>
    markIds(run, marks, taskId, (task) => run.dependenciesOf(task)),
  joined_by: (run, taskId, marks) => markIds(run, marks, taskId, (task) => run.joins.of(task)),
  dependents_of(run, taskId, marks) {
    const { data } = run.depIds;
    for (let other = 0; other < run.tasks; other++) {
      const end = run.depStart.data[other] + run.depCount.data[other];
      for (let i = run.depStart.data[other]; i < end; i++) if (data[i] === taskId) marks[other] = 1;
    }
  },
};

/** Marks the tasks of the ids that a task has, if it is there. */
function markIds(
  run: Run,
  marks: Uint8Array,
  taskId: number,
  idsOf: (task: number) => Iterable<number>,
): void {
  const task = run.indexOf(taskId);
  if (task === undefined) return;
  for (const id of idsOf(task)) {
    const other = run.indexOf(id);
    if (other !== undefined) marks[other] = 1;
  }
}
