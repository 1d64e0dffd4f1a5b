import type { Catalog } from "../runs/catalog.ts";

/** What pages of runs take of what every request carries (`state.ts`), and what they leave there. */
export interface PageState {
  catalog: Catalog;
  /** There where the pages are those of a report. */
  report?: object;
  /** Seconds after which a browser without scripts asks for the page again. */
  refresh?: number;
}
