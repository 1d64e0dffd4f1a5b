import { Run } from "../../model/run/run.ts";
import { rows, seeded, shuffled, status, T0, taskRow, tryRow, workflowRow } from "./synthetic.ts";

/** A run with a DAG, and its dependencies as whoever made it knows them. */
export interface RandomDag {
  run: Run;
  /** Task ids, ascending. */
  ids: number[];
  /** Distinct known dependencies of each task, by id; of a join also what it joins. */
  deps: Map<number, number[]>;
  /** The other way round. */
  users: Map<number, number[]>;
}

const STATES = ["pending", "running", "exec_done", "failed", "memo_done"];

/**
 * A run of `count` tasks with gaps between their ids, whose rows may come in any order. Unless it is
 * acyclic, dependencies may be on any task, the task itself and tasks that are not there.
 *
 * @param joins whether some tasks are joins, whose newest try joins any tasks
 */
export function randomDag(
  seed: number,
  count: number,
  acyclic: boolean,
  joins = false,
): RandomDag {
  const random = seeded(seed);
  const below = (top: number) => Math.floor(random() * top);
  const gap = 1 + below(3);
  const apps = 1 + below(5);
  const reach = 1 + below(count);
  const density = random() * 2.5;
  const run = new Run(workflowRow());
  const taskRows = Array.from({ length: count }, (_, i) => {
    const depends = Array.from(
      { length: below(density * 2 + 1) },
      () => acyclic ? Math.max(-1, i - 1 - below(reach)) * gap : (below(count + 4) - 2) * gap,
    );
    return taskRow(i * gap, { app: `app${below(apps)}`, depends: depends.join(",") });
  });
  const joined = new Map(
    joins
      ? taskRows.filter(() => random() < 0.3).map(({ taskId }) => [
        taskId,
        Array.from({ length: 1 + below(3) }, () => (below(count + 4) - 2) * gap),
      ])
      : [],
  );
  run.fold(rows({
    tasks: random() < 0.5 ? taskRows : shuffled(taskRows, random),
    tries: taskRows.map(({ taskId }) =>
      tryRow(taskId, 0, { hostname: `node${below(4)}`, launched: T0, running: T0 + below(5000) })
    ),
    statuses: taskRows.map(({ taskId }) => status(taskId, STATES[below(STATES.length)], 10)),
  }));
  const ids = taskRows.map(({ taskId }) => taskId);
  const deps = new Map<number, number[]>(ids.map((id) => [id, []]));
  const users = new Map<number, number[]>(ids.map((id) => [id, []]));
  for (const [taskId, list] of joined) {
    const [first] = taskRows;
    run.fold(rows({
      tries: shuffled([
        tryRow(taskId, 1, { joins: list.join(",") }),
        tryRow(taskId, 0, { joins: String(first.taskId) }),
      ], random),
    }));
  }
  for (const { taskId, depends } of taskRows) {
    const needs = (depends ?? "").split(",").filter(Boolean).map(Number);
    for (const dep of new Set([...needs, ...joined.get(taskId) ?? []])) {
      if (dep === taskId || !deps.has(dep)) continue;
      deps.get(taskId)!.push(dep);
      users.get(dep)!.push(taskId);
    }
  }
  return { run, ids, deps, users };
}

/** All that can be reached from a task, itself left out: by trying every link until none is new. */
export function closure(from: number, next: Map<number, number[]>): Set<number> {
  const found = new Set<number>();
  for (let size = -1; size < found.size;) {
    size = found.size;
    for (const at of [from, ...found]) for (const other of next.get(at)!) found.add(other);
  }
  found.delete(from);
  return found;
}

/** Edges between nodes, counted one dependency at a time, as sorted lines of text. */
export function bruteEdges(
  links: Iterable<[number, number]>,
  nodeOf: (task: number) => string,
): string[] {
  const pairs = new Map<string, [number, number][]>();
  for (const [from, to] of links) {
    if (nodeOf(from) === nodeOf(to)) continue;
    const key = `${nodeOf(from)} ${nodeOf(to)}`;
    pairs.set(key, [...(pairs.get(key) ?? []), [from, to]]);
  }
  const most = (list: number[]) => Math.max(...list.map((x) => list.filter((y) => y === x).length));
  return [...pairs].map(([key, list]) => {
    const spreads = most(list.map(([from]) => from)) > 1;
    const gathers = most(list.map(([, to]) => to)) > 1;
    const kind = spreads ? gathers ? "m:n" : "1:n" : gathers ? "n:1" : "1:1";
    return `${key} ${list.length} ${kind}`;
  }).sort();
}

/** Edges of a view as {@link bruteEdges} gives them. */
export function drawnEdges(
  edges: { from: string; to: string; count: number; kind: string }[],
): string[] {
  return edges.map(({ from, to, count, kind }) => `${from} ${to} ${count} ${kind}`).sort();
}
