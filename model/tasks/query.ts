import type { SortKey } from "./columns.ts";
import type { Related } from "./related.ts";

/** What the task table is asked for. */
export interface TaskQuery {
  sort: SortKey;
  descending: boolean;
  /** Words that all must be found of a task; see `search_terms.ts`. */
  search: string;
  state: string;
  /** Null for those of all apps. */
  app: string | null;
  /** Only tasks that are connected with one. */
  related: Related | null;
  /** Only tasks that are counted under this cause of failures. */
  cause?: string;
  page: number;
  perPage: number;
}
