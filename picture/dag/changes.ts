import type { DagView } from "../../model/dag/view.ts";

/** The groups of a view whose tasks are in other states than before, or are more. */
export function changedGroups(before: DagView, after: DagView): string[] {
  const known = new Map(before.nodes.map((node) => [node.id, node]));
  const changed: string[] = [];
  for (const node of after.nodes) {
    if (node.kind !== "group") continue;
    const old = known.get(node.id);
    if (old?.kind !== "group" || !sameTasks(old.states, node.states) || old.count !== node.count) {
      changed.push(node.id);
    }
  }
  return changed;
}

function sameTasks(a: [number, number][], b: [number, number][]): boolean {
  return a.length === b.length && a.every(([state, tasks], at) => {
    const [otherState, otherTasks] = b[at];
    return state === otherState && tasks === otherTasks;
  });
}
