/** The list of workflows, which is the front page. */
import { orderedBy } from "../table/column.ts";
import { type Order, parseOrder } from "../table/order.ts";
import { WORKFLOW_COLUMNS, WORKFLOW_KEYS, type WorkflowLine } from "./workflow_columns.ts";

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
  return {
    workflows: orderedBy(WORKFLOW_COLUMNS, found, order)
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
