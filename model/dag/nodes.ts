/** What a graph is drawn of. */
export const DAG_NODES = ["tasks", "groups"] as const;
export type DagNodes = typeof DAG_NODES[number];

/** What a URL asks for; undefined for whatever reads best. */
export function dagNodes(text: string | null): DagNodes | undefined {
  return DAG_NODES.find((nodes) => nodes === text);
}

/** Up to this many tasks can be drawn one by one. */
export const MOST_TASKS = 300;

/** Stands, where the tasks of a group are asked for, for all tasks. */
export const ALL_TASKS = "*";
