import type { Liveness } from "../figures/liveness.ts";
import { type Order, ordered, parseOrder } from "../figures/sort.ts";

/** A line of the list of workflows. Times naive ms, durations ms. */
export interface WorkflowLine extends Liveness {
  /** What its pages are named by, where that is not its id: a database before has the same id. */
  key?: string;
  runId: string;
  name: string;
  version: string | null;
  user: string | null;
  host: string | null;
  began: number | null;
  completed: number | null;
  duration: number | null;
  tasksCompleted: number | null;
  /** Tasks that failed for good; by Parsl's own count where the run has not been read. */
  tasksFailed: number | null;
  /** Tasks that were not run because a dependency failed; null where the run has not been read. */
  tasksNotRun: number | null;
  /** Tasks so far, for a run that has not ended; null where it was not counted. */
  tasks: number | null;
  database: string;
}

/** The front page. */
export interface WorkflowsView {
  /** The lines of this page. */
  workflows: WorkflowLine[];
  /** How many there are in all, and how many the search leaves. */
  known: number;
  total: number;
  order: Order;
  search: string;
  page: number;
  pages: number;
  databases: string[];
  /** Why the runs of some of them are missing, or may be more: a sentence for each. */
  problems: string[];
}

export const WORKFLOW_KEYS = [
  "name",
  "status",
  "version",
  "user",
  "host",
  "began",
  "duration",
  "tasksCompleted",
  "tasksFailed",
  "tasksNotRun",
  "database",
] as const;
type WorkflowKey = typeof WORKFLOW_KEYS[number];

/** The page of the list that URL parameters ask for: `q`, `sort`, `order`, `page`. */
export function workflowsView(
  lines: WorkflowLine[],
  databases: string[],
  params: URLSearchParams,
  perPage = 100,
  problems: string[] = [],
): WorkflowsView {
  const order = parseOrder(params, WORKFLOW_KEYS, { sort: "began", descending: true });
  const search = (params.get("q") ?? "").trim();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = lines.filter((w) => {
    const text = [w.name, w.version, w.user, w.host, w.status, w.runId, w.database]
      .join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const pages = Math.max(1, Math.ceil(found.length / perPage));
  const page = Math.min(Math.max(1, Math.floor(Number(params.get("page"))) || 1), pages);
  const key = order.sort as WorkflowKey;
  return {
    workflows: ordered(found, (w) => w[key], order.descending)
      .slice((page - 1) * perPage, page * perPage),
    known: lines.length,
    total: found.length,
    order,
    search,
    page,
    pages,
    databases,
    problems,
  };
}
